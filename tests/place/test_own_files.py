"""A user's own files: what is kept of them, and how they are refused when they are broken."""

import json

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, MultiLineString, Point, Polygon
from town import SOUTH, WEST, at

from twin.errors import PlaceError
from twin.place import BoundaryFile, LayerFile, PlaceRequest, helsinki, import_place
from twin.place.own_layers import clean_key

pytestmark = pytest.mark.slow


def faults(town, **layers):
    with pytest.raises(PlaceError) as caught:
        import_place(town.request(**layers), cell_rules={})
    assert str(caught.value).startswith("The place 'town' cannot be imported: ")
    return caught.value.faults


def test_a_town_of_streets_alone_can_carry_a_what_if(town):
    city = town.city()
    assert (len(city.segments), len(city.junctions)) == (24, 16)
    assert set(city.segments["name"]) == set(town.names)
    for layer in ("buildings", "attractors", "racks", "counters", "bays"):
        assert len(city.layers[layer]) > 0
        assert city.layers[layer]["is_assumed"].all()
    assert set(city.buildings["use"]) == {"home_stand_in"}
    assert [note for note in city.notes if "no source has buildings" in note]


def test_only_mapped_columns_are_kept(town):
    racks = town.layer(
        "racks",
        [at(50, 2), at(150, 2)],
        columns={"rack": "id", "capacity": "places"},
        id=["a", "b"],
        places=[12, 40],
        owner=["somebody", "somebody else"],
    )
    city = town.city(racks=racks)
    assert city.racks["rack"].tolist() == ["a", "b"]
    assert city.racks["capacity"].tolist() == [12, 40]
    assert not city.racks["is_assumed"].any()
    assert "somebody" not in city.racks.to_json()


def test_things_are_attached_to_the_nearest_street(town):
    city = town.city(racks=town.layer("racks", [at(30, 4)], capacity=[5]))
    street = city.segments.set_index("segment").loc[city.racks["segment"].iloc[0]]
    assert street["name"] == "Row 0"
    assert city.racks["along_m"].iloc[0] == pytest.approx(30)


def test_bays_drawn_as_areas_lie_beside_their_street(town):
    areas = [town.area(20, 4, 25, 6), town.area(60, -6, 62.5, -1)]
    bays = town.layer(
        "bays",
        areas,
        columns={"bay": "id", "kind": "soort"},
        values={"kind": {"FISCAAL": "paid", "E6b": "reserved_plate"}},
        id=["vak 1", "vak 2"],
        soort=["FISCAAL", "E6b"],
    )
    city = town.city(bays=bays)
    assert city.bays["bay"].tolist() == ["vak-1", "vak-2"]
    assert city.bays["side"].tolist() == ["left", "right"]
    assert city.bays["kind"].tolist() == ["paid", "disabled"]
    assert city.bays["source_kind"].tolist() == ["FISCAAL", "E6b"]
    assert city.bays["capacity"].tolist() == [1, 1]
    along, across = city.bays.geometry
    assert [tuple(np.round(point, 3)) for point in along.coords] == [
        (WEST + 20, SOUTH + 5),
        (WEST + 25, SOUTH + 5),
    ]
    assert across.length == pytest.approx(2.5)
    assert across.centroid.distance(areas[1].centroid) == pytest.approx(0, abs=0.01)


def test_bays_name_the_street_they_say_they_lie_on(town):
    streets = town.streets(name=[None] * 8)
    bays = town.layer("bays", [at(30, 4), at(40, 4), at(35, -4)], street=["Kade", "Kade", "Plein"])
    city = town.city(streets=streets, bays=bays)
    named = city.segments[city.segments["name"].notna()]
    assert named["name"].tolist() == ["Kade"]
    assert named["names"].tolist() == [["Kade"]]


def test_own_streets_say_their_direction_class_speed_and_width(town):
    streets = town.streets(
        highway=["primary"] + ["residential"] * 7,
        oneway=["yes"] + ["no"] * 7,
        speed_kmh=[50] + [30] * 7,
        width_m=[12.0] + [6.0] * 7,
    )
    city = town.city(streets=streets)
    first = city.segments[city.segments["name"] == "Row 0"]
    assert not first["car_backward"].any()
    assert set(first["highway"]) == {"primary"}
    assert set(first["width_m"]) == {12.0}
    assert not city.segments["is_assumed"].any()


