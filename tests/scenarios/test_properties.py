"""What holds for any measures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neighbourhood import canonical, capacity, independent, measure, neighbourhood

from scenarios.applying import apply
from scenarios.scenario import Scenario
from twin.layers import BAY_KINDS
from twin.place.check import check_city

HOOD = neighbourhood()
INDEPENDENT = [
    {"kind": kind, "id": kind.replace("_", "-"), **content}
    for kind, content in independent(HOOD).items()
]
SEGMENTS = sorted(HOOD.segments["segment"])

some_independent = st.lists(
    st.sampled_from(range(len(INDEPENDENT))), min_size=2, max_size=4, unique=True
)


def done(order):
    plan = {"name": "plan", "measures": [INDEPENDENT[number] for number in order]}
    return apply(Scenario.model_validate(plan), HOOD)


@settings(max_examples=12, deadline=None)
@given(some_independent, st.randoms(use_true_random=False))
def test_independent_measures_give_the_same_city_in_any_order(order, random):
    other = random.sample(order, len(order))
    one, two = done(order), done(other)
    assert canonical(one) == canonical(two)
    for name, frame in one.layers.items():
        assert list(frame.iloc[:, 0]) == list(two.layers[name].iloc[:, 0])


def _any_where():
    return st.one_of(
        st.sampled_from(SEGMENTS).map(lambda key: {"segments": [key]}),
        st.sampled_from(["Zuidkade", "Straat 1", "Straat 5"]).map(lambda name: {"street": name}),
        st.sampled_from(SEGMENTS).map(lambda key: {"bays": [f"bay-{key}"]}),
    )


spaces = st.fixed_dictionaries(
    {"where": _any_where(), "count": st.integers(1, 25)},
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(spaces, st.sampled_from(["", *BAY_KINDS])), min_size=1, max_size=4))
def test_spaces_are_neither_lost_nor_made(asked):
    city = HOOD
    for number, (content, to) in enumerate(asked, start=1):
        kind = "convert_bays" if to else "remove_bays"
        made = measure(kind, content | ({"to": to} if to else {}), f"m{number}")
        if list(made.faults(city)):
            continue
        changed = made.apply(city)
        gone = 0 if to else content["count"]
        assert capacity(changed) == capacity(city) - gone
        if to:
            assert capacity(changed, kind=to) == capacity(city, kind=to) + content["count"]
        share = changed.bays.length.sum() / city.bays.length.sum()
        assert share == pytest.approx(capacity(changed) / capacity(city))
        city = changed
    check_city(city)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(SEGMENTS),
    st.integers(1, 60),
    st.sampled_from(["parallel", "diagonal", "perpendicular"]),
    st.sampled_from(["left", "right", None]),
)
def test_what_is_added_can_be_taken_away_again(segment, count, orientation, side):
    content = {
        "where": {"segments": [segment]},
        "count": count,
        "orientation": orientation,
        "side": side,
    }
    added = measure("add_bays", content, "m1")
    if list(added.faults(HOOD)):
        return
    changed = added.apply(HOOD)
    check_city(changed)
    assert capacity(changed) == capacity(HOOD) + count
    new = [key for key in changed.bays["bay"] if key.startswith("m1-")]
    undone = measure("remove_bays", {"where": {"bays": new}}, "m2").apply(changed)
    assert canonical(undone) == canonical(HOOD)
