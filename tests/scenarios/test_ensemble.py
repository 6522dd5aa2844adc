"""Plans run as pairs of days: no effect where there is no change, and the same bytes again."""

from dataclasses import replace

import numpy as np
import pytest
from neighbourhood import neighbourhood

from scenarios.calibration.calibration import Calibration
from scenarios.contributions import contributions
from scenarios.ensemble import Effects, Interval
from scenarios.errors import CalibrationError, EffectsError, ScenarioError
from scenarios.indicators import INDICATORS, STREETS
from scenarios.measures import load_prices
from scenarios.output import write_all
from scenarios.scenario import Scenario
from scenarios.shown import displaced, lines
from scenarios.study import Study, city_fingerprint
from scenarios.sweep import Sweep, variants
from scenarios.workers import Workers

pytestmark = pytest.mark.slow
RUNS = 3

REMOVE = {"kind": "remove_bays", "id": "bays", "where": {"segments": ["s1"]}}
STANDS = {"kind": "add_racks", "id": "stands", "where": {"segments": ["s1"]}, "places": 20}


@pytest.fixture(scope="module")
def city():
    return neighbourhood()


@pytest.fixture(scope="module")
def calibration(city):
    return Calibration.uncalibrated(city.name, members=8)


@pytest.fixture(scope="module")
def workers():
    with Workers(1) as pool:
        yield pool


@pytest.fixture
def study(city, calibration):
    def make(*measures, **more):
        scenario = Scenario.model_validate({"name": "plan", "measures": list(measures)})
        return Study.of(scenario, city, calibration, load_prices(), runs=RUNS, **more)

    return make


def test_no_measures_is_exactly_no_difference(study, workers):
    effects = study().run(workers)
    assert len(effects) == RUNS
    assert np.array_equal(effects.before, effects.after, equal_nan=True)
    assert not effects.streets_change.any()
    assert np.array_equal(effects.hourly_before, effects.hourly_after)


def test_a_measure_that_is_undone_is_exactly_the_baseline(study, workers):
    add = {"kind": "add_racks", "id": "extra", "where": {"segments": ["s2"]}, "places": 12}
    added = study(add).after
    rack = sorted(set(added.racks["rack"]) - set(study().before.racks["rack"]))
    undone = study(add, {"kind": "remove_racks", "id": "gone", "where": {"racks": rack}})
    effects = undone.run(workers)
    assert np.array_equal(effects.before, effects.after, equal_nan=True)


def test_what_opens_and_closes_again_is_exactly_the_baseline(study, workers):
    shop = {"kind": "open_attractor", "id": "new", "where": {"segments": ["s2"]}}
    undo = {"kind": "close_attractor", "id": "undo", "attractor": "new-attractor-1"}
    effects = study(shop | {"attractor_kind": "shop"}, undo).run(workers)
    assert np.array_equal(effects.before, effects.after, equal_nan=True)
    assert not effects.streets_change.any()


def test_the_order_in_which_things_open_and_close_does_not_matter(study, workers):
    cafe = {"kind": "open_attractor", "id": "new", "where": {"segments": ["s2"]}}
    cafes = [cafe | {"attractor_kind": "cafe", "id": name} for name in ("one", "two")]
    closed = {"kind": "close_attractor", "id": "gone", "attractor": "a-cafe-1"}
    forth = study(*cafes, closed).run(workers)
    back = study(closed, *reversed(cafes)).run(workers)
    assert np.array_equal(forth.after, back.after, equal_nan=True)


def test_fewer_spaces_are_fewer_parked_cars_there(study, workers):
    effects = study(REMOVE).run(workers)
    here = list(effects.segments).index("s1")
    assert (effects.streets_change[:, :3, here] <= 0).all()
    assert effects.streets_change[:, :3, here].any()


def test_the_same_study_gives_the_same_bytes_whoever_runs_it(study, tmp_path):
    with Workers(2) as two, Workers(1) as one:
        first = write_all(study(REMOVE), study(REMOVE).run(two), tmp_path / "two")
        second = write_all(study(REMOVE), study(REMOVE).run(one), tmp_path / "one")
    assert [path.name for path in first] == [path.name for path in second]
    for left, right in zip(first, second, strict=True):
        assert left.read_bytes() == right.read_bytes(), left.name


def test_the_order_of_independent_measures_does_not_matter(study, workers):
    one = study(REMOVE, STANDS).run(workers)
    other = study(STANDS, REMOVE).run(workers)
    assert np.array_equal(one.after, other.after, equal_nan=True)


def test_baselines_are_kept_and_used_again(study, workers, tmp_path):
    fresh = study(REMOVE, folder=tmp_path).run(workers)
    files = sorted(tmp_path.rglob("*.npz"))
    assert len(files) == RUNS
    again = study(REMOVE, folder=tmp_path).run(workers)
    assert np.array_equal(fresh.change, again.change, equal_nan=True)
    for file in files:
        with np.load(file) as kept:
            lowered = {**kept, "totals": kept["totals"] - 1}
        np.savez(file, **lowered)
    lifted = study(REMOVE, folder=tmp_path).run(workers)
    assert np.allclose(lifted.change, fresh.change + 1, equal_nan=True)


