"""Calibrating a place: an ensemble of parameters that agrees with what was published."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scenarios.calibration.prediction import Units, predict
from scenarios.calibration.smoother import updated
from scenarios.calibration.target import Target
from scenarios.day.day import simulate
from scenarios.day.kinds import DayKind
from scenarios.day.parameters import LOCAL, LOCAL_LOG_SD, UNIT_LOG_SD, Local, Parameters
from scenarios.day.town import Town, middles_of_squares
from scenarios.workers import Shared, Workers
from twin.city import City

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

DAYS: tuple[DayKind, ...] = ("weekday", "saturday", "sunday")
"""The kinds of day calibrated on; a Friday differs from a weekday by its shopping evening only."""

ASSIMILATIONS = 5
MEMBERS = 64

SHARE_ERROR = {"parking_occupied": 0.03, "parking_garage": 0.06, "bikes_racked": 0.08}
COUNT_ERROR = 0.15
"""How far the simulated day may be off for reasons of its own: shares, and parts of counts."""

COUNT_OFFSET = 10.0
BLOCK_H = 3
_PARKING = ("parking_occupied",)
_GARAGES = ("parking_garage",)
_BIKES = ("bikes_racked", "bikes_loose")
_FOOTFALL = ("footfall_passages",)
_PLACE_BEARS_ON: Mapping[str, tuple[str, ...]] = {
    "cars_per_dwelling": _PARKING,
    "leaving": _PARKING,
    "away_min": _PARKING,
    "kerb": _PARKING,
    "garages": _GARAGES,
    "workers": (*_PARKING, *_GARAGES),
    "subscribers": _GARAGES,
    "cycling": _BIKES,
    "home_bikes": _BIKES,
    "careless": _BIKES,
    "left_behind": ("bikes_dumped",),
    "orphans": ("bikes_racked",),
    "rack_m": _BIKES,
    "squeezing": _BIKES,
    "decay": _FOOTFALL,
    "strolls": _FOOTFALL,
    "passing": _FOOTFALL,
    "onward": _FOOTFALL,
    "per_minute": (),
    "per_euro": (),
    "stay_per_price": (),
    "patience_min": _PARKING,
    "patience_home_min": _PARKING,
    "wrongly": (),
}
"""Of which quantities a parameter of the whole place learns; those not named learn of all. Nothing
that is published tells what minutes and money are worth, or who parks wrongly."""

LOCAL_REACH_M = 300.0

DOUBT, DOUBT_OF_LOCAL = 4.0, 1.0
"""How strong a correlation must be to be believed, for parameters of the whole place, of which
everything might tell, and for those of a part, of which only what is near tells."""

FARTHEST_SD = 2.5
"""No draw goes further from its prior's middle than this, in standard deviations."""

_BEARS_ON: Mapping[str, tuple[str, ...]] = {
    "visits": ("footfall_passages", "parking_occupied", "bikes_racked", "bikes_loose"),
    "kerb": ("parking_occupied",),
    "residents": ("parking_occupied",),
    "cycling": ("bikes_racked", "bikes_loose"),
}


