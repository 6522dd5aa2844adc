"""What docs/scenarios.md shows can be read, and does what it says."""

from pathlib import Path

import jsonschema
import pytest
import yaml
from neighbourhood import capacity, neighbourhood
from pages import ROOT, all_blocks, blocks, label

import scenarios
from scenarios.files import read_scenario
from scenarios.measures import CORE, kind_of, load_prices
from scenarios.parking_balance import read_norms
from scenarios.schema import scenario_schema

PAGE = ROOT / "docs" / "scenarios.md"
PLANS = sorted((Path(scenarios.__file__).parent / "examples").glob("*.yaml"))


@pytest.mark.parametrize("block", all_blocks("yaml"), ids=label)
def test_yaml_is_a_plan(block):
    if block.page == PAGE:
        assert read_scenario(block.text).measures


def test_the_python_on_it_carries_the_plan_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (plan,) = blocks(PAGE, "yaml")
    Path(plan.title).write_text(plan.text.replace("Annankatu", "Zuidkade"), encoding="utf-8")
    (shown,) = [block for block in blocks(PAGE, "python") if not block.title]
    names = {"city": neighbourhood()}
    exec(compile(shown.text, label(shown), "exec"), names)
    assert capacity(names["changed"]) == capacity(names["city"]) - 12
    assert names["euros"].investment_eur > 0


def test_the_prices_on_it_are_a_city_s_own(tmp_path):
    (block,) = [block for block in blocks(PAGE, "toml") if block.title == "prices.toml"]
    path = tmp_path / block.title
    path.write_text(block.text, encoding="utf-8")
    assert load_prices(path).by_name["bench"].source == "tender of 2026"


def test_the_norms_on_it_are_a_city_s_own(tmp_path):
    (block,) = [block for block in blocks(PAGE, "toml") if block.title == "norms.toml"]
    path = tmp_path / block.title
    path.write_text(block.text, encoding="utf-8")
    dwelling, before = read_norms(path).by_name["dwelling"], read_norms().by_name["dwelling"]
    assert dwelling.spaces == 0.6
    assert dwelling.presence == before.presence


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_each_example_keeps_to_the_schema(path):
    jsonschema.validate(yaml.safe_load(path.read_text()), scenario_schema(CORE))


def test_the_schema_refuses_what_reading_refuses():
    schema = scenario_schema(CORE)
    for wrong in (
        {"name": "Quay"},
        {"name": "quay", "measures": [{"kind": "nothing"}]},
        {"name": "quay", "measures": [{"kind": "remove_bays", "where": {}, "count": 0}]},
        {"name": "quay", "measures": [{"where": {"street": "A"}}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_every_measure_is_on_it():
    text = PAGE.read_text()
    assert [each for each in CORE if f"### `{kind_of(each)}`" not in text] == []
