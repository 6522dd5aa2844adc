"""What every measure must do, ours and those that installed packages bring."""

import copy
import json
import re

import pytest
import shapely
from neighbourhood import area, canonical, drawn, independent, lonlat, neighbourhood, said
from pydantic import ValidationError

from scenarios.applying import apply
from scenarios.errors import MeasureError
from scenarios.files import read_scenario, scenario_yaml
from scenarios.measures import (
    CORE,
    check_measures,
    kind_of,
    load_measures,
    load_prices,
    measure_adapter,
)
from scenarios.measures.measure import Measure
from scenarios.measures.wording import THINGS
from scenarios.prices import Price, Prices
from scenarios.scenario import Scenario
from twin.layers import LAYERS
from twin.place.check import check_city
from twin.place.frames import rows_of
from twin.words import LANGUAGES

HOOD = neighbourhood()
CONTENT = independent(HOOD)
NOT_FOR_RESIDENTS = re.compile(r"\b(cell|cel|ensemble|release|calibration|segment|attractor)\b")
NOWHERE = {"street": "Nergens"}
BOWTIE = [[4.9, 52.3], [4.91, 52.31], [4.91, 52.3], [4.9, 52.31], [4.9, 52.3]]


@pytest.fixture(params=[*(kind_of(each) for each in CORE), "zebra"])
def content(request, outside):
    """A measure of each kind as a file has it; the last kind comes from outside."""
    kind = request.param
    own = {"where": {"street": "Straat 4"}} if kind == "zebra" else CONTENT[kind]
    return {"kind": kind, "id": "m7", **copy.deepcopy(own)}


@pytest.fixture
def measure(content):
    return measure_adapter().validate_python(content)


def test_there_is_an_example_of_each():
    assert set(CONTENT) == {kind_of(each) for each in CORE}


def test_it_can_be_carried_out_and_the_city_stays_sound(measure):
    assert list(measure.faults(HOOD)) == []
    changed = measure.apply(HOOD)
    check_city(changed)
    assert canonical(changed) != canonical(HOOD)


def test_it_leaves_the_city_it_is_given_as_it_is(measure):
    city = neighbourhood()
    before = canonical(city)
    frames = dict(city.layers)
    columns = {name: list(frame.columns) for name, frame in frames.items()}
    measure.apply(city)
    measure.describe(city), measure.footprint(city), measure.cost(city, load_prices())
    assert canonical(city) == before
    assert all(city.layers[name] is frame for name, frame in frames.items())
    assert columns == {name: list(frame.columns) for name, frame in city.layers.items()}


def test_it_changes_neither_counters_nor_cells_nor_what_streets_are_called(measure):
    changed = measure.apply(HOOD)
    for name in ("counters", "cells", "junctions"):
        assert changed.layers[name] is HOOD.layers[name]
    was, now = HOOD.segments, changed.segments
    assert list(was["segment"]) == list(now["segment"])
    assert list(was["name"].fillna("")) == list(now["name"].fillna(""))


def test_new_things_are_called_after_it_and_all_others_as_before(measure):
    other = measure.model_copy(update={"id": "m8"})
    one, two = measure.apply(HOOD), other.apply(HOOD)
    for layer in LAYERS:
        was = set(HOOD.layers[layer.name][layer.key])
        new = [set(city.layers[layer.name][layer.key]) - was for city in (one, two)]
        assert all(re.fullmatch(rf"m7-{layer.key}-\d+", key) for key in new[0])
        assert {key.replace("m7-", "m8-", 1) for key in new[0]} == new[1]


def test_nothing_changes_away_from_where_it_says(measure):
    near = measure.footprint(HOOD).buffer(10)
    changed = measure.apply(HOOD)
    for layer in LAYERS:
        was = {row[layer.key]: row for row in rows_of(HOOD.layers[layer.name])}
        now = {row[layer.key]: row for row in rows_of(changed.layers[layer.name])}
        for key in was.keys() | now.keys():
            rows = [rows[key] for rows in (was, now) if key in rows]
            if not all(near.intersects(row["geometry"]) for row in rows):
                assert len(rows) == 2
                assert repr(rows[0]) == repr(rows[1])


def test_doing_it_again_gives_the_same(measure):
    assert canonical(measure.apply(HOOD)) == canonical(measure.apply(neighbourhood()))


def test_it_can_be_done_in_a_city_of_public_columns(measure):
    public = HOOD.with_layers(
        **{
            layer.name: HOOD.layers[layer.name][[*layer.public_columns, "geometry"]]
            for layer in LAYERS
        }
    )
    assert list(measure.faults(public)) == []
    changed = measure.apply(public)
    for layer in LAYERS:
        assert list(changed.layers[layer.name].columns) == [*layer.public_columns, "geometry"]


def test_it_is_the_same_after_writing_and_reading(measure):
    scenario = Scenario(name="one", measures=(measure,))
    assert read_scenario(scenario_yaml(scenario)) == scenario
    again = read_scenario(json.dumps(scenario.as_json()))
    assert again == scenario
    assert again.measures[0] == measure
    assert again.fingerprint() == scenario.fingerprint()