@dataclass(frozen=True)
class Observations:
    """Targets as one vector, on the scales on which errors are about normal.

    ``noise_sd`` is that of the published means; ``error_sd`` also has how far a simulated day may be
    off for reasons of its own. Those are much alike for all figures of a unit, so that n of them
    say only as much as √n that were not: each counts for its part.
    """

    quantity: list[str]
    day: list[DayKind]
    unit: list[str]
    hours: list[tuple[int, ...]]
    value: Floats
    noise_sd: Floats
    error_sd: Floats

    @classmethod
    def of(cls, targets: Mapping[tuple[str, DayKind], Target]) -> "Observations":
        """Put the targets of `DAYS` in a row."""
        rows: list[tuple[str, DayKind, str, tuple[int, ...], float, float]] = []
        for (quantity, day), target in targets.items():
            if day in DAYS:
                rows += _rows(quantity, day, target)
        own = np.array([SHARE_ERROR.get(row[0], COUNT_ERROR) for row in rows])
        alike = Counter((row[0], row[2]) for row in rows)
        of_unit = np.array([alike[row[0], row[2]] for row in rows])
        noise = np.array([row[5] for row in rows])
        return cls(
            [row[0] for row in rows],
            [row[1] for row in rows],
            [row[2] for row in rows],
            [row[3] for row in rows],
            np.array([row[4] for row in rows]),
            noise,
            np.sqrt(noise**2 + own**2 * np.sqrt(of_unit)),
        )

    def read(self, levels: Mapping[DayKind, Mapping[str, tuple[list[str], Floats]]]) -> Floats:
        """Return what a simulation says of each: NaN where it says nothing."""
        result = np.full(len(self.value), np.nan)
        index = {
            (day, quantity): {unit: at for at, unit in enumerate(units)}
            for day, by_quantity in levels.items()
            for quantity, (units, _) in by_quantity.items()
        }
        for at, (quantity, day, unit, hours) in enumerate(
            zip(self.quantity, self.day, self.unit, self.hours, strict=True)
        ):
            row = index.get((day, quantity), {}).get(unit)
            if row is not None:
                level = float(levels[day][quantity][1][row, list(hours)].mean())
                result[at] = level if quantity in SHARE_ERROR else stretched(level)
        return result


def stretched(level: float) -> float:
    """Return a count on a scale on which its error is about the same whatever its size."""
    return float(np.log(COUNT_OFFSET + max(level, 0.0)))


def _rows(
    quantity: str, day: DayKind, target: Target
) -> list[tuple[str, DayKind, str, tuple[int, ...], float, float]]:
    rows: list[tuple[str, DayKind, str, tuple[int, ...], float, float]] = []
    if quantity in SHARE_ERROR:
        for unit, hour, level, sd in zip(
            target.unit, target.hour.tolist(), target.level, target.sd, strict=True
        ):
            rows.append((quantity, day, unit, (hour,), float(level), float(sd)))
        return rows
    block = target.hour // BLOCK_H
    units = np.array(target.unit, object)
    for unit in dict.fromkeys(target.unit):
        for number in np.unique(block[units == unit]):
            chosen = (units == unit) & (block == number)
            level = float(target.level[chosen].mean())
            sd = float(np.sqrt((target.sd[chosen] ** 2).sum()) / chosen.sum())
            size = COUNT_OFFSET + max(level, 0.0)
            hours = tuple(int(hour) for hour in target.hour[chosen])
            rows.append((quantity, day, unit, hours, stretched(level), sd / size))
    return rows


@dataclass(frozen=True)
class Ensemble:
    """Draws of the parameters, each with its local factors; ``members`` is on the log scale."""

    members: Floats
    squares: NDArray[np.int64]
    units: tuple[str, ...] = ()

    def parameters(self, member: int) -> Parameters:
        """Return the parameters of one member."""
        return Parameters.from_log(self.members[member, : len(Parameters.names())])

    def local(self, member: int) -> Local:
        """Return the local factors of one member."""
        first = len(Parameters.names())
        last = first + len(self.squares) * len(LOCAL)
        factors = np.exp(self.members[member])
        return Local(
            self.squares,
            factors[first:last].reshape(len(self.squares), len(LOCAL)),
            self.units,
            factors[last:],
        )

    def __len__(self) -> int:
        return len(self.members)


def prior(
    squares: NDArray[np.int64],
    count: int,
    luck: np.random.Generator,
    units: tuple[str, ...] = (),
) -> Ensemble:
    """Return draws from the priors: normal on the log scale."""
    spread = _spread(squares, units)
    members = luck.standard_normal((count, len(spread))) * spread
    return Ensemble(_kept_near(members, spread), squares, units)


