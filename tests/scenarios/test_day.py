"""One simulated day: what holds for every city, seed and plan."""

import hashlib
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from neighbourhood import neighbourhood
from shapely import box
from tiny import CRS, SIZE_M, SOUTH, WEST

from scenarios.day.calls import calls_of
from scenarios.day.cars import GONE, IN_GARAGE, OUTCOMES, PARKED, VISITOR, Cars
from scenarios.day.day import clock, simulate
from scenarios.day.kerb import CARD_SHARE, PLUG_SHARE
from scenarios.day.kinds import DAY_S, HOUR_S, HOURS
from scenarios.day.parameters import NOWHERE_DIFFERENT, Parameters
from scenarios.day.parking import _park, park
from scenarios.day.people import STROLLING, VISIT, WALK
from scenarios.day.population import intend
from scenarios.day.rows import taken
from scenarios.day.town import Town
from scenarios.day.visits import _planned
from scenarios.day.walks import _walk, walk
from scenarios.figures import figures
from twin.place.frames import layer_frame, rows_of
from twin.rules import Closure, Hours

ROOT = Path(__file__).resolve().parents[2]
BUSY = Parameters(
    visits=40.0, cars_per_dwelling=2.5, kerb=3.0, garages=0.5, home_bikes=1.5, cycling=2.0
)
"""So many people that bays and racks are full for part of the day."""

LIVE = """
import hashlib, pickle, sys
from pathlib import Path
from scenarios.day.day import simulate
from scenarios.day.parking import _park
from scenarios.day.visits import _planned
from scenarios.day.walks import _walk
from scenarios.figures import figures
town, parameters = pickle.loads(Path(sys.argv[1]).read_bytes())
day = figures(town, simulate(town, parameters, 3))
found = [len(one.signatures) == 1 and not one.stats.cache_misses for one in (_park, _planned, _walk)]
print(hashlib.blake2b(b"".join(part.tobytes() for part in vars(day).values())).hexdigest(), all(found))
"""


@pytest.fixture(scope="module")
def city():
    """Return the neighbourhood with an edge so near that its outer junctions lead out of it."""
    boundary = box(WEST + 10, SOUTH + 10, WEST + SIZE_M - 10, SOUTH + SIZE_M - 10)
    return replace(neighbourhood(), boundary=boundary)


@pytest.fixture(scope="module")
def town(city):
    return Town.of(city)


@pytest.fixture(scope="module")
def day(town):
    return simulate(town, BUSY, 3)


def with_rows(city, layer, change):
    return city.with_layers(**{layer: layer_frame(layer, change(rows_of(city.layers[layer])), CRS)})


def same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("totals", "streets", "hourly")
    )


def test_a_day_without_measures_is_exactly_the_same(city, town, day):
    again = Town.of(with_rows(city, "bays", lambda rows: rows))
    assert same(figures(town, day), figures(again, simulate(again, BUSY, 3)))
    assert not same(figures(town, day), figures(town, simulate(town, BUSY, 4)))


