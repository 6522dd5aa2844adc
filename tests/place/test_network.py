"""The network from hand-made lines: it loses nothing, and every segment ends at a junction."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from twin.place.assumptions import ASSUMPTIONS
from twin.place.edges import Edges, Way, clip_edges, edges_of_lines
from twin.place.kerb import read_kerb
from twin.place.network import build_network, open_to_people
from twin.place.shapes import array_of
from twin.place.street import read_street

CRS = "EPSG:28992"


def edges(*drawn):
    """Make edges of lines, each a list of points with the tags of its street."""
    ways = []
    for number, (_, tags) in enumerate(drawn):
        street = read_street({"highway": "residential"} | tags, ASSUMPTIONS)
        ways.append(Way(f"way-{number}", street, read_kerb(tags)))
    lines = array_of([LineString(points) for points, _ in drawn])
    return edges_of_lines(lines, np.arange(len(drawn)), ways)


def network(*drawn):
    return build_network(edges(*drawn), CRS)


def rows(built, *columns):
    return [tuple(row) for row in built.segments[list(columns)].itertuples(index=False)]


def test_a_bend_and_a_new_way_do_not_end_a_segment():
    built = network(([(0, 0), (50, 0), (60, 10)], {}), ([(60, 10), (100, 10)], {}))
    assert rows(built, "segment", "length_m") == [("way-0-1", pytest.approx(104.142, abs=0.001))]
    assert len(built.junctions) == 2


def test_a_junction_a_name_and_a_direction_end_a_segment():
    crossing = network(([(0, 0), (50, 0), (100, 0)], {}), ([(50, 0), (50, 50)], {}))
    assert len(crossing.segments) == 3
    named = network(([(0, 0), (50, 0)], {"name": "A"}), ([(50, 0), (100, 0)], {"name": "B"}))
    assert rows(named, "name") == [("A",), ("B",)]
    one_way = network(([(0, 0), (50, 0)], {"oneway": "yes"}), ([(50, 0), (100, 0)], {}))
    assert len(one_way.segments) == 2


def test_ways_drawn_against_one_another_are_one_segment_with_the_right_direction():
    built = network(
        ([(0, 0), (50, 0)], {"oneway": "yes"}),
        ([(90, 0), (50, 0)], {"oneway": "-1"}),
    )
    assert rows(built, "car_forward", "car_backward", "length_m") == [(True, False, 90.0)]
    assert built.segments.geometry.iloc[0].coords[0] == (0, 0)


def test_kerbs_keep_their_side_when_a_way_is_turned_round():
    built = network(
        ([(0, 0), (50, 0), (55, 0)], {}),
        ([(90, 0), (55, 0)], {"parking:lane:left": "parallel"}),
    )
    last = built.pieces[-1]
    assert (last.start_m, last.end_m) == (55, 90)
    assert (last.kerb.left.state, last.kerb.right.state) == ("unknown", "bays")


def test_a_ring_is_cut_in_two_so_that_no_segment_ends_where_it_begins():
    square = [(0, 0), (50, 0), (50, 50), (0, 50), (0, 0)]
    built = network(([(-50, 0), (0, 0)], {}), (square, {}))
    ends = rows(built, "from_junction", "to_junction")
    assert len(ends) == 3
    assert all(start != end for start, end in ends)
    assert built.segments["length_m"].sum() == pytest.approx(250)


def test_what_is_cut_off_is_counted_and_dropped():
    built = network(([(0, 0), (100, 0)], {}), ([(0, 500), (30, 500)], {}))
    assert rows(built, "segment") == [("way-0-1",)]
    assert built.notes == ["1 stretches of street (30 m) are cut off from the rest and dropped"]


def test_what_hangs_on_a_street_that_nobody_can_use_is_dropped_too():
    built = network(
        ([(0, 0), (100, 0)], {"highway": "footway"}),
        ([(100, 0), (150, 0)], {"highway": "motorway"}),
        ([(150, 0), (200, 0)], {"highway": "cycleway"}),
        ([(0, 0), (-300, 0)], {}),
    )
    assert sorted(rows(built, "highway")) == [("footway",), ("residential",)]
    assert "2 stretches of street (100 m) are cut off" in built.notes[-1]


def test_a_street_that_cannot_be_driven_to_has_no_cars():
    built = network(
        ([(0, 0), (100, 0)], {}),
        ([(100, 0), (150, 0)], {"highway": "footway"}),
        ([(150, 0), (170, 0)], {}),
    )
    by_name = dict(rows(built, "segment", "car_forward"))
    assert by_name == {"way-0-1": True, "way-1-1": False, "way-2-1": False}


def test_an_end_that_nearly_touches_a_street_is_connected_to_it():
    built = network(
        ([(0, 0), (100, 0)], {}),
        ([(50, 0.3), (50, 80)], {}),
        ([(100.2, 0.2), (150, 0)], {}),
    )
    assert len(built.segments) == 4 - 1
    assert not built.notes


def test_edges_of_next_to_no_length_are_merged_away():
    built = network(([(0, 0), (50, 0), (50.01, 0), (100, 0)], {}), ([(50.01, 0), (50, 40)], {}))
    assert (built.segments["length_m"] > 1).all()
    assert len(built.segments) == 3


def test_the_boundary_cuts_streets_and_makes_junctions_there():
    crossing = edges(([(-50, 0), (0, 0), (50, 0)], {}), ([(0, 0), (0, 50)], {}))
    built = build_network(clip_edges(crossing, box(-20, -20, 20, 80)), CRS)
    assert sorted(built.segments["length_m"]) == [20, 20, 50]
    assert sum(key.startswith("edge") for key in built.junctions["junction"]) == 2


def test_people_are_let_onto_a_street_they_can_get_to():
    built = network(
        ([(0, 0), (100, 0)], {"highway": "footway"}),
        ([(100, 0), (150, 0)], {"foot": "no"}),
        ([(150, 0), (150, 50)], {"foot": "no"}),
        ([(150, 0), (250, 0)], {"foot": "no", "name": "Far"}),
    )
    opened = open_to_people(built, ["way-1-1", "way-3-1"])
    assert dict(rows(opened, "segment", "walk")) == {
        "way-0-1": True,
        "way-1-1": True,
        "way-2-1": False,
        "way-3-1": True,
    }
    assert not open_to_people(built, ["way-3-1"]).segments["walk"].iloc[3]


GRID = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans()),
    min_size=1,
    max_size=24,
    unique_by=lambda edge: edge[:3],
)


@settings(max_examples=60, deadline=None)
@given(GRID)
def test_a_network_is_whole_and_loses_no_street_it_does_not_report(grid):
    drawn = []
    for x, y, is_east, is_turned in grid:
        points = [(x * 10, y * 10), (x * 10 + 10 * is_east, y * 10 + 10 * (not is_east))]
        drawn.append((points[::-1] if is_turned else points, {}))
    built = network(*drawn)
    dropped = sum(float(note.split("(")[1].split(" m")[0]) for note in built.notes)
    assert built.segments["length_m"].sum() + dropped == pytest.approx(10 * len(grid))
    ends = [*built.segments["from_junction"], *built.segments["to_junction"]]
    assert set(ends) == set(built.junctions["junction"])
    assert (built.segments["from_junction"] != built.segments["to_junction"]).all()
    assert built.segments["segment"].is_unique
    points = built.junctions.set_index("junction").geometry
    for row in built.segments.itertuples():
        assert shapely.get_point(row.geometry, 0) == points[row.from_junction]
        assert shapely.get_point(row.geometry, -1) == points[row.to_junction]


def test_edges_have_a_length():
    assert isinstance(edges(([(0, 0), (1, 0)], {})), Edges)
    assert len(edges(([(0, 0), (1, 0), (2, 0)], {}))) == 2