def _spread(squares: NDArray[np.int64], units: tuple[str, ...]) -> Floats:
    """Return the prior standard deviations of all parameters, on the log scale."""
    return np.concatenate(
        [
            Parameters.log_sd(),
            np.tile(LOCAL_LOG_SD, len(squares)),
            np.full(len(units), UNIT_LOG_SD),
        ]
    )


def _kept_near(members: Floats, spread: Floats) -> Floats:
    return np.clip(members, -FARTHEST_SD * spread, FARTHEST_SD * spread)


def relevance(city: City, ensemble: Ensemble, observations: Observations) -> Floats:
    """Return which observation may say anything of which parameter: (parameters, observations).

    A local factor learns from what is near its square, less the farther it is.
    """
    place = {
        str(cell): (shape.centroid.x, shape.centroid.y)
        for cell, shape in zip(city.cells["cell"], city.cells.geometry, strict=True)
    }
    for garage in city.garages["garage"]:
        at = city.position("garages", str(garage))
        if at is not None:
            place[str(garage)] = at
    where = np.array([place.get(unit, (np.nan, np.nan)) for unit in observations.unit])
    x, y = middles_of_squares(ensemble.squares)
    far = np.hypot(where[:, 0] - x[:, None], where[:, 1] - y[:, None])
    near = np.exp(-0.5 * (np.nan_to_num(far, nan=1e9) / LOCAL_REACH_M) ** 2)
    quantity = np.array(observations.quantity)
    bears = np.array([np.isin(quantity, _BEARS_ON[name]) for name in LOCAL])
    local = (near[:, None, :] * bears[None, :, :]).reshape(-1, len(quantity))
    everything = tuple(dict.fromkeys(observations.quantity))
    whole = [
        np.isin(quantity, _PLACE_BEARS_ON.get(name, everything)) for name in Parameters.names()
    ]
    own = np.array(observations.unit) == np.array(ensemble.units, str)[:, None]
    own &= np.isin(quantity, (*_GARAGES, *_FOOTFALL))
    return np.concatenate([np.array(whole, float), local, own.astype(float)])


def calibrate(
    city: City,
    towns: Mapping[DayKind, Town],
    observations: Observations,
    workers: Workers,
    *,
    members: int = MEMBERS,
    seed: int = 1,
    progress: Progress = lambda _what, _share: None,
) -> Ensemble:
    """Return an ensemble of parameters that agrees with the observations as far as it can."""
    luck = np.random.default_rng(seed)
    squares = np.unique(np.concatenate([town.squares for town in towns.values()]))
    ensemble = prior(squares, members, luck, _units_of(observations))
    there = set(observations.day)
    days: list[DayKind] = [day for day in DAYS if day in there]
    shared = workers.share({day: (towns[day], Units.of(city, towns[day])) for day in days})
    bears = relevance(city, ensemble, observations)
    doubt = np.full(ensemble.members.shape[1], DOUBT_OF_LOCAL)
    doubt[: len(Parameters.names())] = DOUBT
    for turn in range(ASSIMILATIONS):
        predicted = _predictions(workers, shared, ensemble, observations, seed, turn, progress)
        known = ~np.isnan(predicted).any(axis=0)
        moved = updated(
            ensemble.members,
            predicted[:, known],
            observations.value[known],
            observations.error_sd[known],
            bears[:, known],
            doubt,
            float(ASSIMILATIONS),
            luck,
        )
        ensemble = replace(ensemble, members=_kept_near(moved, _spread(squares, ensemble.units)))
    return ensemble


def _units_of(observations: Observations) -> tuple[str, ...]:
    """Return the garages and the cells with counters: each may differ from what is simulated."""
    found = {
        unit
        for quantity, unit in zip(observations.quantity, observations.unit, strict=True)
        if quantity in {*_GARAGES, *_FOOTFALL}
    }
    return tuple(sorted(found))


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
        share = (turn + (done + 1) / len(ensemble)) / ASSIMILATIONS
        progress(f"Calibrating, round {turn + 1} of {ASSIMILATIONS}", share)
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
