"""Forecasts from a series' own past: exact where the past says all, and never from the future."""

import numpy as np
import pytest

from scenarios.errors import HistoryError
from scenarios.forecast import COUNTS, LEVELS, WEEK_HOURS, forecast

MODELS = pytest.mark.parametrize("model", [COUNTS, LEVELS], ids=["counts", "levels"])
WEEK = 200 + 150 * np.sin(np.arange(WEEK_HOURS) * np.pi / 12) + np.arange(WEEK_HOURS) / 4


def noisy(weeks, seed=1):
    return np.random.default_rng(seed).poisson(np.tile(WEEK, weeks)).astype(float)


@MODELS
@pytest.mark.parametrize("extra", [0, 1, 30], ids=lambda extra: f"{extra} hours into a week")
def test_a_week_that_repeats_itself_is_forecast_exactly(model, extra):
    past = np.concatenate([np.tile(WEEK, 6), WEEK[:extra]])
    coming = forecast(past, model=model)
    truth = np.roll(WEEK, -extra)
    assert coming.expected == pytest.approx(truth, abs=1e-9)
    assert coming.low == pytest.approx(truth, abs=1e-9)
    assert coming.high == pytest.approx(truth, abs=1e-9)


def test_footfall_that_halved_is_followed_within_days():
    past = np.tile(WEEK, 12)
    past[-5 * 24 :] /= 2
    coming = forecast(past, hours=24, model=COUNTS)
    assert coming.expected == pytest.approx(WEEK[:24] / 2, rel=0.15)


def test_a_garage_with_cars_that_stay_is_followed_within_days():
    past = np.tile(WEEK, 12)
    past[-7 * 24 :] += 50
    off = forecast(past, hours=24, model=LEVELS).expected - WEEK[:24]
    assert off[6:] == pytest.approx(50, rel=0.25)
    assert off[:6] == pytest.approx(60, rel=0.25)  # the last hour counts by itself, for some hours


def test_what_was_unlike_the_typical_week_dies_out():
    past = np.tile(WEEK, 12)
    past[-24:] *= 1.5
    off = forecast(past, model=COUNTS).expected / WEEK
    by_day = off.reshape(7, 24).mean(axis=1)
    assert (np.diff(by_day[:6]) < 0).all()
    assert by_day[0] > 1.2


@MODELS
def test_hours_that_were_not_measured_are_left_out(model):
    past = np.tile(WEEK, 8)
    past[np.random.default_rng(1).random(len(past)) < 0.3] = np.nan
    assert forecast(past, model=model).expected == pytest.approx(WEEK, abs=1e-9)


@MODELS
def test_an_hour_of_the_week_that_was_never_measured_is_not_forecast(model):
    past = np.tile(WEEK, 8)
    past[10::WEEK_HOURS] = np.nan
    coming = forecast(past, model=model)
    for each in (coming.expected, coming.low, coming.high):
        assert np.flatnonzero(np.isnan(each)).tolist() == [10]


@MODELS
def test_forecasts_are_never_below_zero_and_intervals_in_order(model):
    past = np.maximum(noisy(10) - 300, 0)
    coming = forecast(past, model=model)
    assert (coming.low >= 0).all()
    assert (coming.low <= coming.expected).all()
    assert (coming.expected <= coming.high).all()


def test_the_interval_holds_as_often_as_it_says():
    held = []
    for seed in range(20):
        series = noisy(13, seed)
        coming = forecast(series[: 12 * WEEK_HOURS])
        truth = series[12 * WEEK_HOURS :]
        held.append(((coming.low <= truth) & (truth <= coming.high)).mean())
    assert np.mean(held) == pytest.approx(0.8, abs=0.03)  # 3,360 hours; counts have ties


@MODELS
def test_less_is_said_of_fewer_hours_but_the_same(model):
    week, day = forecast(noisy(9), model=model), forecast(noisy(9), hours=30, model=model)
    assert day.expected.tolist() == week.expected[:30].tolist()
    assert day.high.tolist() == week.high[:30].tolist()


def test_the_past_is_left_as_it_was():
    past = noisy(6)
    before = past.copy()
    forecast(past)
    assert (past == before).all()


def test_too_short_a_past_is_refused():
    with pytest.raises(HistoryError, match=r"^671 hours are too few .* 672 are needed$"):
        forecast(noisy(4)[1:])
    assert len(forecast(noisy(4)).expected) == WEEK_HOURS


def test_a_past_full_of_gaps_is_refused():
    past = noisy(10)
    past[-3 * WEEK_HOURS :] = np.nan
    with pytest.raises(HistoryError, match="25 % of the last 4 weeks was measured: 50 % is needed"):
        forecast(past)


@pytest.mark.parametrize("hours", [0, 169])
def test_more_than_a_week_is_not_forecast(hours):
    with pytest.raises(ValueError, match=f"a forecast of {hours} hours"):
        forecast(noisy(6), hours=hours)
