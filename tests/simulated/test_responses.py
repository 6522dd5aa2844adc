"""What a change of the city does to its true day: the right sign, whatever the seed."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from grid import at, changed, with_racks

from sensors.simulated.true_day import TrueCity

pytestmark = pytest.mark.slow

MONDAY = date(2026, 5, 11)
SEEDS = (0, 1)
STREET = ("s33-43", "s43-53", "s53-63")


def days(true, count=2):
    return [true.day(MONDAY + timedelta(day)) for day in range(count)]


def taken(true, is_counted):
    """Return the mean number of occupied bays, over the hours of some days, of groups by name."""
    names = true.ground.bays.names
    total = [
        sum(
            count
            for name, count in day.occupied(
                datetime.fromtimestamp(day.local.start_s + hour * 3600, true.zone)
            ).items()
            if is_counted(name)
        )
        for day in days(true)
        for hour in range(8, 23, 2)
    ]
    assert names
    return np.mean(total)


def in_street(name):
    return name.startswith(STREET)


def elsewhere(name):
    return not in_street(name)


def loose_near(true, spots, reach_m):
    total = 0
    for day in days(true, 8):
        when = datetime.combine(day.local.local_date, datetime.min.time(), true.zone)
        standing = day.standing(when + timedelta(hours=15))
        for x, y in spots:
            near = np.hypot(standing.x_m - x, standing.y_m - y) < reach_m
            total += ((standing.state == 1) & near).sum()
    return total


def walked(true, counter):
    return sum(sum(day.passages()[counter]) for day in days(true))


@pytest.fixture(scope="module", params=SEEDS)
def before(request, city):
    return TrueCity(city, seed=request.param), request.param


def after(city, changed_city, seed):
    return TrueCity(changed_city, seed=seed, reference=city)


def test_no_change_changes_nothing(city, before):
    now, seed = before
    same = after(city, changed(city, "bays", lambda bays: bays), seed)
    assert np.array_equal(days(now, 1)[0].parking.bays, days(same, 1)[0].parking.bays)
    assert np.array_equal(days(now, 1)[0].counted, days(same, 1)[0].counted)


def test_fewer_bays_in_a_street_make_the_others_fuller(city, before):
    now, seed = before
    halved = changed(
        city,
        "bays",
        lambda bays: bays.assign(capacity=bays.capacity.where(~bays.bay.map(in_street), 4)),
    )
    then = after(city, halved, seed)
    gone = taken(now, in_street) - taken(then, in_street)
    moved = taken(then, elsewhere) - taken(now, elsewhere)
    # 6 groups of 8 bays, of which half go; most of their cars find another place
    assert gone > 15
    assert moved > 0.3 * gone
    turned_away = [sum(day.parking.turned_away for day in days(true)) for true in (now, then)]
    assert turned_away[1] >= turned_away[0]


def test_a_street_closed_for_cars_empties_and_the_others_fill(city, before):
    now, seed = before
    closed = changed(
        city,
        "segments",
        lambda streets: streets.assign(
            car_forward=streets.car_forward & ~streets.segment.isin(STREET),
            car_backward=streets.car_backward & ~streets.segment.isin(STREET),
        ),
    )
    then = after(city, closed, seed)
    assert taken(now, in_street) > 30
    assert taken(then, in_street) == 0
    assert taken(then, elsewhere) > taken(now, elsewhere) + 10


def test_a_higher_tariff_lowers_demand_where_one_pays(city, before):
    now, seed = before
    dearer = changed(city, "bays", lambda bays: bays.assign(price_eur_h=bays.price_eur_h.mul(2)))
    then = after(city, dearer, seed)

    def paid(name):
        return name.endswith("left")

    assert taken(then, paid) < taken(now, paid) - 1
    residents = [(day.parking.bays[12 * 4] == 1).mean() for day in days(now)]
    same = [(day.parking.bays[12 * 4] == 1).mean() for day in days(then)]
    assert same == pytest.approx(residents, abs=0.03)


def test_more_racks_leave_fewer_loose_bikes_nearby_but_not_none(city, before):
    now, seed = before
    spots = [(2.3, 2), (4.3, 2), (6.3, 2)]
    then = after(city, with_racks(city, spots, 30), seed)
    places = [at(*spot) for spot in spots]
    assert 0 < loose_near(then, places, 60) < loose_near(now, places, 60)


def test_shops_that_close_take_their_passers_by_with_them(city, before):
    now, seed = before
    closed = changed(city, "attractors", lambda shops: shops[shops.segment != "s42-52"])
    then = after(city, closed, seed)
    assert walked(then, "c2") < 0.8 * walked(now, "c2")
    far = [walked(true, "c6") / walked(now, "c6") for true in (now, then)]
    assert 0.8 < far[1] <= far[0]


def test_nobody_walks_in_a_street_closed_for_walking(city, before):
    now, seed = before
    closed = changed(
        city,
        "segments",
        lambda streets: streets.assign(walk=streets.walk & (streets.segment != "s20-21")),
    )
    then = after(city, closed, seed)
    assert walked(now, "c4") > 500
    assert walked(then, "c4") < 0.1 * walked(now, "c4")
    assert walked(then, "c0") > 0.9 * walked(now, "c0")
