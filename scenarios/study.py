"""`Study`: one plan in one place, from the files of both to its effects, and what repeats it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from scenarios.applying import cities, finished, total_cost
from scenarios.calibration.calibration import Calibration
from scenarios.code import code_fingerprint
from scenarios.ensemble import RUNS, Effects, Ensemble, KeptDays, Pair
from scenarios.future import Future
from scenarios.kept import once
from scenarios.measures import Measure
from scenarios.parking_balance import Balance, Norms, parking_balance, read_norms
from scenarios.prices import Cost, Prices
from scenarios.scenario import Scenario
from scenarios.workers import Workers
from twin.city import City
from twin.layers import LAYERS
from twin.place.frames import geometries, numbers
from twin.words import Text

SEED = 1

HERE_M = 60.0
"""What is nearer than this to what a plan changes is said to be here."""

_LIBRARIES = ("wijktwin", "numpy", "numba", "scipy", "shapely")


@dataclass(frozen=True)
class Study:
    """A plan, ready to run.

    Attributes
    ----------
    steps
        The city before the first measure, after it, and after each that follows.
    after
        The city with the plan.
    folder
        Where baselines are kept between runs; None keeps none.
    days
        Where days with the plan are kept too, so that a run that was broken off goes on where it
        was; None keeps none.
    """

    scenario: Scenario
    steps: tuple[City, ...]
    after: City
    prices: Prices
    norms: Norms
    calibration: Calibration
    runs: int = RUNS
    seed: int = SEED
    folder: Path | None = None
    days: Path | None = None

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        city: City,
        calibration: Calibration,
        prices: Prices,
        *,
        norms: Norms | None = None,
        runs: int = RUNS,
        seed: int = SEED,
        folder: Path | None = None,
    ) -> "Study":
        """Carry a plan out on paper; the norms are those that come with the program, if left out.

        Raises
        ------
        ScenarioError
            With everything because of which it cannot be carried out; nothing is run.
        """
        steps = cities(scenario, city)
        return cls(
            scenario=scenario,
            steps=steps,
            after=finished(steps),
            prices=prices,
            norms=norms or read_norms(),
            calibration=calibration,
            runs=runs,
            seed=seed,
            folder=folder,
        )

    def of_variant(self, scenario: Scenario) -> "Study":
        """Return the same study of another plan.

        Raises
        ------
        ScenarioError
            With everything because of which it cannot be carried out.
        """
        steps = cities(scenario, self.before)
        return replace(self, scenario=scenario, steps=steps, after=finished(steps))

    def in_future(self, future: Future | None) -> "Study":
        """Return the same study in another future."""
        return replace(self, scenario=self.scenario.model_copy(update={"future": future}))

    @property
    def before(self) -> City:
        """The city without the plan."""
        return self.steps[0]

    @cached_property
    def cost(self) -> Cost:
        """What all measures cost together."""
        return total_cost(self.scenario, self.steps, self.prices)

    @cached_property
    def balances(self) -> tuple[Balance, Balance]:
        """The parking balance without and with the plan."""
        return parking_balance(self.before, self.norms), parking_balance(self.after, self.norms)

    @cached_property
    def footprint(self) -> BaseGeometry:
        """Where the plan changes something, in the city's CRS; empty without measures."""
        changed = [measure.footprint(city) for measure, city in self._measures()]
        return shapely.union_all(np.array(changed, dtype=object))

    @cached_property
    def described(self) -> list[Text]:
        """What each measure does, in a sentence without its full stop."""
        return [measure.describe(city) for measure, city in self._measures()]

    def _measures(self) -> Iterator[tuple[Measure, City]]:
        """Yield each measure with the city that it is carried out in."""
        yield from zip(self.scenario.measures, self.steps, strict=False)

    def is_inside(self) -> NDArray[np.bool_]:
        """Return which segments lie within `HERE_M` of what the plan changes."""
        here = self.footprint.buffer(HERE_M)
        return np.asarray(shapely.intersects(geometries(self.before.segments), here), bool)

    @property
    def length_m(self) -> NDArray[np.float64]:
        """The length of each segment."""
        return numbers(self.before.segments, "length_m")

    def ensemble(self, workers: Workers) -> Ensemble:
        """Return its pairs of days, ready to be run."""
        return Ensemble(
            self.before,
            self.after,
            self.scenario.day,
            self.calibration,
            workers,
            seed=self.seed,
            future=self.scenario.future,
            baselines=KeptDays(self.folder, self.baseline_key()),
            variants=None if self.days is None else KeptDays(self.days, self._key(self.after)),
        )

    def pairs(self, workers: Workers) -> Iterator[Pair]:
        """Yield its pairs as they are finished; closing the iterator cancels the rest."""
        return self.ensemble(workers).pairs(range(self.runs))

    def run(
        self, workers: Workers, progress: Callable[[int, int], None] = lambda _done, _of: None
    ) -> Effects:
        """Run all pairs and return the effects."""
        found: list[Pair] = []
        for pair in self.pairs(workers):
            found.append(pair)
            progress(len(found), self.runs)
        return self.effects(found)

    def effects(self, found: list[Pair]) -> Effects:
        """Return the effects over the pairs that have been run."""
        return Effects.of([str(name) for name in self.before.segments["segment"]], found)

    def record(self) -> dict[str, Any]:
        """Return everything that is needed to repeat it, as JSON has it."""
        return {
            "scenario": self.scenario.as_json(),
            "scenario_sha256": self.scenario.fingerprint(),
            "place": self.before.name,
            "city_sha256": city_fingerprint(self.before),
            "calibration_sha256": self.calibration.fingerprint(),
            "fitted": self.calibration.fitted,
            "origins": self.calibration.origins,
            "cost": asdict(self.cost),
            "prices_sha256": self.prices.fingerprint(),
            "norms_sha256": self.norms.fingerprint(),
            "runs": self.runs,
            "seed": self.seed,
            "code_sha256": code_fingerprint(),
            "versions": _versions(),
        }

    def baseline_key(self) -> str:
        """Return what a baseline depends on besides its member."""
        return self._key(self.before)

    def _key(self, city: City) -> str:
        """Return what a day in a city depends on besides its member."""
        future = self.scenario.future
        content = json.dumps(
            [
                city_fingerprint(city),
                self.calibration.fingerprint(),
                code_fingerprint(),
                self.scenario.day,
                self.seed,
                None if future is None else future.model_dump(mode="json"),
                _versions(),
            ]
        )
        return hashlib.sha256(content.encode()).hexdigest()[:32]


@cache
def _versions() -> dict[str, str]:
    """Return the versions of everything that a day may depend on."""
    return {name: version(name) for name in _LIBRARIES}


@once
def city_fingerprint(city: City) -> str:
    """Return the SHA-256 of a city's layers and rules: the same for the same city."""
    content = hashlib.sha256()
    for layer in LAYERS:
        if layer.name not in city.layers:
            continue
        frame = city.layers[layer.name]
        content.update(layer.name.encode())
        for column in sorted(layer.columns):
            if column in frame.columns:
                values = cast("Any", frame[column])
                content.update(column.encode())
                content.update(_bytes_of(values))
        content.update(b"".join(cast("Any", shapely.to_wkb(geometries(frame))).tolist()))
    content.update(repr(city.rules).encode())
    return content.hexdigest()


def _bytes_of(values: Any) -> bytes:
    """Return the content of a column, the same on every machine."""
    if values.dtype.kind in "biuf":
        return np.ascontiguousarray(values.to_numpy()).tobytes()
    cells: list[Any] = values.tolist()
    return repr([list(one) if hasattr(one, "__len__") else one for one in cells]).encode()
