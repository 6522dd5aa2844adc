"""What people mean to do is kept for days on which they mean the same, and changes nothing."""

import pickle

import pytest
from neighbourhood import neighbourhood

from scenarios.applying import apply
from scenarios.day import population
from scenarios.day.day import simulate
from scenarios.day.parameters import NOWHERE_DIFFERENT, Parameters
from scenarios.day.population import Memory
from scenarios.day.town import Town
from scenarios.figures import figures
from scenarios.scenario import Scenario

pytestmark = pytest.mark.slow

SAME = {
    "no bays": {"kind": "remove_bays", "where": {"segments": ["s1"]}},
    "dearer": {"kind": "tariff", "where": {"segments": ["s1"]}, "price_eur_h": 7.5},
}
OTHER = {
    "stands": {"kind": "add_racks", "where": {"segments": ["s1"]}, "places": 20},
    "café gone": {"kind": "close_attractor", "attractor": "a-cafe-1"},
}


@pytest.fixture(scope="module")
def city():
    return neighbourhood()


def town_with(city, measure=None):
    measures = [measure] if measure else []
    return Town.of(apply(Scenario.model_validate({"name": "plan", "measures": measures}), city))


@pytest.fixture
def made(monkeypatch):
    """Count how often it is made anew what people mean to do."""
    count, make = [], population._meant
    monkeypatch.setattr(population, "_meant", lambda *given: count.append(1) or make(*given))
    return count


def lived(town, memory=None, seed=3, parameters=None):
    day = simulate(town, parameters or Parameters(), seed, local=NOWHERE_DIFFERENT, memory=memory)
    return pickle.dumps(figures(town, day))


@pytest.mark.parametrize("name", [*SAME, *OTHER])
def test_a_day_is_the_same_whatever_was_lived_before(city, made, name):
    town = town_with(city, (SAME | OTHER)[name])
    memory = Memory(4)
    lived(town_with(city), memory)
    made.clear()
    assert lived(town, memory) == lived(town)
    assert len(made) == (1 if name in SAME else 2)


def test_other_people_or_other_luck_mean_something_else(city, made):
    town, memory = town_with(city), Memory(4)
    busier = Parameters(visits=Parameters().visits * 1.1)
    for more in ({}, {"seed": 4}, {"parameters": busier}, {}):
        assert lived(town, memory, **more) == lived(town, **more)
    assert len(made) == 3 + 4


def test_a_day_writes_nothing_into_what_is_kept(city):
    town, memory = town_with(city), Memory(4)
    lived(town, memory)
    ((_, kept),) = memory._made.items()
    before = pickle.dumps(kept)
    lived(town_with(city, SAME["no bays"]), memory)
    assert pickle.dumps(kept) == before
    assert len(memory._made) == 1