def test_streets_in_several_parts_are_one_street(town):
    parts = MultiLineString(town.lines[:4])
    path = town.write("parts", [parts, *town.lines[4:]], naam=["Parts", "A", "B", "C", "D"])
    city = town.city(streets=LayerFile(path=path, columns={"name": "naam"}))
    assert len(city.segments) == 23  # the corner between two parts is no junction
    assert city.segments["length_m"].sum() == 2_400


BLOCKS = (24.940, 60.1660, 24.947, 60.1690)


def some_blocks(**layers):
    """A part of the default extract, with layers of one's own."""
    osm = helsinki().osm
    return import_place(
        PlaceRequest(name="h", title="H", osm=osm, bounding_box=BLOCKS, layers=layers),
        cell_rules={},
    )


@pytest.fixture(scope="module")
def blocks():
    return some_blocks()


def test_only_a_part_of_an_extract_is_read(blocks, helsinki):
    assert 100 < len(blocks.segments) < 0.4 * len(helsinki.segments)
    assert set(blocks.racks["rack"]) < set(helsinki.racks["rack"])


@pytest.mark.parametrize(("mode", "kept"), [("add", True), ("replace", False)])
def test_own_layers_add_to_the_extract_or_replace_it(town, blocks, mode, kept):
    x, y = blocks.segments.geometry.iloc[0].coords[0]
    rack = town.layer("rack", [Point(x, y)], crs=blocks.crs, rack=["mine"], capacity=[8], mode=mode)
    racks = set(some_blocks(racks=rack).racks["rack"])
    assert racks == ({"mine"} | (set(blocks.racks["rack"]) if kept else set()))


def test_own_streets_join_those_of_the_extract(town, blocks):
    x, y = blocks.segments.geometry.iloc[0].coords[0]
    inward = 1 if blocks.boundary.centroid.x > x else -1
    path = town.write(
        "short",
        [LineString([(x, y), (x + 30 * inward, y + 3)])],
        crs=blocks.crs,
        name=["Oikotie"],
        highway=["footway"],
    )
    own = LayerFile(
        path=path, columns={"name": "name", "highway": "highway"}, mode="add", title="Mine"
    )
    city = some_blocks(streets=own)
    assert "Oikotie" in set(city.segments["name"].dropna())
    assert len(city.segments) > len(blocks.segments)
    titles = {source.title for source in city.sources if source.layer == "segments"}
    assert titles == {"OpenStreetMap", "Mine"}


def test_dwellings_per_area_are_shared_out_by_floor_area(town):
    buildings = town.layer(
        "buildings",
        [town.area(10, 10, 30, 30), town.area(40, 10, 80, 30), town.area(110, 10, 130, 30)],
        use=["residential"] * 3,
        floors=[3, 3, 3],
        dwellings=[1, 1, 7],
    )
    counted = town.layer("areas", [town.area(0, 0, 100, 100)], dwellings=[30])
    city = town.city(buildings=buildings, dwellings=counted)
    assert city.buildings["dwellings"].tolist() == [10, 20, 7]
    assert city.buildings["is_assumed"].tolist() == [True, True, False]


def test_dwellings_at_points_go_to_the_building_there(town):
    buildings = town.layer(
        "buildings",
        [town.area(10, 10, 30, 30), town.area(40, 10, 80, 30)],
        use=["residential", "office"],
        height_m=[9.6, 9.6],
        dwellings=[0, 0],
    )
    doors = town.layer("doors", [at(20, 9), at(21, 9), at(250, 250)], dwellings=[4, 3, 5])
    city = town.city(buildings=buildings, dwellings=doors)
    assert city.buildings["dwellings"].tolist() == [7, 0]
    assert "5 counted dwellings lie where no building is" in city.notes


