"""A second place without an extract or buildings: Amsterdam's bays, roads and road surfaces."""

import geopandas as gpd
import pytest

pytestmark = pytest.mark.shared_data


def test_it_is_in_the_dutch_grid(amsterdam):
    assert (amsterdam.name, amsterdam.crs) == ("amsterdam-houthavens", "EPSG:28992")
    assert amsterdam.timezone == "Europe/Amsterdam"
    assert 0.15e6 < amsterdam.boundary.area < 0.3e6


def test_all_its_bays_are_there_by_their_own_numbers(amsterdam, shared_data):
    drawn = gpd.read_file(shared_data / "amsterdam-houthavens" / "vakken.geojson")
    bays = amsterdam.bays
    assert sorted(bays["bay"]) == sorted(drawn["id"])
    assert bays["capacity"].sum() == 207
    assert bays["kind"].value_counts().to_dict() == {"paid": 180, "disabled": 27}
    assert set(bays["source_kind"]) == {"FISCAAL", "MULDER"}
    assert not bays["is_assumed"].any()


def test_bays_lie_where_they_are_drawn_beside_a_street(amsterdam, shared_data):
    drawn = gpd.read_file(shared_data / "amsterdam-houthavens" / "vakken.geojson")
    drawn = drawn.to_crs(amsterdam.crs).set_index("id").geometry
    lines = amsterdam.bays.set_index("bay").geometry
    assert lines.centroid.distance(drawn.loc[lines.index].centroid).max() < 1.5
    assert lines.length.between(1.5, 15).all()
    street = amsterdam.segments.set_index("segment").loc[amsterdam.bays["segment"]]
    distance_m = amsterdam.bays.geometry.reset_index(drop=True).distance(
        street.geometry.reset_index(drop=True)
    )
    assert distance_m.max() < 15


def test_streets_are_named_after_their_bays(amsterdam):
    names = set(amsterdam.segments["name"].dropna())
    assert {"Silodam", "Zoutkeetsgracht", "Roggeveenstraat", "Van Neckstraat"} <= names


def test_what_is_not_in_the_data_is_assumed_and_says_so(amsterdam):
    for layer in ("buildings", "attractors", "racks", "counters"):
        frame = amsterdam.layers[layer]
        assert len(frame) > 5
        assert frame["is_assumed"].all()
    assert 300 < amsterdam.buildings["dwellings"].sum() < 1_500
    said = "\n".join(amsterdam.notes)
    for what in ("buildings", "destinations", "bicycle stands", "counters", "one-way"):
        assert what in said


def test_surfaces_keep_their_kind_only(amsterdam):
    assert len(amsterdam.surfaces) == 198
    assert {"carriageway", "cycleway", "footway", "parking"} <= set(amsterdam.surfaces["kind"])
    assert list(amsterdam.surfaces.columns) == ["surface", "kind", "geometry"]


def test_its_cells_are_big_enough_and_named(amsterdam):
    parking = amsterdam.cells[amsterdam.cells["domain"] == "parking"]
    assert len(parking) >= 1
    assert (parking["weight"] >= 100).all()
    assert parking["name"].notna().all()


def test_its_sources_and_licences_are_kept(amsterdam):
    licences = {source.layer: source.licence for source in amsterdam.sources}
    assert licences["bays"] == "Mozilla Public License 2.0"
    assert licences["segments"] == "Open Database License (ODbL) 1.0"
