"""Plans side by side, across futures, and the parts of measures: tables, pages and files."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from reports import MEASURES, PAIRS, Page, effects_of, hood_of, study_of

from scenarios.comparison import Comparison, compare
from scenarios.contributions import Contributions
from scenarios.ensemble import Interval
from scenarios.errors import ScenarioError
from scenarios.future import Future
from scenarios.indicators import INDICATORS
from scenarios.output import write_all, write_comparison, write_sweep
from scenarios.parking_balance import MOMENTS
from scenarios.report.page import report_html
from scenarios.workers import Workers

FUTURES = (Future(name="today"), Future(name="fewer-cars", car_ownership=0.5))
FEW = {"loose_bikes": (-300.0, -100.0), "search_visitors": (50.0, 150.0)}
TURNED = {"loose_bikes": (-80.0, -20.0), "search_visitors": (-90.0, -50.0)}


@pytest.fixture(scope="module")
def hood():
    return hood_of()


@pytest.fixture(scope="module")
def comparison(hood):
    study = study_of(hood, *MEASURES)
    other = study_of(hood, MEASURES[1], name="stands", title="Stands <only>")
    studies = [[one.in_future(future) for future in FUTURES] for one in (study, other)]
    effects = [
        [effects_of(hood, FEW), effects_of(hood, TURNED)],
        [effects_of(hood, FEW), effects_of(hood, {"loose_bikes": (-50.0, 100.0)})],
    ]
    return Comparison([future.name for future in FUTURES], studies, effects)


def held(comparison, plan, name):
    return next(one for one in comparison.held(plan) if one.indicator.name == name)


def test_what_is_clear_and_the_same_way_in_all_futures_holds(comparison):
    loose = held(comparison, 0, "loose_bikes")
    assert loose.holds
    assert loose.is_good
    assert loose.change == Interval(
        pytest.approx(-280), pytest.approx((-200 - 50) / 2), pytest.approx(-26)
    )
    assert loose.words("en") == "probably 26 to 280 fewer bikes"
    assert not held(comparison, 0, "search_visitors").holds, "it turns round"
    assert not held(comparison, 1, "loose_bikes").holds, "it is not clear in one of them"
    unchanged = held(comparison, 0, "car_km")
    assert not unchanged.holds
    assert unchanged.words("en") == ""


def test_it_is_a_table(comparison):
    frame = comparison.table("en")
    assert len(frame) == len(INDICATORS)
    assert frame.loc["Loose bikes", ("quay", "holds in all")]
    assert not frame.loc["Loose bikes", ("stands", "holds in all")]
    assert frame.loc["Loose bikes", ("quay", "today")] == "probably 120 to 280 fewer bikes"
    assert ("quay", "geldt in alle") in comparison.table("nl").columns


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_is_a_page_that_marks_what_holds(comparison, tmp_path, language):
    html, table = write_comparison(comparison, tmp_path, language)
    text = html.read_text(encoding="utf-8")
    page = Page(text)
    assert page.of("html") == [{"lang": language}]
    assert text.count("●") == 1 + sum(
        one.holds for plan in range(2) for one in comparison.held(plan)
    )
    assert {"nl": "In alle toekomsten", "en": "In all futures"}[language] in page.text
    assert "Stands <only>" in page.text
    assert "<script" not in text
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert len(rows) == 2 * 2 * len(INDICATORS)
    holding = {(row["plan"], row["indicator"]) for row in rows if row["holds_in_all"] == "true"}
    assert holding == {("quay", "loose_bikes")}


def test_in_one_future_plans_stand_beside_one_another(comparison, tmp_path):
    alone = Comparison(
        comparison.futures[:1],
        [of_plan[:1] for of_plan in comparison.studies],
        [of_plan[:1] for of_plan in comparison.effects],
    )
    html, _ = write_comparison(alone, tmp_path, "en")
    page = Page(html.read_text(encoding="utf-8"))
    assert "In all futures" not in page.text
    assert page.text.count("probably 120 to 280 fewer bikes") == 2


def test_what_cannot_be_told_apart_is_refused(hood):
    study = study_of(hood, *MEASURES)
    with Workers(1) as workers:
        with pytest.raises(ScenarioError, match="different days"):
            compare([study, study_of(hood, day="sunday", name="other")], (), workers)
        with pytest.raises(ScenarioError, match="Two plans"):
            compare([study, study], (), workers)
        with pytest.raises(ScenarioError, match="Two futures"):
            compare([study], (FUTURES[0], FUTURES[0]), workers)


@pytest.mark.slow
def test_plans_are_lived_in_every_future_with_the_same_luck(hood):
    study = replace(study_of(hood, *MEASURES), runs=2)
    steps = []
    with Workers(1) as workers:
        found = compare([study], FUTURES, workers, lambda *step: steps.append(step))
        alone = study.run(workers)
    today, fewer = found.effects[0]
    assert np.array_equal(today.after, alone.after, equal_nan=True)
    taken = [one.name for one in INDICATORS].index("occupied_night")
    assert (fewer.before[:, taken] < today.before[:, taken]).all()
    assert steps == [(f"quay, {name}", done, 2) for name in found.futures for done in (1, 2)]


def test_parts_of_measures_are_in_the_report_and_a_table_when_asked_for(hood, tmp_path):
    study, effects = study_of(hood, *MEASURES), effects_of(hood, FEW)
    half = np.stack([0.25 * effects.change, 0.75 * effects.change])
    parts = Contributions("shapley", ["m1", "m2"], half, effects.change)
    text = Page(report_html(study, effects, "en", contributions=parts)).text
    assert "Which measure does what" in text
    assert "--run-seed 1 --each --out quay" in text
    assert "\N{MINUS SIGN}50 (\N{MINUS SIGN}70 to \N{MINUS SIGN}30)" in text
    assert "Which measure does what" not in Page(report_html(study, effects, "en")).text
    write_all(study, effects, tmp_path, contributions=parts)
    rows = list(csv.DictReader((tmp_path / "contributions.csv").read_text().splitlines()))
    assert len(rows) == 2 * len(INDICATORS)
    (loose,) = [row for row in rows if (row["measure"], row["indicator"]) == ("m2", "loose_bikes")]
    assert float(loose["median"]) == pytest.approx(-150)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_parking_balance_is_in_the_report_and_a_table(hood, tmp_path, language):
    study, effects = study_of(hood, *MEASURES), effects_of(hood, FEW)
    before, after = study.balances
    assert after.supply == before.supply - 12
    page = Page(report_html(study, effects, language))
    for moment in MOMENTS.values():
        assert moment.into(language).lower() in page.text.lower()
    thousands = {"nl": ".", "en": ","}[language]
    supply = f"{before.supply:,} → {after.supply:,}".replace(",", thousands)
    assert page.text.count(supply) == len(MOMENTS)
    write_all(study, effects, tmp_path, language)
    rows = list(csv.DictReader((tmp_path / "parking_balance.csv").read_text().splitlines()))
    left = [float(row["after"]) for row in rows if row["what"] == "left"]
    assert left == pytest.approx(after.left.tolist(), rel=1e-5)


def test_a_sweep_is_a_page_and_a_table(hood, tmp_path):
    studies = [study_of(hood, MEASURES[0] | {"count": count}) for count in (4, 8)]
    effects = [effects_of(hood), effects_of(hood, FEW)]
    html, table = write_sweep("m1.count", (4, 8), studies, effects, tmp_path, "en")
    page = Page(html.read_text(encoding="utf-8"))
    assert "another value of m1.count each time" in page.text
    assert f"each played out {PAIRS} times on a weekday" in page.text
    assert "does not change probably 120 to 280 fewer bikes" in page.text
    assert "Car traffic" not in page.text
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["m1.count"] for row in rows] == ["4"] * len(INDICATORS) + ["8"] * len(INDICATORS)
    html, _ = write_sweep(
        "m1.count", (4, 8), studies, effects, tmp_path, "en", show=["loose_bikes"]
    )
    assert "earch for a space" not in Page(html.read_text(encoding="utf-8")).text