def test_it_cannot_be_changed(measure):
    with pytest.raises(ValidationError, match="frozen"):
        measure.id = "other"


def test_it_is_described_in_both_languages_in_plain_words(measure):
    text = measure.describe(HOOD)
    assert text.nl != text.en
    assert measure.title.nl != measure.title.en
    for language in LANGUAGES:
        said = text.into(language)
        assert len(said) > 10
        assert not said.endswith(".")
        assert not NOT_FOR_RESIDENTS.search(said.lower())
        assert "None" not in said
        assert measure.title.into(language)


def test_it_says_where_it_changes_something(measure):
    footprint = measure.footprint(HOOD)
    assert not footprint.is_empty
    assert footprint.is_valid
    assert HOOD.boundary.buffer(1).covers(footprint)


def test_it_costs_what_the_table_says(measure):
    prices = load_prices()
    cost = measure.cost(HOOD, prices)
    assert cost.investment_eur >= 0
    assert cost.yearly_eur >= 0

    def times(factor):
        return Prices(
            {
                name: Price(
                    unit=price.unit,
                    investment_eur=(price.investment_eur + 1) * factor,
                    yearly_eur=(price.yearly_eur + 1) * factor,
                )
                for name, price in prices.by_name.items()
            }
        )

    once, tenfold = measure.cost(HOOD, times(100.0)), measure.cost(HOOD, times(1000.0))
    assert once.investment_eur > 0
    assert tenfold.investment_eur == pytest.approx(10 * once.investment_eur, rel=0.01)
    assert tenfold.yearly_eur == pytest.approx(10 * once.yearly_eur, rel=0.01)
    assert measure.cost(HOOD, times(0.0)).investment_eur == 0


def test_each_of_its_fields_is_explained(measure):
    for name, field in type(measure).model_fields.items():
        if name not in {"kind", "where"}:
            assert field.description, name


def test_what_it_does_not_know_is_refused(content):
    with pytest.raises(ValidationError, match="Extra inputs"):
        measure_adapter().validate_python({**content, "extra": 1})


def test_absurd_numbers_are_refused(content):
    for name, value in content.items():
        if isinstance(value, int | float):
            for absurd in (-1, float("nan"), float("inf"), 1e12, "4", True):
                with pytest.raises(ValidationError):
                    measure_adapter().validate_python({**content, name: absurd})


def test_a_place_that_is_not_there_is_refused(content):
    if "where" not in content:
        return
    far = {"at": lonlat(HOOD, -3000, 0)}
    out = {"area": drawn(HOOD, area(-100, 0, 100, 100))}
    for where in (NOWHERE, far, out, {"segments": ["nothing"]}):
        wrong = measure_adapter().validate_python({**content, "where": where})
        faults = said(wrong.faults(HOOD))
        assert faults
        assert all(fault.startswith("where.") for fault in faults)


def test_an_area_that_is_none_is_refused(content):
    field = "footprint_area" if "footprint_area" in content else "where"
    if field not in content:
        return
    circle = [[4.9 + 1e-6 * n, 52.3 + 1e-6 * (n % 2)] for n in range(5_001)]
    nan = [[4.9, float("nan")], *BOWTIE[1:]]
    for ring in (BOWTIE, nan, [*circle, circle[0]], BOWTIE[:2], BOWTIE[:-1]):
        shape = {"type": "Polygon", "coordinates": [ring]}
        wrong = shape if field == "footprint_area" else {"area": shape}
        with pytest.raises(ValidationError):
            measure_adapter().validate_python({**content, field: wrong})


def test_it_goes_with_a_scenario(measure):
    before = canonical(HOOD)
    changed = apply(Scenario(name="one", measures=(measure,)), HOOD)
    assert canonical(changed) != before
    for layer in LAYERS:
        was = [str(key) for key in HOOD.layers[layer.name][layer.key]]
        now = [str(key) for key in changed.layers[layer.name][layer.key]]
        stay = [key for key in was if key in set(now)]
        assert now[: len(stay)] == stay
        assert now[len(stay) :] == sorted(now[len(stay) :])


def test_every_layer_has_a_name_in_dutch():
    assert set(THINGS) == {layer.name for layer in LAYERS}


def test_a_measure_from_outside_is_known_once_it_is_installed(outside):
    assert [kind_of(each) for each in load_measures()][-1] == "zebra"
    zebra = measure_adapter().validate_python({"kind": "zebra", "where": {"street": "Straat 4"}})
    prices = load_prices()
    assert zebra.cost(HOOD, prices).investment_eur == 12_000


def test_one_that_is_declared_wrongly_is_refused():
    class NoKind(Measure, frozen=True):
        pass

    class Twice(CORE[0], frozen=True):
        pass

    with pytest.raises(MeasureError) as raised:
        check_measures((*CORE, NoKind, Twice, shapely))
    assert len(raised.value.faults) == 4
    assert "'remove_bays' is used twice" in str(raised.value)
