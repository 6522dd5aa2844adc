"""Kerb bays: lengths, clearances and tags become groups of bays beside the street."""

import numpy as np
import pytest
from shapely import LineString, Point

from twin.place.assumptions import ASSUMPTIONS, Assumptions
from twin.place.bays import kerb_line, make_bays
from twin.place.edges import Way, edges_of_lines
from twin.place.kerb import read_kerb
from twin.place.network import build_network
from twin.place.shapes import array_of
from twin.place.street import read_street

TAGGED = {"parking:lane:both": "no_stopping"}
SIMPLE = Assumptions(
    bay_parallel_m=5, bay_perpendicular_m=2.5, kerb_usable_share=1, untagged_usable_share=1
)


def bays(*drawn, assume=SIMPLE):
    ways = []
    for number, (_, tags) in enumerate(drawn):
        street = read_street({"highway": "residential"} | tags, assume)
        ways.append(Way(f"way-{number}", street, read_kerb(tags)))
    lines = array_of([LineString(points) for points, _ in drawn])
    network = build_network(edges_of_lines(lines, np.arange(len(drawn)), ways), "EPSG:28992")
    return make_bays(network, assume)


def rows(frame, *columns):
    return [tuple(row) for row in frame[list(columns)].itertuples(index=False)]


def test_a_tagged_kerb_has_as_many_bays_as_fit():
    found = bays(([(0, 0), (100, 0)], {"parking:lane:left": "parallel"}))
    assert rows(found, "bay", "side", "capacity", "kind", "along_m", "is_assumed") == [
        ("way-0-1-L1", "left", 20, "public", 50.0, False)
    ]


def test_bays_stand_beside_the_street_by_half_its_width():
    found = bays(([(0, 0), (100, 0)], {"parking:lane:both": "parallel", "width": "7"}))
    left, right = found.geometry
    assert [left.coords[0], left.coords[-1]] == [(0, 3.5), (100, 3.5)]
    assert {y for _, y in right.coords} == {-3.5}


def test_bays_across_the_kerb_take_less_of_it():
    found = bays(([(0, 0), (100, 0)], {"parking:lane:right": "perpendicular"}))
    assert rows(found, "capacity") == [(40,)]


def test_nobody_parks_near_a_junction_or_a_crossing():
    cross = ([(100, -60), (100, 0), (100, 60)], TAGGED)
    found = bays(([(0, 0), (100, 0)], {"parking:lane:left": "parallel"}), cross)
    assert rows(found, "capacity") == [(int((100 - SIMPLE.junction_clearance_m) / 5),)]
    path = ([(100, 0), (100, 60)], {"highway": "footway"})
    beyond = ([(100, 0), (140, 0)], TAGGED)
    found = bays(([(0, 0), (100, 0)], {"parking:lane:left": "parallel"}), path, beyond)
    assert rows(found, "capacity") == [(int((100 - SIMPLE.crossing_clearance_m) / 5),)]


def test_a_counted_capacity_is_shared_over_the_segments_of_its_way():
    counted = {"parking:lane:left": "parallel", "parking:lane:left:capacity": "9"}
    found = bays(([(0, 0), (60, 0), (90, 0)], counted), ([(60, 0), (60, 40)], TAGGED))
    assert rows(found, "segment", "capacity") == [("way-0-1", 6), ("way-0-2", 3)]


def test_kinds_end_a_group_and_a_new_way_alone_does_not():
    found = bays(
        ([(0, 0), (50, 0)], {"parking:lane:left": "parallel"}),
        ([(50, 0), (100, 0)], {"parking:lane:left": "parallel"}),
        (
            [(100, 0), (150, 0)],
            {"parking:lane:left": "parallel", "parking:condition:left": "ticket"},
        ),
    )
    assert rows(found, "bay", "capacity", "kind", "source_kind") == [
        ("way-0-1-L1", 20, "public", None),
        ("way-0-1-L2", 10, "paid", "ticket"),
    ] or rows(found, "bay", "capacity", "kind") == [
        ("way-0-1-L1", 20, "public"),
        ("way-0-1-L2", 10, "paid"),
    ]


def test_untagged_streets_get_assumed_bays_of_the_usual_kind():
    paid = {"parking:lane:both": "parallel", "parking:condition:both": "ticket"}
    found = bays(
        ([(0, 0), (100, 0)], paid | {"name": "A"}),
        ([(100, 0), (200, 0)], {"name": "B"}),
        ([(200, 0), (300, 0)], {"highway": "tertiary", "name": "C"}),
        ([(300, 0), (400, 0)], {"highway": "primary", "name": "D"}),
    )
    assert rows(found, "segment", "side", "kind", "is_assumed") == [
        ("way-0-1", "left", "paid", False),
        ("way-0-1", "right", "paid", False),
        ("way-1-1", "left", "paid", True),
        ("way-1-1", "right", "paid", True),
        ("way-2-1", "right", "paid", True),
    ]


def test_where_parking_is_forbidden_or_one_side_is_known_nothing_is_assumed():
    assert len(bays(([(0, 0), (100, 0)], TAGGED))) == 0
    one_side = bays(([(0, 0), (100, 0)], {"parking:lane:left": "parallel"}))
    assert set(one_side["side"]) == {"left"}


def test_no_bays_where_cars_may_not_come_or_in_a_tunnel():
    tags = {"parking:lane:both": "parallel"}
    reachable = ([(100, 0), (200, 0)], TAGGED)
    assert len(bays(([(0, 0), (100, 0)], tags | {"motor_vehicle": "no"}), reachable)) == 0
    assert len(bays(([(0, 0), (100, 0)], tags | {"tunnel": "yes"}), reachable)) == 0


@pytest.mark.parametrize("offset_m", [3.0, -3.0])
def test_a_kerb_follows_the_bends_of_its_street(offset_m):
    street = LineString([(0, 0), (40, 0), (60, 20), (60, 80)])
    kerb = kerb_line(street, 5, 100, offset_m)
    assert kerb.is_simple
    assert kerb.hausdorff_distance(street) < 50
    for point in kerb.coords:
        assert street.distance(Point(point)) == pytest.approx(abs(offset_m), abs=0.4)


def test_the_defaults_say_what_they_are_and_where_they_come_from():
    table = ASSUMPTIONS.rows()
    assert all(meaning and source for _, _, meaning, source in table)
    assert (
        "bay_parallel_m",
        "5.5",
        "kerb length of one space parked along the kerb",
        "assumed",
    ) in (table)
