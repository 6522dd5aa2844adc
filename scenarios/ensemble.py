"""Ensembles: the same plan with many seeds and parameter draws, each beside its own baseline.

A member is a seed, which gives its luck, and one draw of the calibration's parameters. Both days of a pair
have both in common, so that their difference is the effect of the plan and nothing else.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from scenarios.calibration.calibration import Calibration
from scenarios.day.day import simulate
from scenarios.day.kinds import DayKind
from scenarios.day.people import Expected
from scenarios.day.population import Memory
from scenarios.day.town import Town
from scenarios.errors import EffectsError
from scenarios.figures import Figures, figures
from scenarios.future import Future
from scenarios.indicators import HOURLY, INDICATORS, STREETS
from scenarios.kept import once
from scenarios.sharing import Shared
from scenarios.workers import Workers
from twin.city import City

_log = logging.getLogger(__name__)

Floats = NDArray[np.float64]

RUNS = 20
PREVIEW_RUNS = 4
FEW_RUNS = 10
"""With fewer pairs than this, people are told that the interval is a first impression."""


@dataclass(frozen=True, eq=False)
class Pair:
    """One member: the figures of its baseline and of its variant, on the baseline's segments."""

    member: int
    before: Figures
    after: Figures


@dataclass(frozen=True, eq=False)
class Effects:
    """What a plan does, over all pairs so far.

    ``before``, ``after`` and ``change`` are (pairs, indicators); ``streets_before`` and
    ``streets_change`` (pairs, figures, segments); ``hourly_before`` and ``hourly_after``
    (pairs, figures, hours).
    """

    segments: Sequence[str]
    before: Floats
    after: Floats
    streets_before: NDArray[np.float32]
    streets_change: NDArray[np.float32]
    hourly_before: Floats
    hourly_after: Floats

    @property
    def change(self) -> Floats:
        """The paired differences."""
        return self.after - self.before

    def __len__(self) -> int:
        return len(self.before)

    def write(self, path: Path) -> None:
        """Save them; half a file is never seen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part.npz")
        np.savez_compressed(
            partial,
            segments=np.array(self.segments, dtype=np.str_),
            before=self.before,
            after=self.after,
            streets_before=self.streets_before,
            streets_change=self.streets_change,
            hourly_before=self.hourly_before,
            hourly_after=self.hourly_after,
        )
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Effects":
        """Read saved ones.

        Raises
        ------
        EffectsError
            They are gone, damaged, or of a version with other figures.
        """
        try:
            with path.open("rb") as file, np.load(file) as saved:
                found = cls(
                    saved["segments"].tolist(),
                    *(saved[name] for name in ("before", "after")),
                    *(saved[name] for name in ("streets_before", "streets_change")),
                    *(saved[name] for name in ("hourly_before", "hourly_after")),
                )
        except (OSError, ValueError, KeyError, BadZipFile) as err:
            raise EffectsError(f"{path.name} cannot be read: {err}") from err
        figures_of = (len(INDICATORS), len(STREETS), len(HOURLY))
        saved_as = (
            found.before.shape[1],
            found.streets_before.shape[1],
            found.hourly_before.shape[1],
        )
        if saved_as != figures_of:
            raise EffectsError(f"{path.name} is of another version of the model: run it again")
        return found

    @classmethod
    def of(cls, segments: Sequence[str], pairs: Sequence[Pair]) -> "Effects":
        """Put pairs together, in the order of their members."""
        pairs = sorted(pairs, key=lambda pair: pair.member)
        return cls(
            segments=segments,
            before=np.array([pair.before.totals for pair in pairs]),
            after=np.array([pair.after.totals for pair in pairs]),
            streets_before=np.array([pair.before.streets for pair in pairs]),
            streets_change=np.array([pair.after.streets - pair.before.streets for pair in pairs]),
            hourly_before=np.array([pair.before.hourly for pair in pairs]),
            hourly_after=np.array([pair.after.hourly for pair in pairs]),
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """The median of a figure over the pairs, and its 10th and 90th percentile.

    Of a change, ``is_clear`` says whether 0 lies outside: whether nine of ten pairs agree on its sign.
    """

    low: float
    middle: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.low > 0 or self.high < 0

    @classmethod
    def of(cls, values: Floats) -> "Interval":
        """Return the interval of some values; NaN where there are none."""
        known = values[~np.isnan(values)]
        if not len(known):
            return cls(float("nan"), float("nan"), float("nan"))
        low, middle, high = np.percentile(known, [10, 50, 90])
        return cls(float(low), float(middle), float(high))


@dataclass(frozen=True)
class Member:
    """What a worker needs to live one day: of a baseline, or with the plan where ``is_after``."""

    number: int
    is_after: bool
    town: Shared
    calibration: Shared
    seed: int
    future: Future | None
    expected: Expected | None = None


_memory: Memory = Memory(2 * PREVIEW_RUNS)
"""Of the days that first impressions are made of, on two kinds of days: each takes some 12 MB."""


def live(member: Member) -> Figures:
    """Live one member's day and return its figures."""
    town: Town = member.town.load()
    calibration: Calibration = member.calibration.load()
    parameters, local = calibration.draw(member.number, member.future)
    memory = _memory if member.number < PREVIEW_RUNS else None
    day = simulate(
        town, parameters, member.seed, local=local, expected=member.expected, memory=memory
    )
    return figures(town, day)