def test_dwellings_without_buildings_go_to_stand_ins_along_the_streets(town):
    counted = town.layer("areas", [town.area(-20, -20, 320, 320)], dwellings=[777])
    city = town.city(dwellings=counted)
    assert city.buildings["dwellings"].sum() == 777
    assert city.buildings["is_assumed"].all()


def test_rows_outside_the_place_are_counted_and_left_out(town):
    racks = town.layer("racks", [at(50, 2), at(5_000, 2)], capacity=[5, 5])
    city = town.city(racks=racks)
    assert len(city.racks) == 1
    assert "racks.gpkg (racks): 1 of 2 rows lie outside the place" in city.notes
    far = town.layer("far", [at(9_000, 0)], capacity=[5])
    assert faults(town, racks=far) == ["far.gpkg (racks): none of its 1 rows lies within the place"]


def test_a_boundary_is_an_area_of_a_file_or_drawn_around_it(town):
    path = town.write("areas", [town.area(0, 0, 210, 210), town.area(0, 0, 9, 9)], code=["a", "b"])
    request = town.request()
    boundary = BoundaryFile(path=path, where={"code": ("a",)}, buffer_m=5)
    city = import_place(
        PlaceRequest(name="t", title="T", layers=request.layers, boundary=boundary), cell_rules={}
    )
    assert city.boundary.area == pytest.approx(220**2, rel=0.01)
    doors = town.write("doors", [at(0, 0), at(210, 0), at(0, 210), at(210, 210)])
    drawn = BoundaryFile(path=doors, is_hull=True)
    city = import_place(
        PlaceRequest(name="t", title="T", layers=request.layers, boundary=drawn), cell_rules={}
    )
    assert city.boundary.area == pytest.approx(210**2)


def test_every_fault_of_every_file_is_in_one_message(town, bowtie):
    (town.folder / "noise.geojson").write_text("this is no map", encoding="utf-8")
    no_crs = town.folder / "no-crs.csv"
    no_crs.write_text("id,places\n1,2\n", encoding="utf-8")
    found = faults(
        town,
        bays=town.layer(
            "bays",
            [at(1, 1), at(2, 2), at(3, 3)],
            columns={"bay": "id", "capacity": "aantal", "kind": "soort", "price": "x"},
            id=["a", "a", None],
            aantal=["2", "many", "-1"],
            soort=["paid", "gratis", "paid"],
        ),
        racks=LayerFile(path=no_crs),
        counters=LayerFile(path=town.folder / "missing.gpkg"),
        attractors=LayerFile(path=town.folder / "noise.geojson"),
        surfaces=town.layer("surfaces", [bowtie], kind=["x"]),
        addresses=town.layer("addresses", [town.lines[0]], columns={"street": "straat"}, x=[1]),
        dwellings=town.layer("dwellings", [at(1, 1)], columns={}, x=[1]),
        trees=town.layer("trees", [at(1, 1)]),
    )
    said = "\n".join(found)
    for part in (
        "'trees' is no layer of one's own; allowed: streets, bays",
        "bays.gpkg (bays): 'price' is no column of bays; allowed: bay, capacity, kind",
        "no-crs.csv (racks): has no geometry",
        "missing.gpkg (counters): there is no such file",
        "noise.geojson (attractors): cannot be read: ",
        "surfaces.gpkg (surfaces): 1 row (1) with a geometry that is not valid (Self-intersection",
        "addresses.gpkg (addresses): has no column 'straat'; it has x",
        "dwellings.gpkg (dwellings): needs dwellings=<a column of the file>",
    ):
        assert part in said


def test_values_and_names_are_checked_row_by_row(town):
    bays = town.layer(
        "bays",
        [at(1, 1), at(2, 2), at(3, 3), at(4, 4)],
        columns={"bay": "id", "capacity": "aantal", "kind": "soort", "price_eur_h": "prijs"},
        id=["a", "a", None, "b"],
        aantal=["2", "many", "-1", "2.5"],
        soort=["paid", "gratis", "paid", None],
        prijs=[1.0, None, 99999.0, 2.0],
    )
    assert faults(town, bays=bays) == [
        "bays.gpkg (bays): column 'aantal' must be a whole number from 1 to 10000"
        " (row 2: 'many', row 3: '-1', row 4: '2.5')",
        "bays.gpkg (bays): column 'soort' has 'gratis', which is no kind; map it to one of"
        " charging, disabled, loading, paid, permit, public, shared_car, short_stay",
        "bays.gpkg (bays): column 'prijs' must be a number from 0 to 1000 (row 3: 99999.0)",
        "bays.gpkg (bays): 1 row (3) without a name (bay)",
        "bays.gpkg (bays): more than one row is called 'a'",
    ]


