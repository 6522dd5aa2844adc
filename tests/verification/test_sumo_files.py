"""What SUMO gets is the same neighbourhood: no street, no space and no trip is lost on the way."""

import xml.etree.ElementTree as ET

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString

from benchmarks import sumo
from benchmarks.sumo_files import parking_areas, write_streets, write_trips
from benchmarks.sumo_roads import roads


def streets():
    """Return a-b-c-d in a row, the last one drawn backwards, and a one-way street from c to e."""
    rows = [
        ("ab", "a", "b", True, True, [(0, 0), (100, 0)]),
        ("bc", "b", "c", True, True, [(100, 0), (150, 0)]),
        ("dc", "d", "c", True, True, [(250, 0), (150, 0)]),
        ("ce", "c", "e", True, False, [(150, 0), (150, 80)]),
    ]
    names = ["segment", "from_junction", "to_junction", "car_forward", "car_backward", "geometry"]
    frame = pd.DataFrame(rows, columns=names)
    return gpd.GeoDataFrame(
        frame.assign(
            geometry=[LineString(each) for each in frame["geometry"]],
            speed_kmh=30.0,
            highway="residential",
        )
    )


def junctions():
    at = {"a": (0, 0), "b": (100, 0), "c": (150, 0), "d": (250, 0), "e": (150, 80)}
    x, y = zip(*at.values(), strict=True)
    return gpd.GeoDataFrame({"junction": list(at)}, geometry=gpd.points_from_xy(x, y))


def elements(path):
    return ET.parse(path).getroot()  # noqa: S314 - we wrote it


def bays(*rows):
    return pd.DataFrame(rows, columns=["bay", "segment", "side", "along_m", "capacity"])


def lanes(found):
    return {edge: line.length for road in found for edge, _, _, line in road.edges()}


def test_segments_without_a_choice_between_them_become_one_road():
    found = roads(streets(), kept=())
    assert sorted(tuple(part.segment for part in road.parts) for road in found) == [
        ("ab", "bc"),
        ("ce",),
        ("dc",),
    ]
    assert sum(road.line.length for road in found) == pytest.approx(330)


def test_junctions_of_trips_stay():
    assert len(roads(streets(), kept={"b"})) == 4


def test_streets_are_as_open_as_they_were(tmp_path):
    found = roads(streets(), kept=())
    write_streets(tmp_path, found, junctions())
    edges = elements(tmp_path / "streets.edg.xml")
    ways = sorted((edge.get("from"), edge.get("to")) for edge in edges)
    assert ways == [("a", "c"), ("c", "a"), ("c", "d"), ("c", "e"), ("d", "c")]
    nodes = elements(tmp_path / "streets.nod.xml")
    assert sorted(node.get("id") for node in nodes) == ["a", "c", "d", "e"]


def test_bays_lie_on_the_side_from_which_they_are_reached():
    found = roads(streets(), kept=())
    areas = parking_areas(
        found,
        bays(
            ("right", "bc", "right", 10.0, 3),
            ("left", "bc", "left", 10.0, 4),
            ("one-way left", "ce", "left", 20.0, 2),
        ),
        lanes(found),
    )
    ends = {edge: (start, end) for road in found for edge, start, end, _ in road.edges()}
    by_bay = {area.bays[0]: area for area in areas}
    along, against = by_bay["right"], by_bay["left"]
    assert {ends[along.edge], ends[against.edge]} == {("a", "c"), ("c", "a")}
    towards_c = along if ends[along.edge] == ("a", "c") else against
    assert towards_c.bays == ("right",)
    assert along.middle == pytest.approx(110 / 150)
    assert against.middle == pytest.approx(40 / 150)
    assert ends[by_bay["one-way left"].edge] == ("c", "e")


def test_small_groups_along_an_edge_are_one_area_and_no_space_is_lost():
    found = roads(streets(), kept=())
    groups = bays(
        ("one", "ab", "right", 10.0, 1),
        ("two", "bc", "right", 10.0, 2),
        ("garage", "bc", "right", 20.0, 250),
    )
    areas = parking_areas(found, groups, lanes(found))
    assert sorted(area.bays for area in areas) == [("garage",), ("one", "two")]
    assert sum(area.capacity for area in areas) == 253


def test_bays_along_a_street_that_a_junction_swallowed_move_to_the_nearest():
    found = roads(streets(), kept=())
    without = {edge: length for edge, length in lanes(found).items() if length != 80}
    (area,) = parking_areas(found, bays(("bay", "ce", "right", 5.0, 2)), without)
    assert area.edge in without


def test_trips_in_order_with_their_stops(tmp_path):
    found = roads(streets(), kept=())
    areas = parking_areas(found, bays(("bay", "bc", "right", 10.0, 3)), lanes(found))
    trips = pd.DataFrame(
        {
            "entry": ["a", "d", None],
            "exit": ["e", "a", "d"],
            "bay": [None, "bay", "bay"],
            "enter_s": [60.0, 30.0, 0.0],
            "stay_s": [0.0, 600.0, 900.0],
        }
    )
    write_trips(tmp_path / "trips.xml", trips, areas)
    there, parks, passes = elements(tmp_path / "trips.xml")
    assert (there.get("from"), there.get("departPos")) == (areas[0].edge, "stop")
    assert (parks.get("fromJunction"), parks.get("toJunction"), parks.get("depart")) == (
        *("d", "a"),
        "30",
    )
    assert parks.find("stop").attrib == {"parkingArea": areas[0].name, "duration": "600"}
    assert passes.find("stop") is None


@pytest.mark.slow
@pytest.mark.skipif(not sumo.is_installed(), reason="SUMO is not installed (eclipse-sumo)")
def test_sumo_counts_the_cars_that_stand_there(tmp_path):
    groups = bays(("bay", "bc", "right", 10.0, 3))
    trips = pd.DataFrame(
        {
            "entry": ["a", "a", None],
            "exit": ["e", "d", "d"],
            "destination": ["bc", None, "ab"],
            "enter_s": [100.0, 200.0, 0.0],
            "stay_s": [5000.0, 0.0, 9000.0],
        }
    )
    found = sumo.simulate(
        tmp_path, segments=streets(), junctions=junctions(), bays=groups, trips=trips, until_s=14400
    )
    assert found.bays == [("bay",)]
    assert found.occupied[:, 1:].tolist() == [[2, 1, 0, 0]]
    assert (found.parked, found.inserted, found.waiting, found.running) == (2, 3, 0, 0)
    assert sumo.difference(found, ["bay"], found.occupied)["by area, RMSE"] == 0