@dataclass(frozen=True)
class KeptDays:
    """Figures of days that were lived before, in a folder: by city, calibration and seed."""

    folder: Path | None
    key: str

    def read(self, member: int) -> Figures | None:
        """Return a member's day, if it is there."""
        path = self._path(member)
        if path is None or not path.exists():
            return None
        with np.load(path) as saved:
            return Figures(saved["totals"], saved["streets"], saved["hourly"])

    def write(self, member: int, found: Figures) -> None:
        """Keep a member's day where that may be written; half a file is never seen."""
        path = self._path(member)
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".part.npz")
            np.savez(partial, totals=found.totals, streets=found.streets, hourly=found.hourly)
            partial.replace(path)
        except OSError as err:
            _log.warning("a day is not kept, and will be lived again: %s", err)

    def _path(self, member: int) -> Path | None:
        return None if self.folder is None else self.folder / self.key / f"{member}.npz"


class Ensemble:
    """Pairs of days of one plan: each member's day before and after, run when they are asked for.

    Both towns are made once, however often pairs are asked for.
    """

    def __init__(
        self,
        before: City,
        after: City,
        day: DayKind,
        calibration: Calibration,
        workers: Workers,
        *,
        seed: int = 1,
        future: Future | None = None,
        baselines: KeptDays | None = None,
        variants: KeptDays | None = None,
    ) -> None:
        self._workers, self._seed, self._future = workers, seed, future
        nothing = KeptDays(None, "")
        self._kept = baselines or nothing, variants or nothing
        self._old, self._new = _town_before(before, day), Town.of(after, day)
        self._calibration = calibration
        self._lived: dict[tuple[int, bool], Figures] = {}

    def pairs(self, members: Iterable[int]) -> Iterator[Pair]:
        """Yield the pairs of these members as they are finished.

        Closing the iterator cancels what has not begun.
        """
        days: list[Member] = []
        for number in members:
            missing = self.missing(number)
            days += missing
            if not missing:
                yield self.pair(number)
        for at, found in self._workers.run(live, days):
            self.keep(days[at], found)
            if self.has_both(days[at].number):
                yield self.pair(days[at].number)

    def missing(self, number: int) -> list[Member]:
        """Return the days of a member that have to be lived; those that were kept are read."""
        days: list[Member] = []
        for is_after in (False, True):
            found = self._kept[is_after].read(number)
            if found is None:
                days.append(self._member(number, is_after=is_after))
            else:
                self._lived[number, is_after] = found
        return days

    def keep(self, day: Member, found: Figures) -> None:
        """Take the figures of a day that was lived."""
        self._lived[day.number, day.is_after] = found
        self._kept[day.is_after].write(day.number, found)

    def has_both(self, number: int) -> bool:
        """Return whether both days of a member have been lived."""
        return (number, False) in self._lived and (number, True) in self._lived

    def pair(self, number: int) -> Pair:
        """Return a member's pair, once, when it `has_both` days."""
        before, after = self._lived.pop((number, False)), self._lived.pop((number, True))
        return Pair(number, before, _aligned(after, self._old, self._new))

    def _member(self, number: int, *, is_after: bool) -> Member:
        share = self._workers.share
        town = share(self._new if is_after else self._old)
        seed = self._seed * 1_000_003 + number
        return Member(number, is_after, town, share(self._calibration), seed, self._future)


@once
def _town_before(city: City, day: DayKind) -> Town:
    """Read the city that all plans begin with: once."""
    return Town.of(city, day)


def _aligned(found: Figures, old: Town, new: Town) -> Figures:
    """Return figures by segment in the order of the old town; measures never add segments."""
    if old.segments == new.segments:
        return found
    at = {name: index for index, name in enumerate(new.segments)}
    streets = np.zeros((len(STREETS), len(old.segments)), np.float32)
    for index, name in enumerate(old.segments):
        if name in at:
            streets[:, index] = found.streets[:, at[name]]
    return Figures(found.totals, streets, found.hourly)
