"""More of what people look for does not make it harder to find, on the mean of twenty days."""

import numpy as np
import pytest
from neighbourhood import neighbourhood

from scenarios.day.day import simulate
from scenarios.day.parameters import Parameters
from scenarios.day.people import BLOCKS, Expected
from scenarios.day.town import Town

pytestmark = pytest.mark.slow

SEEDS = range(20)
CROWDED = Parameters(visits=40.0, kerb=3.0, garages=0.5, cycling=2.0, cars_per_dwelling=2.5)
"""So many people that spaces and racks run short."""


def days(city):
    """Live twenty days on which drivers expect the same whatever happens: demand is held fixed."""
    town = Town.of(city)
    shape = (town.zones, BLOCKS)
    expected = Expected(np.full(shape, 2.0), np.full(shape, 150.0))
    return [simulate(town, CROWDED, seed, expected=expected) for seed in SEEDS]


def with_capacity(city, layer, times):
    frame = city.layers[layer].copy()
    frame["capacity"] = frame["capacity"] * times
    return city.with_layers(**{layer: frame})


def test_more_places_in_racks_are_fewer_loose_bikes():
    city = neighbourhood()
    few, many = days(city), days(with_capacity(city, "racks", 3))
    before = np.mean([day.stood.loose.sum() for day in few])
    after = np.mean([day.stood.loose.sum() for day in many])
    assert before > 0
    assert after < before


def test_more_spaces_are_no_longer_search():
    city = neighbourhood()
    few, many = days(city), days(with_capacity(city, "bays", 2))

    def searched(lived):
        return np.mean([day.parked.search_s[~day.cars.is_there].sum() for day in lived])

    assert searched(few) > 0
    # One driver's space may be another's: on the mean of twenty days a hundredth is allowed.
    assert searched(many) <= 1.01 * searched(few)
