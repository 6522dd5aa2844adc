"""Working out the effects of plans in the background: first impressions first, and fairly.

One thread hands the pairs of days to a pool of processes, a few at a time: the plan with the
fewest pairs goes first, so that everybody has a first impression before anybody's is sharpened.
A plan that nobody waits for any more is left where it is. What may take long goes behind all of
them, but never waits for ever.
"""

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Literal, Protocol

from scenarios.ensemble import PREVIEW_RUNS, RUNS, Ensemble, Pair
from scenarios.study import Study
from scenarios.workers import Workers
from twin.errors import WijktwinError
from web.plans.result import Result

_log = logging.getLogger(__name__)

State = Literal["waiting", "done", "failed"]

KEPT = 40
"""Of so many plans the effects are kept: each takes about two megabytes."""

NICENESS = 5
"""The live map and the readings go before plans."""

MOST_WAITING = 60
PATIENCE_S = 6.0
"""A plan of which nobody has asked for so long is no longer worked on."""


ROUNDS = 5
"""After so many turns of plans that people wait for, what stands behind them gets one."""


class TooManyPlansError(WijktwinError):
    """More people are trying plans out than can be served."""


@dataclass(eq=False)
class Try:
    """One plan whose effects are being worked out; read it through `Tries`."""

    study: Study
    state: State = "waiting"
    result: Result | None = None
    wanted_at: float = 0.0
    _pairs: tuple[Pair, ...] = ()
    _ensemble: Ensemble | None = None

    @property
    def done(self) -> int:
        """How many pairs of days have been lived."""
        return self.result.runs if self.result else 0

    def ready(self, workers: Workers) -> Ensemble:
        """Read the cities with and without the plan, so that days can be lived in them."""
        if self._ensemble is None:
            self._ensemble = self.study.ensemble(workers)
        return self._ensemble

    def work(self, workers: Workers) -> None:
        """Live the next few pairs of days."""
        ensemble = self.ready(workers)
        members = range(self.done, min(self.done + PREVIEW_RUNS, self.study.runs))
        self._pairs += tuple(ensemble.pairs(members))
        self.result = Result.of(self.study, self._pairs)
        if self.done >= self.study.runs:
            self.state, self._pairs, self._ensemble = "done", (), None

    def without_workers(self) -> None:
        """Forget what was sent to workers that are gone; the days that were lived stay."""
        self._ensemble = None

    def give_up(self) -> None:
        """Say that it cannot be worked out."""
        self.state, self._pairs, self._ensemble = "failed", (), None


class Work(Protocol):
    """Something that is worked out a little at a time."""

    def work(self, workers: Workers) -> None:
        """Do the next little part."""

    def without_workers(self) -> None:
        """Forget what was sent to workers that are gone."""

    def give_up(self) -> None:
        """Say that it cannot be worked out."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is: pairs done, of how many, and how many plans go before it."""

    state: State
    done: int
    of: int
    ahead: int


