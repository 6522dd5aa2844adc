"""Published before-and-after cases, run on a place set up alike: predicted beside observed.

Nothing here is fitted to a case: the members are draws from the priors. What a place is set up with is
stated in each case, and comes from what is known of the real place before the change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scenarios.calibration.calibration import Calibration
from scenarios.day.kinds import DayKind
from scenarios.day.parameters import Parameters
from scenarios.day.town import Town
from scenarios.ensemble import Effects, Ensemble, Interval
from scenarios.indicators import BY_NAME, INDICATORS, STREETS
from scenarios.workers import Workers
from twin.city import City
from twin.place.frames import numbers, texts
from twin.rules import Closure, Hours, PaidHours

Floats = NDArray[np.float64]

RUNS = 40
SEED = 2019


@dataclass(frozen=True, slots=True)
class Observed:
    """One published figure: a change in percent, or the range in which reports put it."""

    what: str
    low: float
    high: float
    predicted: Interval

    @property
    def is_hit(self) -> bool:
        """Whether the predicted 80 % interval and the observed range have anything in common."""
        return self.predicted.low <= self.high and self.low <= self.predicted.high


@dataclass(frozen=True, slots=True)
class Case:
    """One published case.

    ``set_up`` says in words how the place was made alike; ``run`` returns what was predicted beside
    what was observed.
    """

    name: str
    title: str
    source: str
    set_up: str
    run: Callable[[City, Workers], list[Observed]]


def run_tariffs(city: City, workers: Workers) -> list[Observed]:
    """Raise every tariff from 4 to 6.60 euro an hour, as Amsterdam did in its centre in April 2019."""
    before, after = _with_tariff(lived_in(city), 4.0), _with_tariff(lived_in(city), 6.6)
    calibration = _set_up(before, "weekday", residents_per_bay=RESIDENTS_PER_BAY)
    effects = _run(before, after, "weekday", calibration, workers)
    taken = [
        BY_NAME["occupied_morning"],
        BY_NAME["occupied_afternoon"],
        BY_NAME["occupied_evening"],
    ]
    at = [INDICATORS.index(one) for one in taken]
    occupied = effects.before[:, at].mean(axis=1), effects.after[:, at].mean(axis=1)
    return [
        Observed("cars at the kerb, 10 to 20 h (at most 4 % less)", -4.0, 0.0, _percent(*occupied)),
        Observed("hours paid for at the kerb", -25.0, -10.0, _change(effects, "paid_hours")),
        Observed("earned by parking at the kerb", 30.0, 50.0, _change(effects, "revenue_eur")),
        Observed("car traffic", -2.5, -2.0, _change(effects, "car_km")),
    ]


def run_cut(city: City, workers: Workers) -> list[Observed]:
    """Cut the busiest street for cars at one point from 6 to 23 h, as Amsterdam did in 2023."""
    before = lived_in(city)
    calibration = _set_up(before, "weekday", residents_per_bay=RESIDENTS_PER_BAY)
    town = Town.of(before, "weekday")
    cut = (_busiest(before, town, calibration, workers),)
    names = texts(before.segments, "name")
    after = before.with_rules(closures=(Closure(cut, Hours(6, 23)),))
    effects = _run(before, after, "weekday", calibration, workers)
    driven = [one.name for one in STREETS].index("driven")
    length = town.length_m
    was = effects.streets_before[:, driven, :].astype(float)
    now = was + effects.streets_change[:, driven, :].astype(float)
    closed = np.isin(town.segments, cut)
    x, y = town.middle_x_m, town.middle_y_m
    near = np.min(np.hypot(x[:, None] - x[closed], y[:, None] - y[closed]), axis=1) <= PILOT_AREA_M
    by_street = _streets_that_gain(names, was, now, near & ~closed)
    return [
        Observed(
            "car traffic in the area around it", -19.0, -18.0,
            _percent(was[:, near] @ length[near], now[:, near] @ length[near]),
        ),
        Observed(
            "car traffic in the rest", -8.0, -8.0,
            _percent(was[:, ~near] @ length[~near], now[:, ~near] @ length[~near]),
        ),
        Observed("the two streets that gain most", 20.0, 40.0, by_street),
    ]  # fmt: skip


RESIDENTS_PER_BAY = 0.95
"""Cars of residents with a permit per space: Amsterdam's centre has waiting lists for permits, and
its kerb is as good as full at night (assumed)."""

PILOT_AREA_M = 250.0
"""How far the pilot area is taken to reach around the street that was cut (assumed)."""

BUSY_CARS = 500.0
"""Only streets with at least so many cars a day count among those that gain."""

CASES: tuple[Case, ...] = (
    Case(
        "amsterdam-tariffs-2019",
        "Amsterdam, April 2019: tariffs up by 65 %",
        "evaluation for the city; figures as summarised in docs/backtests.md",
        "every kerb space is paid for from 9 to 24 h; permit holders' cars for 0.95 of all spaces;"
        " dwellings in every building",
        run_tariffs,
    ),
    Case(
        "amsterdam-weesperknip-2023",
        "Amsterdam, summer 2023: a main street cut for cars",
        "evaluation of the pilot; figures as summarised in docs/backtests.md",
        "the street with most cars is cut at one point, from 6 to 23 h",
        run_cut,
    ),
)


def lived_in(city: City) -> City:
    """Return the city with dwellings in every building that has floors, as in a Dutch centre."""
    buildings = city.buildings.copy()
    floors, dwellings = numbers(buildings, "floors"), numbers(buildings, "dwellings")
    area = np.array([shape.area for shape in buildings.geometry])
    possible = np.floor(np.maximum(floors - 1, 0) * area * UPSTAIRS_SHARE / DWELLING_M2)
    buildings["dwellings"] = np.maximum(dwellings, possible).astype(np.int64)
    return city.with_layers(buildings=buildings)


UPSTAIRS_SHARE, DWELLING_M2 = 0.4, 95.0
"""Part of the floors above the first that people live in, and the area of a dwelling (assumed)."""


def _with_tariff(city: City, eur_h: float) -> City:
    bays = city.bays.copy()
    kinds = texts(bays, "kind")
    ordinary = np.array([kind in {"public", "paid", "permit"} for kind in kinds], bool)
    bays["kind"] = ["paid" if one else kind for one, kind in zip(ordinary, kinds, strict=True)]
    bays["price_eur_h"] = np.where(ordinary, eur_h, numbers(bays, "price_eur_h"))
    keys = tuple(str(key) for key in bays["bay"])
    return city.with_layers(bays=bays).with_rules(paid_hours=(PaidHours(keys, Hours(9, 24)),))


def _set_up(city: City, day: DayKind, *, residents_per_bay: float) -> Calibration:
    """Return draws from the priors, with so many residents' cars for each space of the place."""
    calibration = Calibration.uncalibrated(city.name)
    town = Town.of(city, day)
    per_dwelling = residents_per_bay * town.bays.size.sum() / max(town.homes.size.sum(), 1.0)
    members = calibration.ensemble.members.copy()
    usual = Parameters().cars_per_dwelling
    members[:, Parameters.names().index("cars_per_dwelling")] = np.log(per_dwelling / usual)
    return replace(calibration, ensemble=replace(calibration.ensemble, members=members))


