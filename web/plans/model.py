"""The place as plans see it: its public city, what was learned from its figures, ready-made plans."""

import logging
from functools import partial
from pathlib import Path

from scenarios.applying import cities
from scenarios.calibration.calibration import Calibration
from scenarios.ensemble import PREVIEW_RUNS
from scenarios.errors import CalibrationError, ScenarioError
from scenarios.measures import load_prices
from scenarios.opened import OpenPlace, calibration_file
from scenarios.prices import Prices
from scenarios.scenario import Day, Scenario
from scenarios.study import Study
from twin.place.search import SearchIndex
from web.live import Live
from web.plans.tries import Progress, Tries, Try

_log = logging.getLogger(__name__)

PREPARED_DAYS: tuple[Day, ...] = ("weekday", "saturday")


class Model:
    """What plans are tried out with; what was learned of the place is read again when it changes."""

    def __init__(self, folder: Path, live: Live, tries: Tries) -> None:
        self._folder, self._live, self._tries = folder, live, tries

    @property
    def place(self) -> OpenPlace:
        """The place; NotReadyError before one has been imported."""
        return self._live.kept.get(("model", self.version), self._opened)

    @property
    def is_ready(self) -> bool:
        """Whether a place has been imported."""
        return self._live.has_place

    @property
    def version(self) -> tuple[str, int]:
        """What changes with the place and with what was learned of it."""
        path = calibration_file(self._folder)
        learned = path.stat().st_mtime_ns if path.exists() else 0
        return self._live.geography.version, learned

    @property
    def calibration(self) -> Calibration:
        """What was learned of the place."""
        return self.place.calibration

    def _opened(self) -> OpenPlace:
        """Return the place; what was learned with another version of the program is left aside."""
        city = self._live.city
        place = OpenPlace(self._folder, city)
        try:
            _ = place.calibration
        except CalibrationError:
            _log.exception("what was learned of this place cannot be used")
            return OpenPlace(self._folder, city, Calibration.uncalibrated(city.name))
        return place

    @property
    def prices(self) -> Prices:
        """What things cost."""
        return self._live.kept.get(("prices",), load_prices)

    @property
    def search(self) -> SearchIndex:
        """What can be found by name."""
        return self._live.search

    def examples(self) -> list[Scenario]:
        """Return the ready-made plans that can be carried out here, those of the place in front."""
        return self._live.kept.get(("examples", self.version), self._examples)

    def _examples(self) -> list[Scenario]:
        place, found = self.place, list[Scenario]()
        for path in place.plans():
            try:
                plan = place.plan(path)
            except ScenarioError:
                continue
            if plan.place == place.city.name and plan.title and self.can_do(plan):
                found.append(plan)
        return found

    def empty(self) -> Scenario:
        """Return the plan in which nothing changes."""
        return Scenario(name="plan", place=self.place.city.name)

    def prepare(self) -> None:
        """Let the code be compiled, and the days without a plan be lived that first impressions need."""
        for day in PREPARED_DAYS:
            plan = self.empty().model_copy(update={"day": day})
            make = partial(self.place.study, plan, runs=PREVIEW_RUNS)
            self._tries.prepare(("prepared", day, self.version), make)

    def can_do(self, plan: Scenario) -> bool:
        """Return whether a plan can be carried out."""
        try:
            cities(plan, self.place.city)
        except ScenarioError:
            return False
        return True

    def effects(self, plan: Scenario) -> Try:
        """Return the effects of a plan, worked out from now on if they are not known yet.

        Raises
        ------
        ScenarioError
            The plan cannot be carried out.
        TooManyPlansError
            Too many others are waiting.
        """
        return self._tries.want(self._key(plan), partial(self._study, plan))

    def known_effects(self, plan: Scenario) -> Try | None:
        """Return the effects of a plan if they are being, or have been, worked out."""
        return self._tries.known(self._key(plan))

    def wait_for(self, one: Try, pairs: int, timeout_s: float) -> None:
        """Wait until so many pairs of days of a plan have been lived, or it has failed."""
        self._tries.wait_for(one, pairs, timeout_s)

    def progress(self, one: Try) -> Progress:
        """Return how far the effects of a plan are, and say that somebody still waits for them."""
        return self._tries.progress(one)

    def _key(self, plan: Scenario) -> tuple[str, tuple[str, int]]:
        return _same(plan).fingerprint(), self.version

    def _study(self, plan: Scenario) -> Study:
        return self.place.study(_same(plan), runs=self._tries.runs)


def _same(plan: Scenario) -> Scenario:
    """Return a plan without its texts, which change no effect."""
    return plan.model_copy(update={"name": "plan", "title": "", "text": ""})