class Tries:
    """The plans that people are trying out; safe from any thread between `open` and `close`."""

    def __init__(self, *, processes: int, runs: int = RUNS) -> None:
        self._processes, self.runs = processes, runs
        self._tries: OrderedDict[Hashable, Try] = OrderedDict()
        self._change = threading.Condition()
        self._is_open = False
        self._behind: Callable[[], Work | None] = lambda: None
        self._turns = 0
        self._thread = threading.Thread(target=self._work, name="plans", daemon=True)

    def let_behind(self, behind: Callable[[], Work | None]) -> None:
        """Work on what this gives whenever nobody waits for a plan."""
        self._behind = behind

    def wake(self) -> None:
        """Look whether there is something to do."""
        with self._change:
            self._change.notify_all()

    def open(self) -> None:
        """Begin to work."""
        self._is_open = True
        self._thread.start()

    def close(self) -> None:
        """Stop after the days that are being lived."""
        with self._change:
            self._is_open = False
            self._change.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def prepare(self, key: Hashable, make: Callable[[], Study]) -> None:
        """Work on a plan although nobody waits for it, so that what others have in common is there."""
        one = Try(make(), wanted_at=math.inf)
        with self._change:
            self._tries.setdefault(key, one)
            self._change.notify_all()

    def want(self, key: Hashable, make: Callable[[], Study]) -> Try:
        """Return the plan of that key, which from now on is worked on; ``make`` makes a new one.

        Raises
        ------
        ScenarioError
            The plan cannot be carried out.
        TooManyPlansError
            Too many others are waiting.
        """
        with self._change:
            found = self._tries.get(key)
            if found is None and len(self._waiting()) >= MOST_WAITING:
                raise TooManyPlansError("too many people are trying plans out at this moment")
        made = found or Try(make())
        with self._change:
            one = self._tries.setdefault(key, made)
            if one.state == "failed":
                one.state = "waiting"
            one.wanted_at = time.monotonic()
            self._tries.move_to_end(key)
            self._forget()
            self._change.notify_all()
        return one

    def known(self, key: Hashable) -> Try | None:
        """Return the plan of that key if it is here, whether or not it is worked on."""
        with self._change:
            return self._tries.get(key)

    def progress(self, one: Try) -> Progress:
        """Return how far a plan is, and keep it wanted."""
        with self._change:
            one.wanted_at = time.monotonic()
            self._change.notify_all()
            turns = sorted(self._waiting(), key=lambda each: each.done)
            ahead = turns.index(one) if one in turns else 0
            return Progress(one.state, one.done, one.study.runs, ahead)

    def wait_for(self, one: Try, pairs: int, timeout_s: float) -> None:
        """Wait until so many pairs of a plan have been lived, or it has failed."""
        until = time.monotonic() + timeout_s
        with self._change:
            while one.state == "waiting" and one.done < pairs and time.monotonic() < until:
                one.wanted_at = time.monotonic()
                self._change.wait(0.5)

    def _waiting(self) -> list[Try]:
        """Return the plans that are worked on, those that were wanted first in front."""
        since = time.monotonic() - PATIENCE_S
        return [t for t in self._tries.values() if t.state == "waiting" and t.wanted_at >= since]

    def _forget(self) -> None:
        for key in list(self._tries):
            if len(self._tries) <= KEPT:
                return
            if self._tries[key] not in self._waiting():
                del self._tries[key]

    def _work(self) -> None:
        while self._is_open:
            try:
                with (
                    ThreadPoolExecutor(1, thread_name_prefix="next-plan") as reading,
                    Workers(self._processes, niceness=NICENESS) as workers,
                ):
                    self._work_with(workers, reading)
            except BrokenProcessPool:
                _log.exception("a worker process ended; all are started again")
                with self._change:
                    for one in self._tries.values():
                        one.without_workers()
                    if behind := self._behind():
                        behind.without_workers()

    def _work_with(self, workers: Workers, reading: Executor) -> None:
        """Work on one plan after the other; the next is read while the processes are busy with one."""
        while one := self._next():
            after = self._after(one)
            read = reading.submit(after.ready, workers) if after else None
            try:
                one.work(workers)
            except BrokenProcessPool:
                if isinstance(one, Try):
                    one.give_up()
                raise
            except Exception:  # noqa: BLE001 one plan that fails must not keep the others waiting
                _log.exception("the effects of a plan could not be worked out")
                one.give_up()
            with self._change:
                self._change.notify_all()
            if read is not None:
                read.exception()  # what went wrong goes wrong again when it is its turn

    def _after(self, one: Work) -> Try | None:
        """Return the plan whose turn is likely next, if it has had none yet."""
        with self._change:
            waiting = (each for each in self._waiting() if each is not one and not each.done)
            return next(waiting, None)

    def _next(self) -> Work | None:
        """Wait for work; None when it is time to stop."""
        with self._change:
            while self._is_open:
                waiting, behind = self._waiting(), self._behind()
                if waiting and not (behind and self._turns >= ROUNDS):
                    self._turns += 1
                    return min(waiting, key=lambda one: one.done)
                if behind:
                    self._turns = 0
                    return behind
                self._change.wait(1.0)
            return None
