"""The queue of studies: one after the other, day by day, behind residents' plans.

How far each study is stands in the staff database, and every day that was lived is kept on disk, so
that a restart of the program loses nothing.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.errors import ScenarioError
from scenarios.workers import Workers
from twin.words import Text
from web.plans.model import Model
from web.plans.underway import Underway
from web.studies.results import erase, prepare, save
from web.studies.studies import Studies
from web.studies.study import KeptStudy, State, Variant

if TYPE_CHECKING:
    from pathlib import Path

    from scenarios.ensemble import Member
    from scenarios.figures import Figures
    from scenarios.future import Future
    from scenarios.study import Study

_log = logging.getLogger(__name__)

_FAILED = Text(
    "Er ging iets mis bij het doorrekenen. Het is genoteerd; probeer het later opnieuw.",
    "Something went wrong while this was worked out. It has been written down; try again later.",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is: pairs lived, of how many, and how many studies go before it."""

    state: State
    done: int
    of: int
    ahead: int


@dataclass(eq=False)
class Job:
    """A study that is being worked out, one part (a variant in a future) after the other."""

    studies: Studies
    model: Model
    kept: KeptStudy
    ended: Callable[["Job"], None]
    breaks: int = 0
    is_out: bool = False
    _lived_before: int = 0
    _parts: "Iterator[tuple[Variant, Future | None]] | None" = None
    _part: "tuple[Variant, Study] | None" = None
    _underway: "Underway | None" = None

    @property
    def done(self) -> int:
        """How many pairs have been lived."""
        underway = self._underway
        return self._lived_before + (len(underway.pairs) if underway else 0)

    def next_day(self, workers: Workers) -> "Member | None":
        """Return the next day to live; None while those of one part are not yet all there."""
        while part := self._part or self._begin():
            if self._underway is None:
                self._underway = Underway(part[1].ensemble(workers), part[1].runs)
            day = self._underway.next()
            if day is not None or not self._end_part():
                return day
        return None

    def lived(self, day: "Member", found: "Figures") -> None:
        """Take a day that was handed out; the last one of a part makes its effects."""
        if self._underway is not None and not self.is_out:
            self._underway.lived(day, found)
            self._end_part()

    def _end_part(self) -> bool:
        """Keep the effects of a part of which all pairs are there; return whether they are."""
        if self._part is None or self._underway is None:
            return False
        (variant, study), pairs = self._part, self._underway.pairs
        if len(pairs) < study.runs:
            return False
        save(self._folder, self.kept, variant, study, study.effects(list(pairs)))
        self._lived_before += len(pairs)
        self._part, self._underway = None, None
        if self.done >= self.kept.pairs:
            self._end(State.DONE)
        return True

    def without_workers(self) -> None:
        """Forget what was sent to workers that are gone; the days that were lived are on disk."""
        self._underway = None

    def give_up(self) -> None:
        """Say that it cannot be worked out."""
        self._end(State.FAILED, _FAILED)

    @property
    def _folder(self) -> "Path":
        return self.studies.folder(self.kept.id)

    def _begin(self) -> "tuple[Variant, Study] | None":
        """Begin with the next part; None where it cannot be, or the study has left the queue."""
        if self.is_out:
            return None
        if self._parts is None:
            self._parts = iter(
                [(each, one) for each in self.kept.variants for one in self.kept.futures or (None,)]
            )
        if not self.studies.move(self.kept.id, State.RUNNING):
            self.is_out = True
            self.ended(self)
            return None
        variant, future = next(self._parts)
        try:
            self._part = variant, prepare(self.model, self.kept, variant, future, self._folder)
        except ScenarioError as err:
            told = [f"{variant.title}: {' '.join(err.told(one))}" for one in ("nl", "en")]
            self._end(State.FAILED, Text(*told))
        return self._part

    def _end(self, state: State, reason: Text | None = None) -> None:
        self.is_out = True
        self.studies.move(self.kept.id, state, reason)
        self.ended(self)


class Queue:
    """The studies that wait to be worked out; safe from any thread."""

    def __init__(self, studies: Studies, model: Model, wake: Callable[[], None]) -> None:
        self._studies, self._model, self._wake = studies, model, wake
        self._jobs: list[Job] = []
        self._lock = threading.Lock()

    def open(self) -> None:
        """Take up again what was in the queue when the program ended."""
        for study in self._studies.queued():
            self.add(study)

    def add(self, study: str) -> None:
        """Work a study out, after those that are there already."""
        try:
            kept = self._studies.get(study)
        except ScenarioError as err:
            _log.warning("a study in the queue has a plan that cannot be read: %s", err)
            reason = Text(*(" ".join(err.told(one)) for one in ("nl", "en")))
            self._studies.move(study, State.FAILED, reason)
            return
        with self._lock:
            if study not in {job.kept.id for job in self._jobs}:
                self._jobs.append(Job(self._studies, self._model, kept, self._remove))
        self._wake()

    def take_out(self, study: str) -> None:
        """Stop working on a study."""
        with self._lock:
            for job in self._jobs:
                job.is_out |= job.kept.id == study
            self._jobs = [job for job in self._jobs if not job.is_out]

    def forget(self, study: str) -> None:
        """Delete what is kept of a study that is no more."""
        self.take_out(study)
        erase(self._studies.folder(study))

    def next(self) -> Job | None:
        """Return the study to work on, None where there is none."""
        with self._lock:
            return self._jobs[0] if self._jobs and self._model.is_ready else None

    def progress(self, study: str) -> Progress:
        """Return how far a study is; UnknownNameError where there is none of that id."""
        with self._lock:
            jobs = list(self._jobs)
        for ahead, job in enumerate(jobs):
            if job.kept.id == study:
                state = State.RUNNING if ahead == 0 else State.WAITING
                return Progress(state, job.done, job.kept.pairs, ahead)
        state = self._studies.state(study)
        return Progress(state, 0, 0, 0)

    def _remove(self, job: Job) -> None:
        with self._lock:
            self._jobs = [each for each in self._jobs if each is not job]
