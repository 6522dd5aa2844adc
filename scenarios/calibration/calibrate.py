"""Calibrating a place: an ensemble of parameters that agrees with what was published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.calibration.bearing import FOOTFALL, GARAGES, relevance, signs
from scenarios.calibration.linear import Lines, Posterior, lines, model_error, posterior
from scenarios.calibration.members import Ensemble, Layout, kept_near, prior
from scenarios.calibration.observations import COUNT_ERROR, DAYS, SHARE_ERROR, Observations
from scenarios.calibration.prediction import Units, predict
from scenarios.day.day import simulate
from scenarios.day.kinds import DayKind
from scenarios.day.parameters import Local, Parameters
from scenarios.day.town import Town
from scenarios.sharing import Shared
from scenarios.workers import Workers
from twin.city import City

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

ROUNDS, MOVING = 8, 4
"""Rounds, and those at the beginning in which members go wherever the lines lead."""

REMEMBERED = 4
"""Lines are drawn through the members of so many rounds: those of one are too few to tell some fifty
slopes of a figure apart, and the first ones are far from where the answer lies."""

MEMBERS = 64

LOOKED_ABOUT = 0.2
"""From the second round on, members are drawn from what is known, and so many prior standard
deviations about it: lines need some distance to be drawn through."""


@dataclass(frozen=True)
class Fitted:
    """Members, and how far the simulated day is off for reasons of its own, by quantity."""

    ensemble: Ensemble
    own_error: Mapping[str, float]


def calibrate(
    city: City,
    towns: Mapping[DayKind, Town],
    observations: Observations,
    workers: Workers,
    *,
    members: int = MEMBERS,
    seed: int = 1,
    progress: Progress = lambda _what, _share: None,
) -> Fitted:
    """Return an ensemble of parameters that agrees with the observations as far as it can.

    Lines drawn through days with luck in them are a little different each round: the middle of the
    members is the mean of the answers since `MOVING` (Polyak and Juditsky 1992).
    """
    luck = np.random.default_rng(seed)
    layout = _layout(city, towns, observations)
    spread = layout.spread()
    there = set(observations.day)
    days: list[DayKind] = [day for day in DAYS if day in there]
    shared = workers.share({day: (towns[day], Units.of(city, towns[day])) for day in days})
    bears, sign = relevance(city, layout, observations), signs(layout, observations)
    own = {name: SHARE_ERROR.get(name, COUNT_ERROR) for name in observations.quantity}
    lived: list[tuple[Floats, Floats]] = []
    ensemble = prior(layout, members, luck)
    middle = np.zeros(len(spread))
    for turn in range(ROUNDS):
        predicted = _predictions(workers, shared, ensemble, observations, seed, turn, progress)
        lived = [*lived, (ensemble.members, predicted)][-REMEMBERED:]
        known = ~np.isnan([figures for _, figures in lived]).any(axis=(0, 1))
        seen, noise = observations.value[known], observations.noise_sd[known]
        found = lines(
            [(entries, figures[:, known]) for entries, figures in lived],
            bears[:, known],
            sign[:, known],
            spread,
        )
        error = observations.error_sd(own)[known]
        said = posterior(found, seen, error, spread)
        middle += (kept_near(said.mean, spread) - middle) / max(turn - MOVING + 1, 1)
        about = said.covariance + np.diag((LOOKED_ABOUT * spread) ** 2)
        if turn == ROUNDS - 1:
            quantity = np.array(observations.quantity)[known]
            said = said._replace(mean=middle)
            own = _own_errors(found, said, quantity, seen, noise, error)
            about = posterior(found, seen, observations.error_sd(own)[known], spread).covariance
        draws = Posterior(middle, about).draws(members, luck)
        ensemble = Ensemble(kept_near(draws, spread), layout)
    return Fitted(ensemble, own)


def _layout(city: City, towns: Mapping[DayKind, Town], observations: Observations) -> Layout:
    """Return what may differ: cells with figures, garages, and cells with counters."""
    of_units = {
        unit
        for quantity, unit in zip(observations.quantity, observations.unit, strict=True)
        if quantity in (*GARAGES, *FOOTFALL)
    }
    return Layout.of(
        city, next(iter(towns.values())), sorted(set(observations.unit)), sorted(of_units)
    )


def _own_errors(
    found: Lines,
    said: Posterior,
    quantity: NDArray[np.str_],
    seen: Floats,
    noise: Floats,
    error: Floats,
) -> dict[str, float]:
    result: dict[str, float] = {}
    for name in np.unique(quantity).tolist():
        which = quantity == name
        part = Lines(found.middle, found.level[which], found.slope[:, which])
        result[name] = model_error(part, said, seen[which], noise[which], error[which])
    return result


def _predictions(
    workers: Workers,
    shared: Shared,
    ensemble: Ensemble,
    observations: Observations,
    seed: int,
    turn: int,
    progress: Progress,
) -> Floats:
    result = np.full((len(ensemble), len(observations.value)), np.nan)
    tasks = [
        (shared, ensemble.parameters(member), ensemble.local(member), seed * 1000 + member)
        for member in range(len(ensemble))
    ]
    for done, (member, levels) in enumerate(workers.run(levels_of, tasks)):
        result[member] = observations.read(levels)
        share = (turn + (done + 1) / len(ensemble)) / ROUNDS
        progress(f"Calibrating, round {turn + 1} of {ROUNDS}", share)
    return result


def levels_of(
    task: tuple[Shared, Parameters, Local, int],
) -> dict[DayKind, dict[str, tuple[list[str], Floats]]]:
    """Simulate one member on every kind of day, and say what would have been published."""
    shared, parameters, local, seed = task
    towns: Mapping[DayKind, tuple[Town, Units]] = shared.load()
    return {
        day: predict(units, town, simulate(town, parameters, seed, local=local), local)
        for day, (town, units) in towns.items()
    }