def _run(
    before: City, after: City, day: DayKind, calibration: Calibration, workers: Workers
) -> Effects:
    found = list(Ensemble(before, after, day, calibration, workers, seed=SEED).pairs(range(RUNS)))
    return Effects.of([str(name) for name in before.segments["segment"]], found)


def _busiest(city: City, town: Town, calibration: Calibration, workers: Workers) -> str:
    """Return the segment of a named street along which most cars drive."""
    ensemble = Ensemble(city, city, town.day, calibration, workers, seed=SEED)
    pair = next(ensemble.pairs([0]))
    driven = pair.before.streets[[one.name for one in STREETS].index("driven")]
    named = np.array([bool(name) for name in texts(city.segments, "name")], bool)
    return town.segments[int(np.argmax(driven * named))]


def _percent(before: Floats, after: Floats) -> Interval:
    return Interval.of(100.0 * (after / before - 1.0))


def _change(effects: Effects, name: str) -> Interval:
    at = INDICATORS.index(BY_NAME[name])
    return _percent(effects.before[:, at], effects.after[:, at])


def _streets_that_gain(
    names: list[str | None], was: Floats, now: Floats, where: NDArray[np.bool_]
) -> Interval:
    """Return the mean change in percent of the two streets that gain most, by whole streets."""
    streets: Mapping[str, NDArray[np.int64]] = {
        name: np.array([at for at, one in enumerate(names) if one == name and where[at]], np.int64)
        for name in sorted({name for name in names if name})
    }
    changes = [
        100.0 * (now[:, at].sum(axis=1) / was[:, at].sum(axis=1) - 1.0)
        for at in streets.values()
        if len(at) and np.median(was[:, at], axis=0).max() >= BUSY_CARS
    ]
    ranked = sorted(changes, key=lambda change: -float(np.median(change)))[:2]
    return Interval.of(np.mean(ranked, axis=0)) if ranked else Interval.of(np.empty(0))