def test_the_same_seed_gives_the_same_bytes_in_another_process(town, day, tmp_path):
    (tmp_path / "town").write_bytes(pickle.dumps((town, BUSY)))
    done = subprocess.run(
        [sys.executable, "-c", LIVE, str(tmp_path / "town")],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    here = b"".join(part.tobytes() for part in vars(figures(town, day)).values())
    digest, has_compiled_nothing = done.stdout.split()
    assert digest == hashlib.blake2b(here).hexdigest()
    assert has_compiled_nothing == "True"


@pytest.mark.parametrize(
    ("factor", "kinds"), [("eating_out", {"cafe"}), ("errands", {"school"}), ("outings", set())]
)
def test_a_factor_is_of_its_own_kinds_of_destination(town, factor, kinds):
    usual, more = (calls_of(town, one, 1.0) for one in (BUSY, replace(BUSY, **{factor: 2.0})))
    here = len(town.attractors.key)
    kind = np.array(town.names["kinds"])[town.attractor_kind]
    assert np.array_equal(usual.purpose[:here], np.full(here, VISIT))
    ratio = more.until[:here] / usual.until[:here]
    assert np.array_equal(ratio, np.where(np.isin(kind, list(kinds)), 2.0, 1.0))
    assert np.array_equal(more.until[here:], usual.until[here:])


def test_added_dwellings_leave_everybody_else_as_they_were(city, town):
    def add(rows):
        return [{**rows[0], "building": "a-new-one", "dwellings": 80, "along_m": 20.0}, *rows]

    larger = Town.of(with_rows(city, "buildings", add))
    luck = np.uint64(3)
    before = intend(town, BUSY, luck, NOWHERE_DIFFERENT)
    after = intend(larger, BUSY, luck, NOWHERE_DIFFERENT)
    for old, new in ((before.visits.people, after.visits.people), (before.others, after.others)):
        at = dict(zip(new.key.tolist(), range(len(new.key)), strict=True))
        which = np.array([at[key] for key in old.key.tolist()])
        assert len(new.key) > len(which)
        for column in ("purpose", "arrive_s", "stay_s", "mode", "onward", "onward_s"):
            assert np.array_equal(getattr(old, column), getattr(new, column)[which])
    at = dict(zip(after.visits.people.key.tolist(), range(len(after.visits.late)), strict=True))
    which = np.array([at[key] for key in before.visits.people.key.tolist()])
    assert np.array_equal(before.visits.late, after.visits.late[which])
    assert np.array_equal(before.visits.kerb_late, after.visits.kerb_late[which])


def test_every_car_ends_in_one_way_and_none_stands_where_there_is_no_room(town, day):
    outcome = np.bincount(day.parked.outcome, minlength=len(OUTCOMES))
    assert outcome.sum() == len(day.cars.key)
    assert (outcome > 0).all(), "the case is meant to have every outcome"
    assert ((day.parked.bay >= 0) == np.isin(day.parked.outcome, (PARKED, IN_GARAGE))).all()
    assert (day.occupied <= town.bays.size[:, None]).all()
    assert (day.occupied == town.bays.size[:, None]).any(), "the case is meant to fill some bays"
    assert (day.in_garage <= town.garages.size[:, None]).all()


def test_cars_at_the_kerb_are_those_that_came_and_have_not_left(day):
    parked = day.parked.outcome == PARKED
    came_s = np.maximum(day.cars.arrive_s, 0.0)[parked]
    left_s = came_s + (day.parked.search_s + day.cars.stay_s)[parked]
    for hour in range(HOURS):
        there = (came_s <= hour * HOUR_S).sum() - (left_s <= hour * HOUR_S).sum()
        assert day.occupied[:, hour].sum() == there


def test_racks_never_hold_more_than_their_places(town, day):
    assert (day.stood.racked <= town.racks.size[:, None]).all()
    assert day.stood.racked.max() > 0.7 * town.racks.size.min(), "the case is meant to be full"
    bikes = (day.stood.racked - BUSY.orphans * town.racks.size[:, None]).sum(axis=0)
    came_s = np.maximum(day.bikes.arrive_s, 0.0)
    left_s = came_s + day.bikes.stay_s
    for hour in range(HOURS):
        there = (came_s <= hour * HOUR_S).sum() - (left_s <= hour * HOUR_S).sum()
        assert bikes[hour] + day.stood.loose[:, hour].sum() == pytest.approx(there)


def test_a_walk_passes_along_exactly_its_length(town, day):
    strolls = np.flatnonzero((day.people.purpose == STROLLING) & (day.people.mode == WALK))[:40]
    people = taken(day.people, strolls)
    passers = walk_of(town, day, people)
    streets = nx.MultiGraph()
    ends = zip(town.start.tolist(), town.end.tolist(), town.length_m.tolist(), strict=True)
    streets.add_weighted_edges_from(ends)

    def attach(name, segment, along_m):
        streets.add_edge(name, int(town.start[segment]), weight=along_m)
        streets.add_edge(name, int(town.end[segment]), weight=town.length_m[segment] - along_m)

    expected = 0.0
    for at in range(len(people.key)):
        door, shop = town.roots[people.root[at]], people.thing[at]
        if shop < 0:
            continue
        there, along_m = town.attractors.segment[shop], town.attractors.along_m[shop]
        half = town.length_m[door] / 2
        attach("door", door, half)
        attach("shop", there, along_m)
        if door == there:
            far = abs(along_m - half)
        else:
            far = nx.shortest_path_length(streets, "door", "shop", weight="weight")
        legs = 1 + (people.arrive_s[at] + people.stay_s[at] < DAY_S)
        expected += legs * far
        streets.remove_nodes_from(["door", "shop"])
    assert expected > 0
    assert passers.passages.sum(axis=1) @ town.length_m == pytest.approx(expected, rel=1e-6)
    assert passers.lost == 0


def walk_of(town, day, people):
    """Let some people walk, who came neither by car nor by bike."""
    none = np.empty(0, np.int64)
    cars, bikes = taken(day.cars, none), taken(day.bikes, none)
    parked = day.parked._replace(outcome=np.empty(0, np.int8), bay=np.empty(0, np.int32))
    return walk(town, people, cars, parked, bikes, day.stood._replace(rack=np.empty(0, np.int32)))


def test_no_car_drives_along_a_closed_street_and_cars_drive_elsewhere(city, town, day):
    closed, hours = "s4", range(9, 17)
    closure = Closure((closed,), Hours(9.0, 17.0))
    shut = Town.of(city.with_rules(closures=(closure,)))
    after = simulate(shut, BUSY, 3)
    at, when = town.segments.index(closed), [clock(hour) for hour in hours]

    def along(lived):
        return lived.parked.driven + lived.parked.cruised + lived.through

    assert along(day)[at, when].sum() > 0
    assert along(after)[at, when].sum() == 0
    elsewhere = np.arange(len(town.length_m)) != at
    assert along(after)[elsewhere][:, when].sum() > along(day)[elsewhere][:, when].sum()


def test_a_kilometre_at_20_metres_a_second_takes_50_seconds(city):
    def stretch(rows):
        return [{**rows[0], "length_m": 1000.0, "speed_kmh": 72.0}, *rows[1:]]

    graph = Town.of(with_rows(city, "segments", stretch)).roads.graph
    assert graph.cost[graph.segment == 0] == pytest.approx(50.0)


def test_a_town_that_was_sent_away_is_compiled_for_already(town, day):
    simulate(pickle.loads(pickle.dumps(town)), BUSY, 3)  # noqa: S301  # ours
    assert [len(one.signatures) for one in (_park, _planned, _walk)] == [1, 1, 1]


def one_street(city, spaces, kind="public"):
    """Return a town of one street that ends in the place, with one group of bays."""
    segment = rows_of(city.segments)[0]
    start, _ = shapely.get_coordinates(segment["geometry"])
    frames = {
        "segments": [segment],
        "bays": [row for row in rows_of(city.bays) if row["segment"] == segment["segment"]][:1],
        **{layer: [] for layer in ("garages", "racks", "counters", "attractors", "buildings")},
    }
    frames["bays"] = [{**row, "kind": kind, "capacity": spaces} for row in frames["bays"]]
    frames = {name: layer_frame(name, rows, CRS) for name, rows in frames.items()}
    edge = box(start[0] - 10, SOUTH - 400, start[0] + 800, SOUTH + 800)
    return Town.of(replace(city.with_layers(**frames), boundary=edge))


def refused(town, seed, erlang=40.0, stay_s=300.0):
    """Return the share refused of a day's drivers who do not search, from its second hour on."""
    luck = np.random.default_rng(seed)
    arrive_s = np.cumsum(luck.exponential(stay_s / erlang, int(1.2 * DAY_S * erlang / stay_s)))
    arrive_s = arrive_s[arrive_s < DAY_S]
    count = len(arrive_s)
    none = np.full(count, -1, np.int32)
    gate = int(town.roads.gate[0])
    cars = Cars(
        key=luck.integers(0, 2**63, count).astype(np.uint64),
        who=np.full(count, VISITOR, np.int8),
        person=none,
        home=none,
        x_m=np.zeros(count),
        y_m=np.zeros(count),
        aim=np.full(count, 1 - gate, np.int64),
        zone=np.zeros(count, np.int32),
        permit_zone=none,
        arrive_s=arrive_s,
        stay_s=luck.exponential(stay_s, count) + 0.5,  # cars leave at the whole second before
        garage=none,
        is_there=np.zeros(count, bool),
    )
    impatient = Parameters(patience_min=0.0, wrongly=0.0)
    parked = park(town, impatient, np.uint64(seed), cars, np.zeros(0, np.int64))
    assert (parked.search_s == 0.0).all()
    return float((parked.outcome[arrive_s > HOUR_S] == GONE).mean())


def erlang_b(spaces, erlang=40.0):
    share = 1.0
    for number in range(1, spaces + 1):
        share = erlang * share / (number + erlang * share)
    return share


@pytest.mark.parametrize("spaces", [52, 53])
def test_a_block_refuses_as_many_as_erlang_b_says(city, spaces):
    town = one_street(city, spaces)
    days = [refused(town, seed) for seed in range(40)]
    error = np.std(days, ddof=1) / np.sqrt(len(days))
    assert error < 0.0006, "the case is meant to tell 52 places from 53"
    assert np.mean(days) == pytest.approx(erlang_b(spaces), abs=3 * error)
    assert (erlang_b(spaces) < 0.01) == (spaces >= 53)


@pytest.mark.parametrize(("kind", "share"), [("charging", PLUG_SHARE), ("disabled", CARD_SHARE)])
def test_reserved_bays_are_for_drivers_with_a_plug_or_a_card(city, kind, share):
    taken_by = 1.0 - refused(one_street(city, 1000, kind), 1)
    error = np.sqrt(share * (1 - share) / 11_000)
    assert taken_by == pytest.approx(share, abs=3 * error)
