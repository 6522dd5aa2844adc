"""What opens takes visitors from others of its kind, and what closes leaves them some."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neighbourhood import neighbourhood
from shapely import Point, box
from tiny import CRS, SIZE_M, SOUTH, WEST

from scenarios.applying import apply
from scenarios.day.kinds import KINDS
from scenarios.day.parameters import NOWHERE_DIFFERENT, Parameters
from scenarios.day.people import PASSING, STROLLING, VISIT
from scenarios.day.population import intend
from scenarios.day.rivalry import SHARED, rivalry
from scenarios.day.rows import taken
from scenarios.day.town import Town
from scenarios.scenario import Scenario
from twin.place.frames import layer_frame, rows_of

BUSY = Parameters(visits=20.0)
CAFE = {"kind": "open_attractor", "id": "new", "where": {"segments": ["s1"]}}
CLOSE = {"kind": "close_attractor", "id": "gone", "attractor": "a-cafe-2"}
SHARED_BY_CAFES = SHARED["cafe"]


@pytest.fixture(scope="module")
def city():
    """Return the neighbourhood with a stop, and with gates on foot at its outer junctions."""
    boundary = box(WEST + 10, SOUTH + 10, WEST + SIZE_M - 10, SOUTH + SIZE_M - 10)
    spot = {"segment": "s4", "along_m": 40.0, "geometry": Point(WEST + 240, SOUTH + 200)}
    stops = layer_frame("stops", [{"stop": "stop-1", "name": "Halte", "mode": "tram", **spot}], CRS)
    return replace(neighbourhood().with_layers(stops=stops), boundary=boundary)


@pytest.fixture(scope="module")
def before(city):
    return lived(city)


def lived(city, *measures):
    """Return the town with measures, and the visitors and others of one day there."""
    plan = Scenario.model_validate({"name": "plan", "measures": list(measures)})
    town = Town.of(apply(plan, city))
    found = intend(town, BUSY, np.uint64(3), NOWHERE_DIFFERENT)
    return town, found.visits.people, found.others


def visits(people, purpose=VISIT):
    return taken(people, np.flatnonzero(people.purpose == purpose))


def by_key(people):
    return dict(zip(people.key.tolist(), range(len(people.key)), strict=True))


def opening(kind):
    return CAFE | {"attractor_kind": kind}


def test_who_goes_to_a_new_cafe_instead_is_the_same_person(city, before):
    town, people, _ = lived(city, opening("cafe"))
    old, new = visits(before[1]), visits(people)
    at, names = by_key(new), town.names["attractors"]
    assert set(old.key.tolist()) <= set(at), "nobody stays away because something opens"
    where = np.array([at[key] for key in old.key.tolist()])
    assert np.array_equal(old.arrive_s, new.arrive_s[where])
    was = np.array(before[0].names["attractors"])[old.thing]
    now = np.array(names)[new.thing[where]]
    assert set(now[was != now]) == {"new-attractor-1"}
    assert set(was[was != now]) == {"a-cafe-1", "a-cafe-2"}
    same = was == now
    for column in ("stay_s", "mode", "end"):
        assert np.array_equal(getattr(old, column)[same], getattr(new, column)[where][same])


def test_a_new_cafe_draws_as_many_as_any_and_some_of_them_are_new_to_the_place(city, before):
    town, people, _ = lived(city, opening("cafe"))
    old, new = visits(before[1]), visits(people)
    here = int((new.thing == town.names["attractors"].index("new-attractor-1")).sum())
    from_outside = len(new.key) - len(old.key)
    wanted = KINDS["cafe"].visits * BUSY.visits
    assert here == pytest.approx(wanted, abs=4), "four calls are each rounded by luck"
    assert (1 - SHARED_BY_CAFES) * wanted - 1 <= from_outside <= wanted


def test_without_others_of_its_kind_all_visitors_are_new(city, before):
    _, people, _ = lived(city, opening("supermarket"))
    wanted = KINDS["supermarket"].visits * BUSY.visits
    more = len(visits(people).key) - len(visits(before[1]).key)
    assert more == pytest.approx(wanted, abs=1)


def test_a_part_of_a_closed_cafe_s_visitors_goes_to_the_other(city, before):
    town, people, _ = lived(city, CLOSE)
    old, new = visits(before[1]), visits(people)
    assert set(new.key.tolist()) < set(old.key.tolist())
    its = int((old.thing == before[0].names["attractors"].index("a-cafe-2")).sum())
    lost = len(old.key) - len(new.key)
    assert lost == pytest.approx((1 - SHARED_BY_CAFES) * its, abs=1)
    there = town.names["attractors"].index("a-cafe-1")
    was = before[0].names["attractors"].index("a-cafe-1")
    gained = int((new.thing == there).sum()) - int((old.thing == was).sum())
    assert gained == its - lost


def test_a_cafe_that_is_replaced_leaves_as_many_visits_as_there_were(city, before):
    _, people, _ = lived(city, opening("cafe"), CLOSE)
    old, new = visits(before[1]), visits(people)
    assert len(new.key) == pytest.approx(len(old.key), abs=4)


def test_opened_and_closed_again_is_exactly_as_it_was(city, before):
    again = {"kind": "close_attractor", "id": "undo", "attractor": "new-attractor-1"}
    _, people, others = lived(city, opening("shop"), again)
    for old, new in ((before[1], people), (before[2], others)):
        for name, column in old._asdict().items():
            assert np.array_equal(column, getattr(new, name)), name


@pytest.mark.parametrize("measure", [opening("shop"), opening("school"), CLOSE])
def test_people_who_live_here_go_out_as_often_and_who_passes_passes(city, before, measure):
    _, _, others = lived(city, measure)
    for purpose in (STROLLING, PASSING):
        old, new = visits(before[2], purpose), visits(others, purpose)
        assert len(old.key)
        assert np.array_equal(old.key, new.key)
        assert np.array_equal(old.arrive_s, new.arrive_s)
        assert (new.thing >= 0).sum() >= (old.thing >= 0).sum()


def test_dwellings_added_beside_a_new_cafe_leave_everybody_else_as_they_were(city):
    _, people, _ = lived(city, opening("cafe"))
    rows = rows_of(city.buildings)
    more = [{**rows[0], "building": "a-new-one", "dwellings": 80, "along_m": 20.0}, *rows]
    _, with_more, _ = lived(
        city.with_layers(buildings=layer_frame("buildings", more, CRS)), opening("cafe")
    )
    at = by_key(with_more)
    where = np.array([at[key] for key in people.key.tolist()])
    assert len(where) < len(at)
    for column in ("purpose", "arrive_s", "stay_s", "mode", "thing"):
        old, new = getattr(people, column), getattr(with_more, column)[where]
        kept = people.purpose == VISIT if column == "thing" else slice(None)
        assert np.array_equal(old[kept], new[kept])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_visitors_are_neither_lost_nor_made_but_by_what_opens_or_closes(data):
    count, closed = data.draw(st.integers(1, 8)), data.draw(st.integers(0, 3))
    spots = st.floats(0, 1500, allow_subnormal=False)
    every = count + closed
    x_m, y_m = (np.array(data.draw(st.lists(spots, min_size=every, max_size=every))) for _ in "xy")
    kind = np.array(data.draw(st.lists(st.sampled_from([0, 2]), min_size=every, max_size=every)))
    is_new = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    wanted = np.array(data.draw(st.lists(st.floats(0, 500), min_size=every, max_size=every)))

    def things(part):
        x, y = x_m[part], y_m[part]
        return SimpleNamespace(key=np.arange(len(x)), segment=np.zeros(len(x), int), x_m=x, y_m=y)

    town = SimpleNamespace(
        attractors=things(slice(count)),
        closed=things(slice(count, None)),
        attractor_kind=kind[:count],
        closed_kind=kind[count:],
        is_new=is_new,
    )
    found = rivalry(town, Parameters(), wanted)
    moved = found.until - found.since
    assert (found.stay >= 0).all()
    assert (moved >= 0).all()
    assert (kind[found.of] == kind[found.to]).all()
    left = np.bincount(found.of, moved, every)
    old = np.flatnonzero(~is_new)
    assert np.allclose(found.stay[old] + left[old], wanted[old])
    assert (left[count:] <= SHARED["shop"] * wanted[count:] + 1e-9).all()
    gained = np.bincount(found.to, moved, count)
    new = np.flatnonzero(is_new)
    assert (found.stay[new] + gained[new] >= wanted[new] - 1e-9).all()
    if not is_new.any() and not closed:
        assert np.array_equal(found.stay, wanted)
        assert not len(moved)
    assert not left[new].any(), "nobody goes from what is new to something else"
