import pytest

from twin.place.assumptions import ASSUMPTIONS
from twin.place.street import read_level, read_names, read_number, read_street


def street(**tags):
    return read_street({key.replace("__", ":"): value for key, value in tags.items()}, ASSUMPTIONS)


def uses(each):
    return (each.car_forward, each.car_backward, each.bike_forward, each.bike_backward, each.walk)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, (True, True, True, True, True)),
        ({"highway": "residential", "oneway": "yes"}, (True, False, True, False, True)),
        ({"highway": "residential", "oneway": "-1"}, (False, True, False, True, True)),
        (
            {"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"},
            (True, False, True, True, True),
        ),
        (
            {"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"},
            (True, False, True, True, True),
        ),
        (
            {"highway": "residential", "oneway": "yes", "oneway:motor_vehicle": "no"},
            (True, True, True, False, True),
        ),
        ({"highway": "tertiary", "junction": "roundabout"}, (True, False, True, False, True)),
        ({"highway": "service", "access": "private", "foot": "yes"}, (False,) * 4 + (True,)),
        (
            {"highway": "service", "psv": "yes", "access": "no", "foot": "yes"},
            (False,) * 4 + (True,),
        ),
        (
            {"highway": "service", "service": "bus", "bicycle": "yes"},
            (False, False, True, True, True),
        ),
        ({"highway": "unclassified", "motor_vehicle": "no"}, (False, False, True, True, True)),
        ({"highway": "unclassified", "vehicle": "no"}, (False, False, False, False, True)),
        ({"highway": "residential", "access": "destination"}, (True, True, True, True, True)),
        ({"highway": "secondary", "bicycle": "use_sidepath"}, (True, True, False, False, True)),
        ({"highway": "secondary", "foot": "no"}, (True, True, True, True, False)),
        ({"highway": "footway"}, (False, False, False, False, True)),
        ({"highway": "footway", "bicycle": "yes"}, (False, False, True, True, True)),
        ({"highway": "pedestrian", "motor_vehicle": "destination"}, (False,) * 4 + (True,)),
        ({"highway": "cycleway", "oneway": "yes"}, (False, False, True, False, False)),
        ({"highway": "cycleway", "foot": "designated"}, (False, False, True, True, True)),
        ({"highway": "steps", "bicycle": "yes"}, (False, False, False, False, True)),
        ({"highway": "motorway"}, (True, False, False, False, False)),
        ({"highway": "primary_link"}, (True, True, True, True, True)),
    ],
)
def test_who_may_use_a_street(tags, expected):
    assert uses(read_street(tags, ASSUMPTIONS)) == expected


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "construction"},
        {"highway": "platform"},
        {"highway": "corridor"},
        {"highway": "footway", "indoor": "yes"},
        {"highway": "footway", "tunnel": "yes", "layer": "-3"},
        {"highway": "service", "tunnel": "yes", "layer": "-1"},
        {"highway": "residential", "access": "no"},
        {"building": "yes"},
    ],
)
def test_what_is_no_street_of_the_neighbourhood(tags):
    assert read_street(tags, ASSUMPTIONS) is None


def test_nothing_is_attached_to_a_tunnel_that_is_kept():
    assert not street(highway="cycleway", tunnel="yes", layer="-1", foot="yes").is_ground
    assert street(highway="cycleway", foot="yes").is_ground


def test_speed_and_width_come_from_tags_and_else_from_assumptions():
    known = street(highway="residential", maxspeed="30", width="6,5 m")
    assert (known.speed_kmh, known.width_m, known.is_assumed) == (30, 6.5, False)
    likely = street(highway="residential", lanes="2")
    assert likely.speed_kmh == ASSUMPTIONS.speed_kmh["residential"]
    assert likely.width_m == 2 * ASSUMPTIONS.lane_width_m
    assert likely.is_assumed


@pytest.mark.parametrize(
    ("text", "speed_kmh"), [("50", 50), ("30 mph", 48.28032), ("nl:walk", 6), ("none", 30)]
)
def test_speeds_are_read_in_any_unit(text, speed_kmh):
    assert street(highway="residential", maxspeed=text).speed_kmh == pytest.approx(speed_kmh)


def test_a_reversed_street_swaps_its_directions_only():
    one_way = street(highway="residential", oneway="yes")
    assert uses(one_way.reversed()) == (False, True, False, True, True)
    assert one_way.reversed().reversed() == one_way


def test_all_names_are_kept_once_the_usual_one_first():
    tags = {"name": "Fredrikinkatu", "name:sv": "Fredriksgatan", "name:fi": "Fredrikinkatu"}
    assert read_names(tags | {"loc_name": "Freda;Fretku"}) == (
        "Fredrikinkatu",
        "Freda",
        "Fretku",
        "Fredriksgatan",
    )


def test_numbers_are_found_in_what_mappers_write():
    assert [read_number(text) for text in ("12.5 m", "12,5", "about 3", "", None, "x")] == [
        12.5,
        12.5,
        3,
        None,
        None,
        None,
    ]
    assert read_level("-2;-1") == -2