def test_a_run_that_was_broken_off_goes_on_where_it_was(study, workers, tmp_path):
    kept = replace(study(REMOVE, folder=tmp_path / "baselines"), days=tmp_path / "days")
    whole = study(REMOVE).run(workers)
    first = next(iter(kept.pairs(workers)))
    lived = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npz")}
    assert len(lived) == 2
    resumed = kept.run(workers)
    assert np.array_equal(resumed.after, whole.after, equal_nan=True)
    assert np.array_equal(first.after.totals, whole.after[first.member], equal_nan=True)
    assert all(path.stat().st_mtime_ns == moment for path, moment in lived.items())
    assert len(list(tmp_path.rglob("*.npz"))) == 2 * RUNS


def test_effects_are_saved_and_read(study, workers, tmp_path):
    found, path = study(REMOVE).run(workers), tmp_path / "effects.npz"
    found.write(path)
    again = Effects.read(path)
    assert again.segments == found.segments
    assert np.array_equal(again.change, found.change, equal_nan=True)
    assert np.array_equal(again.streets_change, found.streets_change)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(EffectsError, match=r"effects\.npz cannot be read"):
        Effects.read(path)


def test_free_garages_earn_nothing(study, workers):
    free = {"kind": "garage_tariff", "garage": "P1", "price_eur_h": 0.0}
    effects = study(free).run(workers)
    at = [one.name for one in INDICATORS].index("garage_revenue_eur")
    assert (effects.before[:, at] > 0).all()
    assert (effects.after[:, at] == 0).all()


def test_a_baseline_of_another_city_or_seed_is_another(study):
    assert study(REMOVE).baseline_key() == study(STANDS).baseline_key()
    assert study(seed=2).baseline_key() != study().baseline_key()
    assert city_fingerprint(study(REMOVE).after) != city_fingerprint(study().before)
    assert city_fingerprint(neighbourhood()) == city_fingerprint(study().before)


def test_contributions_add_up_to_the_whole(study, workers):
    both = study(REMOVE, STANDS)
    parts = contributions(both, workers)
    assert parts.method == "shapley"
    whole = both.run(workers).change
    assert np.allclose(parts.parts.sum(axis=0), whole, equal_nan=True)


def test_a_measure_that_needs_another_has_no_part_of_its_own(study, workers):
    new = {"kind": "open_garage", "id": "garage", "where": {"segments": ["s2"]}, "capacity": 50}
    larger = {"kind": "resize_garage", "id": "more", "garage": "garage-garage-1", "capacity": 80}
    with pytest.raises(ScenarioError, match="without garage"):
        contributions(study(new, larger), workers)


def test_sweeps():
    plan = Scenario.model_validate({"name": "plan", "measures": [REMOVE | {"count": 4}]})
    found = list(variants(plan, Sweep.read("bays.count=0..8/4")))
    assert [value for value, _ in found] == [0, 4, 8]
    assert [[one.count for one in variant.measures] for _, variant in found] == [[], [4], [8]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bays.count", "is no sweep"),
        ("bays.count=8..0", "must rise"),
        ("bays.count=0..1e9", "is no sweep"),
        ("bays.count=0..5000/1", "must rise"),
        ("bikes.count=0..8", "has no measure"),
        ("bays.places=0..8", "has no 'places'"),
        ("bays.count=-4..8", "cannot be"),
    ],
)
def test_sweeps_that_are_none(text, message):
    plan = Scenario.model_validate({"name": "plan", "measures": [REMOVE]})
    with pytest.raises(ScenarioError, match=message):
        list(variants(plan, Sweep.read(text)))


def test_what_is_said_of_a_change():
    count = len(INDICATORS)

    def effects(change):
        before = np.full((5, count), 100.0)
        streets = np.zeros((5, len(STREETS), 2), np.float32)
        hourly = np.zeros((5, 5, 24))
        return Effects(["a", "b"], before, before + change, streets, streets, hourly, hourly)

    at = [one.name for one in INDICATORS].index("loose_bikes")
    change = np.zeros((5, count))
    change[:, at] = [-30, -25, -20, -15, -10]
    line = lines(effects(change))[at]
    assert line.is_clear
    assert line.is_good
    assert line.words("en") == "probably 12 to 28 fewer bikes"
    assert line.words("nl") == "waarschijnlijk 12 tot 28 fietsen minder"
    change[:, at] = [-30, -10, 0, 10, 30]
    assert lines(effects(change))[at].words("en") == "no clear effect"
    assert lines(effects(np.zeros((5, count))))[at].words("en") == "does not change"
    change[:, at] = np.nan
    assert lines(effects(change))[at].words("en") == "cannot be said"


def test_the_waterbed_adds_up():
    streets = np.zeros((4, len(STREETS), 3), np.float32)
    streets[:, 0] = [-10, 6, 1]
    nothing = np.zeros((4, len(INDICATORS)))
    hourly = np.zeros((4, 5, 24))
    effects = Effects(["a", "b", "c"], nothing, nothing, streets, streets, hourly, hourly)
    moved = next(iter(displaced(effects, np.array([True, False, False]), np.full(3, 100.0))))
    assert moved.inside == Interval(-10, -10, -10)
    assert moved.outside == Interval(7, 7, 7)
    assert [segment for segment, _ in moved.most] == ["b", "c"]


def test_a_calibration_is_read_as_it_was_written(calibration, tmp_path):
    path = tmp_path / "model" / "calibration.json"
    calibration.write(path)
    again = Calibration.read(path)
    assert again.fingerprint() == calibration.fingerprint()
    assert again.draw(3)[0] == calibration.draw(3)[0]
    path.write_text('{"version": 0}')
    with pytest.raises(CalibrationError, match="run wijktwin calibrate"):
        Calibration.read(path)
    path.write_text("{")
    with pytest.raises(CalibrationError, match="cannot be read"):
        Calibration.read(path)
