from datetime import date, datetime, timedelta

import numpy as np
import pytest
from grid import make_city
from tiny import tiny_city

from sensors.simulated.bikes import LABELLED_D, ROUND_D
from sensors.simulated.local_day import LocalDay
from sensors.simulated.parking import BLOCK_D
from sensors.simulated.true_day import TrueCity

pytestmark = pytest.mark.slow

TUESDAY = date(2026, 5, 12)
SATURDAY = date(2026, 5, 16)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=make_city().zone)


def everything(day):
    return (
        day.parking.bays.tobytes(),
        day.parking.garages.tobytes(),
        day.bikes.racked.tobytes(),
        day.bikes.loose.tobytes(),
        day.bikes.dumped.tobytes(),
        day.counted.tobytes(),
    )


def test_a_day_is_the_same_whichever_days_were_looked_at_before(city):
    in_order = TrueCity(city, seed=4)
    week = [everything(in_order.day(TUESDAY + timedelta(days))) for days in (-3, -2, -1, 0)]
    alone = TrueCity(city, seed=4)
    assert [everything(alone.day(TUESDAY + timedelta(days))) for days in (0, -3, -2)] == [
        week[3],
        week[0],
        week[1],
    ]
    assert everything(TrueCity(city, seed=5).day(TUESDAY)) != week[3]


def test_the_state_goes_on_over_midnight(true):
    for days in range(3):
        one, next_one = (true.day(TUESDAY + timedelta(days + more)) for more in (0, 1))
        assert np.array_equal(one.parking.bays[-1], next_one.parking.bays[0])
        assert np.array_equal(one.parking.garages[-1], next_one.parking.garages[0])


def test_the_seam_between_two_blocks_hardly_shows(city):
    first = date.fromordinal(BLOCK_D * (TUESDAY.toordinal() // BLOCK_D + 1))
    for seed in range(2):
        true = TrueCity(city, seed=seed)
        before = true.day(first - timedelta(1)).parking.bays[-1] > 0
        after = true.day(first).parking.bays[0] > 0
        # as much as changes within two hours of a morning, once in two weeks
        assert (before != after).mean() < 0.08
        assert before.mean() == pytest.approx(after.mean(), abs=0.02)


def test_days_on_which_the_clock_is_changed_have_23_and_25_hours(true):
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        assert len(true.day(day).parking.bays) == 12 * hours + 1
        assert all(len(each) == hours for each in true.day(day).passages().values())
    short = LocalDay.of(date(2026, 3, 29), true.zone).clock()
    assert 2.0 not in np.floor(short)


def test_a_day_looks_like_a_day_in_a_city_centre(true):
    day, saturday = true.day(TUESDAY), true.day(SATURDAY)
    share = (day.parking.bays > 0).mean(axis=1)
    assert 0.5 < share.min() < 0.7
    assert 0.75 < share.max() < 0.97
    assert share[12 * 4] < share[12 * 15]
    passages = {name: np.array(hours) for name, hours in day.passages().items()}
    busy = passages["c2"]
    assert 400 < busy.max() < 2500
    assert busy[3] < 0.02 * busy.max()
    assert all(20 < passages[name].max() < 350 for name in ("c4", "c5", "c6"))
    assert max(saturday.passages()["c2"]) > 1.1 * busy.max()
    filled = true.day(TUESDAY).bikes.racked.max(axis=1) / true.ground.racks.weight
    assert 0.8 < filled.max() < 1.2


def test_what_a_day_says_by_name_is_what_stands_there(true):
    day = true.day(TUESDAY)
    at = noon(TUESDAY)
    occupied = day.occupied(at)
    assert sum(occupied.values()) == (day.parking.bays[12 * 12] > 0).sum()
    assert max(occupied.values()) <= 8
    standing = day.standing(at)
    assert standing.count("racked") == sum(day.racked(at).values())
    assert standing.count("dumped") == len(day.bikes.dumped)
    on_counters = dict(zip(true.ground.counters.names, true.ground.counters.segment, strict=True))
    streets = day.street_passages()
    segment = true.ground.streets.names[on_counters["c0"]]
    assert streets[segment] == day.passages()["c0"]
    with pytest.raises(ValueError, match="is not on 2026-05-12"):
        day.occupied(noon(SATURDAY))


def test_dumped_bikes_stay_until_a_round_takes_them_away(true):
    dumped = [set(true.day(TUESDAY + timedelta(day)).bikes.dumped.tolist()) for day in range(80)]
    assert 1 <= np.mean([len(spots) for spots in dumped]) <= 20
    stays = []
    for spot in set.union(*dumped):
        there = "".join("x" if spot in spots else " " for spots in dumped)
        stays += [len(run) for run in there[there.find(" ") : there.rfind(" ") + 1].split()]
    # two at one spot can follow on each other and look like one long stay
    assert min(stays) >= LABELLED_D
    assert np.median(stays) <= LABELLED_D + ROUND_D


def test_rain_keeps_walkers_and_cyclists_at_home(true):
    days = [true.day(TUESDAY + timedelta(days)) for days in range(120)]
    wet = [day for day in days if day.weather.rain_mm[12] > 0.3]
    dry = [day for day in days if day.weather.rain_mm[11:14].max() == 0]
    assert wet
    assert dry
    for of in (lambda day: day.weather.walking[12], lambda day: day.weather.cycling[12]):
        assert np.mean([of(day) for day in wet]) < 0.85 * np.mean([of(day) for day in dry])


def test_an_event_draws_people_to_its_street(city):
    true = TrueCity(city, seed=2)
    days = [true.day(TUESDAY + timedelta(days)) for days in range(40)]
    eventful = [day for day in days if day.event is not None]
    assert 2 <= len(eventful) <= 25
    day = eventful[0]
    quarter = int(4 * (day.event.from_hour + day.event.to_hour) / 2)
    usual = true.day(day.local.local_date)
    without = usual._life.footfall.expected(day.local, day.weather, None)
    more = day.expected[day.event.segment, quarter] - without[day.event.segment, quarter]
    assert more > 50
    assert np.all(day.expected >= without)


def test_a_place_without_homes_or_shops_has_a_life_too():
    true = TrueCity(tiny_city(), seed=1)
    day = true.day(TUESDAY)
    assert 0.3 < (day.parking.bays > 0).mean() < 1
    assert sum(sum(hours) for hours in day.passages().values()) > 0


def test_empty_layers_are_no_error(city):
    empty = ("bays", "racks", "garages", "counters", "stops", "attractors", "buildings")
    bare = city.with_layers(**{name: city.layers[name].iloc[:0] for name in empty})
    day = TrueCity(bare, seed=1).day(TUESDAY)
    assert day.occupied(noon(TUESDAY)) == {}
    assert day.passages() == {}
    assert day.racked(noon(TUESDAY)) == {}
