import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.layers import BAY_KINDS
from twin.place.kerb import Kerb, read_kerb


def sides(tags):
    kerb = read_kerb(tags)
    return [
        (side.orientation, side.kind) if side.state == "bays" else side.state
        for side in (kerb.left, kerb.right)
    ]


PUBLIC = ("parallel", "public")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, ["unknown", "unknown"]),
        ({"parking:lane:both": "parallel"}, [PUBLIC, PUBLIC]),
        ({"parking:lane:left": "diagonal"}, [("diagonal", "public"), "unknown"]),
        ({"parking:lane:right": "perpendicular"}, ["unknown", ("perpendicular", "public")]),
        ({"parking:lane:both": "no_stopping"}, ["none", "none"]),
        ({"parking:lane:left": "drawn_separately"}, ["none", "unknown"]),
        (
            {"parking:lane:both": "parallel", "parking:condition:both": "ticket"},
            [("parallel", "paid"), ("parallel", "paid")],
        ),
        (
            {"parking:lane:both": "parallel", "parking:condition:left": "disc"},
            [("parallel", "short_stay"), PUBLIC],
        ),
        (
            {"parking:lane:both": "parallel", "parking:condition:right": "no_parking"},
            [PUBLIC, "none"],
        ),
        (
            {
                "parking:lane:right": "parallel",
                "parking:condition:right": "no_parking",
                "parking:condition:right:time_interval": "Mo-Fr 07:00-09:00",
            },
            ["unknown", PUBLIC],
        ),
        (
            {
                "parking:lane:right": "parallel",
                "parking:condition:right": "free",
                "parking:condition:right:vehicles": "motorcycle",
            },
            ["unknown", "none"],
        ),
        (
            {
                "parking:lane:right": "parallel",
                "parking:condition:right": "private",
                "parking:condition:right:operator": "CityCarClub",
            },
            ["unknown", ("parallel", "shared_car")],
        ),
        ({"parking:both": "no"}, ["none", "none"]),
        ({"parking:both": "separate"}, ["none", "none"]),
        ({"parking:left": "lane", "parking:right": "no"}, [PUBLIC, "none"]),
        (
            {"parking:left": "street_side", "parking:left:orientation": "perpendicular"},
            [("perpendicular", "public"), "unknown"],
        ),
        (
            {"parking:both": "lane", "parking:both:fee": "yes"},
            [("parallel", "paid"), ("parallel", "paid")],
        ),
        (
            {"parking:both": "lane", "parking:right:restriction": "loading_only"},
            [PUBLIC, ("parallel", "loading")],
        ),
        ({"parking:left": "lane", "parking:left:restriction": "no_parking"}, ["none", "unknown"]),
        (
            {"parking:left": "lane", "parking:left:access": "private"},
            [("parallel", "permit"), "unknown"],
        ),
        (
            {"parking:right": "lane", "parking:right:disabled": "designated"},
            ["unknown", ("parallel", "disabled")],
        ),
    ],
)
def test_both_schemes_of_tags_are_read(tags, expected):
    assert sides(tags) == expected


def test_a_counted_capacity_is_kept_and_one_for_both_sides_is_halved():
    kerb = read_kerb({"parking:lane:both": "parallel", "parking:lane:left:capacity": "3"})
    assert (kerb.left.capacity, kerb.right.capacity) == (3, None)
    kerb = read_kerb({"parking:both": "lane", "parking:both:capacity": "9"})
    assert (kerb.left.capacity, kerb.right.capacity) == (4, 4)


def test_a_price_is_read_where_it_is_in_euros_an_hour():
    tags = {"parking:left": "lane", "parking:left:charge": "4.50 EUR/hour"}
    assert read_kerb(tags).left.price_eur_h == 4.5
    tags["parking:left:charge"] = "20 SEK/hour"
    assert read_kerb(tags).left.price_eur_h is None


WORDS = [
    "parking",
    "lane",
    "left",
    "right",
    "both",
    "condition",
    "no",
    "yes",
    "parallel",
    "ticket",
    "capacity",
    "3",
    "x",
    ";",
]
ANY_TAGS = st.dictionaries(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(":".join),
    st.sampled_from(WORDS),
    max_size=6,
)


@given(ANY_TAGS)
def test_any_tags_give_kinds_that_the_layer_allows(tags):
    kerb = read_kerb(tags)
    assert {kerb.left.kind, kerb.right.kind} <= set(BAY_KINDS)
    assert kerb.reversed().reversed() == kerb
    assert isinstance(kerb, Kerb)
