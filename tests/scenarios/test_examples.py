"""The examples are plans that can be carried out."""

from collections import Counter
from pathlib import Path

import pytest
from town import RULES

import scenarios
from scenarios.applying import apply, cities, cost
from scenarios.files import read_future, read_scenario, scenario_yaml
from scenarios.measures import load_prices
from scenarios.scenario import Words
from twin.place import helsinki as helsinki_request
from twin.place import import_place, read_place_file
from twin.place.check import check_city

FOLDER = Path(scenarios.__file__).parent
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {path.stem: path for path in sorted((FOLDER / "examples").glob("*.yaml"))}
FUTURES = {path.stem: path for path in sorted((FOLDER / "futures").glob("*.yaml"))}


@pytest.fixture(scope="module")
def places(shared_data):
    amsterdam = ROOT / "examples" / "amsterdam-houthavens.toml"
    requests = [
        helsinki_request(),
        read_place_file(amsterdam, files=shared_data / "amsterdam-houthavens"),
    ]
    found = [import_place(request, cell_rules=RULES) for request in requests]
    return {city.name: city for city in found}


def test_each_place_has_some():
    count = Counter(read_scenario(path).place for path in EXAMPLES.values())
    assert set(count) == {"helsinki", "amsterdam-houthavens"}
    assert min(count.values()) >= 3


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_called_as_its_file_and_explained(name):
    scenario = read_scenario(EXAMPLES[name])
    assert scenario.name == name
    assert isinstance(scenario.title, Words)
    assert scenario.title.nl != scenario.title.en
    assert all(f"id: {each.id}" in EXAMPLES[name].read_text() for each in scenario.measures)
    assert read_scenario(scenario_yaml(scenario)) == scenario


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_can_be_carried_out(name, places):
    scenario = read_scenario(EXAMPLES[name])
    city = places[scenario.place]
    changed = apply(scenario, city)
    check_city(changed)
    steps = cities(scenario, city)
    for measure, before in zip(scenario.measures, steps, strict=False):
        assert measure.describe(before).nl != measure.describe(before).en
        assert city.boundary.buffer(60).covers(measure.footprint(before))
    assert sum(vars_of(cost(scenario, city, load_prices()))) > 0


def vars_of(found):
    return found.investment_eur, found.yearly_eur


@pytest.mark.parametrize("name", FUTURES)
def test_a_future_is_called_as_its_file(name):
    assert read_future(FUTURES[name]).name == name


def test_today_changes_nothing():
    from scenarios.future import Future

    assert read_future(FUTURES["today"]) == Future()
    assert len(FUTURES) >= 3