def test_geometries_are_checked(town):
    path = town.folder / "holes.geojson"
    features = [
        {"type": "Feature", "properties": {}, "geometry": None},
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": [[4.9, 52.37], [4.91, 52.37]]},
        },
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection), encoding="utf-8")
    assert faults(town, counters=LayerFile(path=path)) == [
        "holes.geojson (counters): 1 row (1) without a geometry",
        "holes.geojson (counters): has LineString; allowed: Point, MultiPoint",
    ]
    nan = town.folder / "nan.parquet"
    points = [Point(float("nan"), 1), at(1, 1)]
    gpd.GeoDataFrame({"x": [1, 2]}, geometry=points, crs="EPSG:28992").to_parquet(nan)
    [fault] = faults(town, counters=LayerFile(path=nan))
    assert fault.startswith("nan.parquet (counters): 1 row (1) with")
    degrees = town.write("degrees", [at(1, 1)], crs="EPSG:4326")
    assert faults(town, counters=LayerFile(path=degrees)) == [
        "degrees.gpkg (counters): has coordinates that do not fit its CRS (EPSG:4326)"
    ]


def test_empty_files_and_files_without_a_crs_are_refused(town):
    empty = town.folder / "empty.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    bare = town.folder / "bare.parquet"
    gpd.GeoDataFrame({"x": [1]}, geometry=[at(1, 1)]).to_parquet(bare)
    assert faults(town, racks=LayerFile(path=empty), counters=LayerFile(path=bare)) == [
        "empty.geojson (racks): is empty",
        "bare.parquet (counters): does not say its coordinate reference system (CRS)",
    ]


def test_a_request_is_checked_as_a_whole(town, tmp_path):
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"\x00\x00\x00\x0dno extract at all")
    areas = town.write("areas", [town.area(0, 0, 9, 9), town.area(50, 50, 59, 59)], code=["a", "b"])
    request = PlaceRequest(
        name="My Town",
        title="T",
        timezone="Mars/Olympus",
        crs="EPSG:4326",
        osm=broken,
        boundary=BoundaryFile(path=areas, where={"code": ("a", "z")}),
    )
    with pytest.raises(PlaceError) as caught:
        import_place(request, cell_rules={})
    said = "\n".join(caught.value.faults)
    for part in (
        "name 'My Town': use small letters",
        "time zone 'Mars/Olympus' is not known",
        "CRS 'EPSG:4326' is not in metres",
        "areas.gpkg (boundary): no row has code 'z'",
        "broken.osm.pbf (osm): cannot be read as .osm.pbf: ",
    ):
        assert part in said
    nothing = PlaceRequest(name="t", title="T")
    with pytest.raises(PlaceError, match="there are no streets: give an OpenStreetMap extract"):
        import_place(nothing, cell_rules={})
    apart = BoundaryFile(path=areas)
    with pytest.raises(PlaceError, match="its areas do not touch one another"):
        import_place(
            PlaceRequest(name="t", title="T", layers=town.request().layers, boundary=apart),
            cell_rules={},
        )


def test_keys_hold_what_a_device_name_may_hold():
    assert clean_key("Vak 12/a (noord)") == "Vak-12-a-noord"
    assert clean_key("///") == "x"
    assert len(clean_key("a" * 99)) == 40


def test_an_area_may_have_holes_and_parts(town):
    ring = Polygon(town.area(0, 0, 90, 90).exterior, [town.area(20, 20, 50, 50).exterior])
    city = town.city(surfaces=town.layer("surfaces", [ring], kind=["square"]))
    assert city.surfaces.geometry.iloc[0].area == pytest.approx(90**2 - 30**2)
