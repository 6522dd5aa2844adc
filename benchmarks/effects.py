"""Is an effect believable? Plans tried out on the simulated place itself, beside what was predicted.

The simulated place that the devices report on shares no code and no formula with the simulated day.
Its four weeks of protected figures calibrate the day; then the place itself is changed by a plan, and the
true change is compared with the 80 % interval predicted for it. ``python -m benchmarks effects``.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.privacy import END, published
from scenarios.applying import apply
from scenarios.calibration.calibration import ALL_DAYS, Calibration
from scenarios.calibration.place import calibrate_place
from scenarios.day.rules import PRICE_UNKNOWN_EUR_H
from scenarios.ensemble import Effects
from scenarios.indicators import STREETS
from scenarios.measures import load_prices
from scenarios.measures.rows import edited
from scenarios.scenario import Scenario
from scenarios.study import Study
from scenarios.workers import Workers
from sensors.simulated.bikes import STATES
from sensors.simulated.true_day import TrueCity
from twin.city import City
from twin.domains import load_domains
from twin.place import helsinki, import_place

Floats = NDArray[np.float64]

SEEDS = (1, 2, 3, 4)
RUNS = 20
DAYS = 8
"""Working days over which the true effect is averaged."""

AT_H = 15
LOOK_M = 60.0
CLEAR_SD = 2.0
"""An effect is clear if its mean over the days is this many standard errors from 0."""


@dataclass(frozen=True)
class Trial:
    """One plan and the figure by which it is judged.

    ``figure`` is one of the fields of `_Seen`: counts in the whole place, or near what changed.
    """

    name: str
    measures: list[dict[str, object]]
    figure: str


@dataclass(frozen=True)
class Outcome:
    """The true change (mean over days and its standard error) and the interval predicted."""

    trial: str
    seed: int
    true: float
    error: float
    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        """Return it in a line."""
        return (
            f"{self.trial:<18}{self.seed:>2}  true {self.true:8.1f} ± {self.error:.1f}"
            f"  predicted {self.middle:8.1f} ({self.low:.1f} to {self.high:.1f})"
            f"  {'inside' if self.is_inside else 'outside'}"
        )

    @property
    def is_inside(self) -> bool:
        """Whether the true effect lies inside the predicted interval, to its own standard error."""
        return self.low - self.error <= self.true <= self.high + self.error

    @property
    def is_clear(self) -> bool:
        """Whether the true effect is clearly not 0."""
        return abs(self.true) > CLEAR_SD * self.error


def measure() -> dict[str, object]:
    rules = {domain.name: domain.cells for domain in load_domains()}
    city = priced(import_place(helsinki(), cell_rules=rules, progress=lambda *_: None))
    outcomes: list[Outcome] = []
    fits: list[str] = []
    began = time.monotonic()
    for seed in SEEDS:
        calibration = _calibrated(city, seed)
        fits.append(
            "; ".join(
                f"{fit.quantity} RMSE {fit.rmse_without_noise:.3g}, R² {fit.r2:.2f}"
                for fit in calibration.fits
                if fit.day == ALL_DAYS
            )
        )
        for outcome in _outcomes(city, seed, calibration):
            sys.stderr.write(f"{outcome}\n")
            outcomes.append(outcome)
    return _summary(outcomes) | {
        "held-out errors by seed": " | ".join(fits),
        "s in all": round(time.monotonic() - began),
    }


def priced(city: City) -> City:
    """Return the city with what its paid spaces cost, so that nobody has to suppose it."""
    paid = city.bays["bay"][city.bays["kind"] == "paid"]
    return edited(
        city, "bays", changed={str(bay): {"price_eur_h": PRICE_UNKNOWN_EUR_H} for bay in paid}
    )


def _calibrated(city: City, seed: int) -> Calibration:
    with (
        tempfile.TemporaryDirectory() as data,
        published(Path(data), city, seed=seed) as reader,
        Workers(os.cpu_count() or 1) as workers,
    ):
        return calibrate_place(reader, workers)


def _outcomes(city: City, seed: int, calibration: Calibration) -> Iterator[Outcome]:
    true_before = list(_true_days(TrueCity(city, seed=seed), city, None))
    with Workers(os.cpu_count() or 1) as workers, tempfile.TemporaryDirectory() as kept:
        for trial in trials(city):
            scenario = Scenario.model_validate({"name": trial.name, "measures": trial.measures})
            after = apply(scenario, city)
            where = _inside(scenario, city)
            was = [_figure(day, trial.figure, where) for day in true_before]
            changed = TrueCity(after, seed=seed, reference=city)
            now = [_figure(day, trial.figure, where) for day in _true_days(changed, after, city)]
            change = np.array(now) - np.array(was)
            study = Study.of(
                scenario, city, calibration, load_prices(), runs=RUNS, folder=Path(kept)
            )
            predicted = _predicted(study.run(workers), trial.figure, where)
            low, middle, high = np.percentile(predicted, [10, 50, 90])
            yield Outcome(
                trial.name,
                seed,
                float(change.mean()),
                float(change.std(ddof=1) / np.sqrt(len(change))),
                float(low),
                float(middle),
                float(high),
            )


@dataclass(frozen=True)
class _Seen:
    """What stands where on one true day: cars and loose bikes at 15 h, people walking all day."""

    cars: Floats
    night: Floats
    loose: Floats
    walked: Floats


def _true_days(true: TrueCity, city: City, _before: City | None) -> Iterator[_Seen]:
    segments = [str(name) for name in city.segments["segment"]]
    at = {name: index for index, name in enumerate(segments)}
    middles = np.array(
        [(point.x, point.y) for point in city.segments.geometry.interpolate(0.5, normalized=True)]
    )
    day, found = END.date(), 0
    while found < DAYS:
        if day.weekday() < 4:
            found += 1
            yield _seen(true, city, day, at, middles)
        day += timedelta(days=1)


def _seen(true: TrueCity, city: City, day: date, at: dict[str, int], middles: Floats) -> _Seen:
    what = true.day(day)
    midnight = datetime.combine(day, datetime.min.time(), city.zone)
    segment_of = dict(zip(map(str, city.bays["bay"]), map(str, city.bays["segment"]), strict=True))

    def parked(hour: int) -> Floats:
        result = np.zeros(len(at))
        for name, count in what.occupied(midnight + timedelta(hours=hour)).items():
            result[at[segment_of[name]]] += count
        return result

    standing = what.standing(midnight + timedelta(hours=AT_H))
    is_loose = standing.state == STATES.index("loose")
    from scipy.spatial import cKDTree

    _, near = cKDTree(middles).query(
        np.column_stack([standing.x_m[is_loose], standing.y_m[is_loose]])
    )
    walked = np.zeros(len(at))
    for name, hours in what.street_passages().items():
        walked[at[name]] = sum(hours)
    return _Seen(
        parked(AT_H), parked(3), np.bincount(near, minlength=len(at)).astype(float), walked
    )


_FIGURES = {
    "cars": "parked_afternoon",
    "night": "parked_night",
    "loose": "loose",
    "walked": "walked",
}


def _figure(seen: _Seen, figure: str, where: NDArray[np.bool_]) -> float:
    name, _, part = figure.partition(" ")
    values: Floats = getattr(seen, name)
    return float(values.sum() if part == "all" else values[where].sum())


def _predicted(effects: Effects, figure: str, where: NDArray[np.bool_]) -> Floats:
    name, _, part = figure.partition(" ")
    row = [one.name for one in STREETS].index(_FIGURES[name])
    change = effects.streets_change[:, row, :].astype(float)
    return change.sum(axis=1) if part == "all" else change[:, where].sum(axis=1)


def _inside(scenario: Scenario, city: City) -> NDArray[np.bool_]:
    from shapely import union_all

    footprint = union_all([one.footprint(city) for one in scenario.measures]).buffer(LOOK_M)
    return np.array([bool(line.intersects(footprint)) for line in city.segments.geometry])


def trials(city: City) -> list[Trial]:
    """Return plans of many kinds in the busiest streets of a place, each with its figure."""
    bays = city.bays.groupby("segment")["capacity"].sum()
    street = dict(zip(map(str, city.segments["segment"]), city.segments["name"], strict=True))
    by_street: dict[str, int] = {}
    for segment, capacity in bays.items():
        name = street.get(str(segment))
        if isinstance(name, str) and name:
            by_street[name] = by_street.get(name, 0) + int(capacity)
    most = sorted(by_street, key=lambda name: -by_street[name])
    racks = city.racks.sort_values("capacity", ascending=False)
    found: list[Trial] = []
    for number, name in enumerate(most[:5]):
        where = {"street": name}
        found += [
            Trial(f"remove-{number}", [{"kind": "remove_bays", "where": where}], "cars here"),
            Trial(f"remove-all-{number}", [{"kind": "remove_bays", "where": where}], "cars all"),
        ]
    for number, name in enumerate(most[:3]):
        where = {"street": name}
        found += [
            Trial(
                f"permit-{number}",
                [{"kind": "convert_bays", "where": where, "to": "permit"}],
                "cars here",
            ),
            Trial(
                f"tariff-{number}",
                [{"kind": "tariff", "where": where, "price_eur_h": 8.0}],
                "cars here",
            ),
            Trial(
                f"stands-{number}",
                [{"kind": "add_racks", "where": where, "places": 60}],
                "loose here",
            ),
        ]
    for number, rack in enumerate(racks["rack"].head(4)):
        found.append(
            Trial(
                f"no-rack-{number}",
                [{"kind": "remove_racks", "where": {"racks": [str(rack)]}}],
                "loose here",
            )
        )
    supermarkets = city.attractors[city.attractors["kind"] == "supermarket"]["attractor"]
    for number, key in enumerate(supermarkets.head(3)):
        found.append(
            Trial(
                f"no-supermarket-{number}",
                [{"kind": "close_attractor", "attractor": str(key)}],
                "walked here",
            )
        )
    return found


def _summary(outcomes: list[Outcome]) -> dict[str, object]:
    inside = np.array([one.is_inside for one in outcomes])
    clear = [one for one in outcomes if one.is_clear]
    right = [np.sign(one.true) == np.sign(one.middle) for one in clear]
    found: dict[str, object] = {
        "combinations of plan and seed": len(outcomes),
        "true effect inside the 80 % interval": f"{100 * inside.mean():.0f} %",
        "sign right where the effect is clear": f"{sum(right)} of {len(clear)}",
    }
    kinds = sorted({one.trial.rsplit("-", 1)[0] for one in outcomes})
    for kind in kinds:
        of = [one for one in outcomes if one.trial.rsplit("-", 1)[0] == kind]
        true = np.mean([one.true for one in of])
        middle = np.mean([one.middle for one in of])
        found[f"{kind}: mean true effect, mean predicted, inside"] = (
            f"{true:.1f}, {middle:.1f}, {sum(one.is_inside for one in of)} of {len(of)}"
        )
    return found
