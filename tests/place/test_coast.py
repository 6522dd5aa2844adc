import pytest
from shapely import LineString, box
from shapely.ops import unary_union

from twin.place.coast import sea
from twin.place.osm import OsmObject

PLACE = box(0, 0, 100, 100)


def coast(*points):
    return OsmObject("w1", {"natural": "coastline"}, LineString(points))


def test_the_sea_is_on_the_right_of_its_shore():
    [east] = sea([coast((50, -10), (50, 110))], PLACE)
    assert east.bounds == (50, 0, 100, 100)
    [west] = sea([coast((50, 110), (50, -10))], PLACE)
    assert west.bounds == (0, 0, 50, 100)


def test_an_island_is_not_sea():
    # Land is on the left: round an island the shore runs against the clock.
    island = coast((40, 40), (60, 40), (60, 60), (40, 60), (40, 40))
    shore = coast((20, -10), (20, 110))
    water = unary_union(sea([island, shore], PLACE))
    assert water.area == pytest.approx(80 * 100 - 400)


def test_a_shore_that_stops_short_of_the_edge_is_lengthened():
    [east] = sea([coast((50, 15), (50, 90))], PLACE)
    assert east.area == pytest.approx(5_000, rel=0.01)


def test_a_place_without_a_shore_has_no_sea():
    assert sea([], PLACE) == []
    assert sea([coast((50, 300), (50, 400))], PLACE) == []
