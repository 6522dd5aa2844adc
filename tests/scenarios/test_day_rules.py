"""What rules do to one simulated day: spaces under a market, and what a garage costs."""

from dataclasses import replace

import numpy as np
import pytest
from neighbourhood import neighbourhood
from shapely import box
from tiny import SIZE_M, SOUTH, WEST

from scenarios.day.day import clock, simulate
from scenarios.day.kinds import HOURS
from scenarios.day.parameters import Parameters
from scenarios.day.rules import GARAGE_EUR_H
from scenarios.day.town import Town
from scenarios.figures import figures
from twin.rules import GaragePrice, Hours, NoParking

pytestmark = pytest.mark.slow

BUSY = Parameters(visits=40.0, cars_per_dwelling=2.5, kerb=3.0, garages=0.5)
SHUT = "bay-s1"


@pytest.fixture(scope="module")
def city():
    boundary = box(WEST + 10, SOUTH + 10, WEST + SIZE_M - 10, SOUTH + SIZE_M - 10)
    return replace(neighbourhood(), boundary=boundary)


@pytest.fixture(scope="module")
def day(city):
    return simulate(Town.of(city), BUSY, 3)


def test_spaces_under_a_market_are_empty_meanwhile_and_used_before_and_after(city, day):
    rule = NoParking((SHUT,), Hours(9, 17))
    town = Town.of(city.with_rules(no_parking=(rule,)))
    cleared = simulate(town, BUSY, 3)
    at = town.names["bays"].index(SHUT)
    meanwhile = [clock(hour) for hour in range(10, 17)]
    otherwise = [step for step in range(HOURS) if step not in [*meanwhile, clock(9)]]
    assert day.occupied[at, meanwhile].all()
    assert not cleared.occupied[at, meanwhile].any()
    assert cleared.occupied[at, otherwise].sum() > 0.5 * day.occupied[at, otherwise].sum()


def test_on_another_day_a_market_leaves_the_spaces_alone(city, day):
    rule = NoParking((SHUT,), Hours(9, 17, (5,)))
    again = simulate(Town.of(city.with_rules(no_parking=(rule,))), BUSY, 3)
    assert np.array_equal(again.occupied, day.occupied)


def test_a_market_past_midnight_ends_with_the_night(city):
    town = Town.of(city.with_rules(no_parking=(NoParking((SHUT,), Hours(22, 2)),)))
    at = town.names["bays"].index(SHUT)
    assert town.bay_shut_h[:, at].tolist() == [clock(22), clock(1) + 1]


def test_who_pays_more_for_a_garage_goes_there_less(city):
    def in_garage(price_eur_h):
        town = Town.of(city.with_rules(garage_prices=(GaragePrice("garage-1", price_eur_h),)))
        lived = simulate(town, replace(BUSY, garages=3.0), 3)
        return float(figures(town, lived).hourly[1].sum())

    cheap, dear = in_garage(1.0), in_garage(20.0)
    assert dear < in_garage(GARAGE_EUR_H) < cheap


def test_a_garage_at_the_usual_price_changes_nothing(city, day):
    same = Town.of(city.with_rules(garage_prices=(GaragePrice("garage-1", GARAGE_EUR_H),)))
    again = simulate(same, BUSY, 3)
    assert np.array_equal(again.people.mode, day.people.mode)
    assert np.array_equal(again.in_garage, day.in_garage)
