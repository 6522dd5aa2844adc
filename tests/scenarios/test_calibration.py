"""Calibration: the smoother beside the exact answer, and how figures become observations."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tiny import tiny_city

from scenarios.calibration.bearing import relevance
from scenarios.calibration.calibrate import Fitted
from scenarios.calibration.calibration import Calibration, in_future
from scenarios.calibration.judging import judge
from scenarios.calibration.linear import lines, model_error, posterior
from scenarios.calibration.members import Ensemble, Layout
from scenarios.calibration.observations import Observations, stretched
from scenarios.calibration.target import Target, split
from scenarios.day.parameters import LOCAL, LOCAL_M, Local, Parameters
from scenarios.day.squares import squares_at
from scenarios.future import Future


def fitted(members, model, observed, error, *, rounds=3, seed=3, relevant=None):
    """Fit a linear model with a little luck in it, as the simulated day is fitted."""
    luck = np.random.default_rng(seed)
    spread = np.ones(members.shape[1])
    relevant = np.ones(model.T.shape) if relevant is None else relevant
    lived = []
    for _ in range(rounds):
        predicted = members @ model.T + 0.05 * luck.standard_normal((len(members), len(model)))
        lived.append((members, predicted))
        found = lines(lived, relevant, 0 * relevant, spread)
        known = posterior(found, observed, error, spread)
        members = known.draws(len(members), luck)
    return found, known


def test_what_is_exactly_known_of_a_linear_model_is_found():
    luck = np.random.default_rng(3)
    model = luck.standard_normal((300, 30)) * (luck.random((300, 30)) < 0.3)
    truth = 0.5 * luck.standard_normal(30)
    error = np.full(300, 0.5)
    observed = model @ truth + error * luck.standard_normal(300)
    _, known = fitted(luck.standard_normal((64, 30)), model, observed, error)
    covariance = np.linalg.inv(np.eye(30) + model.T @ model / 0.25)
    exact = covariance @ model.T @ observed / 0.25
    sd = np.sqrt(np.diag(covariance))
    assert np.sqrt(np.mean(((known.mean - exact) / sd) ** 2)) < 0.3
    assert np.sqrt(np.diag(known.covariance)).mean() == pytest.approx(sd.mean(), rel=0.1)


def test_more_parameters_than_members_still_come_out():
    luck = np.random.default_rng(7)
    model = np.repeat(np.eye(60), 4, axis=0)
    truth = luck.standard_normal(60)
    error = np.full(240, 0.1)
    near = np.exp(-np.abs(np.arange(60)[:, None] - np.arange(240)[None, :] // 4).astype(float))
    _, known = fitted(
        luck.standard_normal((32, 60)), model, model @ truth, error, rounds=6, relevant=near
    )
    assert np.sqrt(np.mean((known.mean - truth) ** 2)) < 0.2


def test_what_no_figure_tells_keeps_its_range():
    luck = np.random.default_rng(4)
    model = np.zeros((50, 20))
    model[:, 0] = 1.0
    observed = np.full(50, 1.5) + 0.2 * luck.standard_normal(50)
    _, known = fitted(luck.standard_normal((64, 20)), model, observed, np.full(50, 0.2))
    sd = np.sqrt(np.diag(known.covariance))
    assert abs(known.mean[0] - 1.5) < 0.1
    assert sd[0] < 0.1
    assert 0.85 < sd[1:].mean() <= 1.0


def test_what_has_no_bearing_on_a_parameter_leaves_it():
    luck = np.random.default_rng(5)
    relevant = np.array([[1.0], [0.0]])
    members = luck.standard_normal((32, 2))
    _, known = fitted(
        members, np.array([[2.0, 0.0]]), np.array([4.0]), np.array([0.1]), relevant=relevant
    )
    assert abs(known.mean[0] - 2.0) < 0.1
    assert known.mean[1] == 0.0
    assert known.covariance[1, 1] == 1.0


def test_a_figure_does_not_fall_where_it_cannot():
    luck = np.random.default_rng(8)
    members = luck.standard_normal((16, 2))
    predicted = members @ np.array([[-0.5, 0.5], [0.5, -0.5]])
    sign = np.array([[1.0, 0.0], [0.0, -1.0]])
    found = lines([(members, predicted)], np.ones((2, 2)), sign, np.ones(2))
    assert found.slope[0, 0] == 0.0
    assert found.slope[0, 1] == pytest.approx(0.5, rel=0.1)
    assert found.slope[1, 1] == pytest.approx(-0.5, rel=0.1)


def test_rounds_say_how_steep_lines_are_each_about_its_own_middle():
    luck = np.random.default_rng(9)
    model = luck.standard_normal((20, 30))
    rounds = []
    for jump in (5.0, -2.0, 0.0):
        members = luck.standard_normal((24, 30))
        chance = 0.1 * luck.standard_normal((24, 20))
        rounds.append((members + jump, members @ model.T + jump**2 + chance))

    def missed(some):
        found = lines(some, np.ones((30, 20)), np.zeros((30, 20)), np.ones(30))
        np.testing.assert_allclose(found.middle, rounds[-1][0].mean(axis=0))
        np.testing.assert_allclose(found.level, rounds[-1][1].mean(axis=0))
        return np.abs(found.slope - model.T).mean()

    assert missed(rounds) < 0.05
    assert missed(rounds[-1:]) > 0.1


def test_a_parameter_learns_only_of_days_that_it_changes():
    city = tiny_city()
    observations = Observations.of(
        {
            ("footfall_passages", day): replace(target("footfall_passages", [10], [50]), day=day)
            for day in ("weekday", "saturday", "sunday")
        }
    )
    bears = dict(
        zip(Parameters.names(), relevance(city, Layout(), observations).tolist(), strict=False)
    )
    assert bears["strolls"] == [1, 1, 1]
    assert bears["walks_saturday"] == [0, 1, 0]
    assert bears["walks_sunday"] == [0, 0, 1]
    assert bears["rivalry"] == [0, 0, 0]
    assert bears["walk_first_m"] == [0, 0, 0]


@pytest.mark.parametrize("own", [0.0, 0.3])
def test_what_the_day_cannot_do_shows_in_what_is_left_over(own):
    luck = np.random.default_rng(6)
    model = luck.standard_normal((400, 10))
    noise = np.full(400, 0.2)
    truth = luck.standard_normal(10)
    observed = model @ truth + np.hypot(noise, own) * luck.standard_normal(400)
    found, known = fitted(luck.standard_normal((64, 10)), model, observed, noise)
    left = model_error(found, known, observed, noise, noise)
    assert left == pytest.approx(own, abs=0.08)


def target(quantity, hours, levels, sd=0.01):
    count = len(hours)
    return Target(
        quantity,
        "weekday",
        ["unit"] * count,
        np.array(hours),
        np.array(levels, float),
        np.full(count, sd),
        np.full(count, 12),
    )


def test_shares_stay_as_they_are_and_counts_are_taken_by_blocks_of_hours():
    shares = target("parking_occupied", [3, 10], [0.8, 0.6])
    counts = target("footfall_passages", range(24), range(24))
    found = Observations.of(
        {("parking_occupied", "weekday"): shares, ("footfall_passages", "weekday"): counts}
    )
    assert found.value[:2].tolist() == [0.8, 0.6]
    assert len(found.value) == 2 + 8
    assert found.hours[2] == (0, 1, 2)
    assert found.value[2] == stretched("footfall_passages", 1.0)
    levels = {
        "weekday": {
            "parking_occupied": (["unit"], np.full((1, 24), 0.5)),
            "footfall_passages": (["other"], np.zeros((1, 24))),
        }
    }
    read = found.read(levels)
    assert read[:2].tolist() == [0.5, 0.5]
    assert np.isnan(read[2:]).all()


def test_four_figures_of_one_unit_say_no_more_than_two_that_were_not_alike():
    found = Observations.of(
        {("parking_occupied", "weekday"): target("parking_occupied", [3, 10, 15, 20], [0.5] * 4)}
    )
    information = (1 / found.error_sd({"parking_occupied": 0.03}) ** 2).sum()
    assert information < 2 / 0.03**2


class Always:
    """Workers whose every member leads to the same levels."""

    def __init__(self, levels):
        self.levels = levels

    def run(self, _function, tasks):
        yield from ((at, self.levels) for at in range(len(tasks)))


def test_errors_stand_beside_those_of_a_typical_week():
    hours = [3, 10, 15, 20]
    targets = (
        {("parking_occupied", "weekday"): target("parking_occupied", hours, levels)}
        for levels in ([0.5] * 4, [0.53, 0.47, 0.53, 0.47])
    )
    before, held_out = (Observations.of(one) for one in targets)
    levels = {"weekday": {"parking_occupied": (["unit"], np.full((1, 24), 0.6))}}
    members = Ensemble(np.zeros((8, len(Parameters.names()))), Layout())
    fits = {
        own: judge(
            Always(levels), None, Fitted(members, {"parking_occupied": own}), before, held_out
        )
        for own in (0.0, 0.2)
    }
    assert [fit.day for fit in fits[0.0]] == ["all", "weekday"]
    fit = fits[0.0][0]
    assert fit.rmse == pytest.approx(np.hypot(0.1, 0.03))
    assert fit.rmse_without_noise == pytest.approx(np.sqrt(0.1**2 + 0.03**2 - 0.01**2))
    assert fit.usual == pytest.approx(0.03)
    assert fit.bias == pytest.approx(0.1)
    assert fit.held == 0.0
    assert fits[0.2][0].held == 1.0


def test_the_last_days_are_held_out():
    days = [date(2026, 5, number) for number in range(1, 29)]
    fitted, held_out = split(days, 7)
    assert fitted == (date(2026, 5, 1), date(2026, 5, 22))
    assert held_out == (date(2026, 5, 22), date(2026, 5, 29))


def test_a_square_that_is_not_named_is_like_the_whole():
    x_m, y_m = np.array([750.0, 550.0, 350.0]), np.zeros(3)
    named = np.sort(squares_at(x_m, y_m, LOCAL_M)[[0, 2]])
    local = Local(named, np.full((2, len(LOCAL)), 2.0))
    assert local.at(x_m, y_m, "kerb").tolist() == [2.0, 1.0, 2.0]


def test_a_future_changes_what_it_is_about_and_nothing_else():
    now = Parameters()
    later = in_future(
        now, Future(name="later", car_ownership=0.5, shopping=1.2, cargo_bike_share=0.2)
    )
    assert later.cars_per_dwelling == pytest.approx(0.5 * now.cars_per_dwelling)
    assert later.shopping == pytest.approx(1.2 * now.shopping)
    assert later.cargo_bikes == 0.2
    assert later.cycling == now.cycling
    assert in_future(now, Future(e_bike_share=0.6)).cycling > now.cycling
    assert later.visits == now.visits
    assert later.strolls == now.strolls
    assert in_future(now, Future()) == now


def test_members_are_used_again_after_the_last():
    calibration = Calibration.uncalibrated("place", members=4)
    assert calibration.draw(1)[0] == calibration.draw(5)[0]
    assert not calibration.is_calibrated
