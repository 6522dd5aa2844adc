"""Working out the effects of plans in the background: first impressions first, and fairly.

One thread hands single days to a pool of processes, just as many as keep it busy: those of the plan
with the fewest pairs go first, so that everybody has a first impression before anybody's is sharpened.
A plan that nobody waits for any more is left where it is. What may take long goes behind all of
them, but never waits for ever.
"""

import logging
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Literal, Protocol

from scenarios.ensemble import PREVIEW_RUNS, RUNS, Member, Pair, live
from scenarios.figures import Figures
from scenarios.study import Study
from scenarios.workers import Workers
from twin.errors import WijktwinError
from web.plans.result import Result
from web.plans.underway import Underway

_log = logging.getLogger(__name__)

State = Literal["waiting", "done", "failed"]

KEPT = 40
"""Of so many plans the effects are kept: each takes about two megabytes."""

NICENESS = 10
"""The live map and the readings go before plans."""

MOST_WAITING = 60
PATIENCE_S = 6.0
"""A plan of which nobody has asked for so long is no longer worked on."""

BEHIND_EVERY = 6
"""While people wait for plans, one of so many days is for what stands behind them."""

MOST_BREAKS = 2
"""So often something is tried again whose days were being lived when a process ended."""

IN_LINE = 1
"""So many days of first impressions are handed out beyond one a process, so that no process waits for
them. What sharpens stands in no line: whoever comes next would have to wait for it."""


class TooManyPlansError(WijktwinError):
    """More people are trying plans out than can be served."""


@dataclass(eq=False)
class Try:
    """One plan whose effects are being worked out; read it through `Tries`."""

    study: Study
    state: State = "waiting"
    result: Result | None = None
    wanted_at: float = 0.0
    breaks: int = 0
    _pairs: tuple[Pair, ...] = ()
    _underway: Underway | None = None

    @property
    def done(self) -> int:
        """How many pairs of days are in the result."""
        return self.result.runs if self.result else 0

    @property
    def turns(self) -> int:
        """How many times it has had a turn, of days enough for `PREVIEW_RUNS` pairs."""
        return (self._underway.begun if self._underway else len(self._pairs)) // PREVIEW_RUNS

    def next_day(self, workers: Workers) -> Member | None:
        """Return the next day to live; None where all have been handed out."""
        if self._underway is None:
            self._underway = Underway(self.study.ensemble(workers), self.study.runs, self._pairs)
        day = self._underway.next()
        if day is None:
            self._sum_up()
        return day

    def lived(self, day: Member, found: Figures) -> None:
        """Take a day that was handed out."""
        if self._underway is not None:
            self._underway.lived(day, found)
            self._sum_up()

    def _sum_up(self) -> None:
        """Make a result of the pairs that are there, after every few."""
        if self._underway is None:
            return
        self._pairs = self._underway.pairs
        is_whole = len(self._pairs) == self.study.runs
        enough = len(self._pairs) if is_whole else _rounded(len(self._pairs))
        if enough > self.done:
            self.result = Result.of(self.study, self._pairs[:enough])
        if is_whole:
            self.state, self._pairs, self._underway = "done", (), None

    def without_workers(self) -> None:
        """Forget what was sent to workers that are gone; the pairs that were lived stay."""
        self._underway = None

    def give_up(self) -> None:
        """Say that it cannot be worked out."""
        self.state, self._pairs, self._underway = "failed", (), None


def _rounded(pairs: int) -> int:
    """Return how many pairs are summed up when so many are there: a result is not made of every one."""
    return pairs // PREVIEW_RUNS * PREVIEW_RUNS


class Work(Protocol):
    """Something that is worked out day by day.

    ``breaks`` is how often a process ended while its days were being lived.
    """

    breaks: int

    def next_day(self, workers: Workers) -> Member | None:
        """Return the next day to live; None where there is none to hand out now."""

    def lived(self, day: Member, found: Figures) -> None:
        """Take a day that was handed out."""

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
        self._days = 0
        self._handed: dict[Future[Figures], tuple[Work, Member]] = {}
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
            was_left = one.wanted_at < time.monotonic() - PATIENCE_S
            one.wanted_at = max(one.wanted_at, time.monotonic())
            if was_left:
                self._change.notify_all()
            turns = sorted(self._waiting(), key=lambda each: each.turns)
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
                with Workers(self._processes, niceness=NICENESS) as workers:
                    self._work_with(workers)
            except BrokenProcessPool:
                _log.exception("a worker process ended; all are started again")
                self._without_workers()

    def _without_workers(self) -> None:
        """Let everything that was begun be sent to new workers, but not what may be what ended them."""
        with self._change:
            begun: list[Work] = list(self._tries.values())
        if behind := self._behind():
            begun.append(behind)
        for one in begun:
            one.without_workers()
        for one in {id(work): work for work, _ in self._handed.values()}.values():
            one.breaks += 1
            if one.breaks > MOST_BREAKS:
                one.give_up()
        self._handed.clear()
        self.wake()

    def _work_with(self, workers: Workers) -> None:
        """Keep the processes busy with days, and pass on those that were lived."""
        handed, lived = self._handed, deque[Future[Figures]]()

        def is_lived(day: Future[Figures]) -> None:
            with self._change:
                lived.append(day)
                self._change.notify_all()

        while self._is_open:
            room = self._processes + IN_LINE - len(handed)
            if room > 0 and (found := self._next_day(workers, is_in_line=room <= IN_LINE)):
                going = workers.submit(live, found[1])
                handed[going] = found
                going.add_done_callback(is_lived)
                if not going.done():
                    continue
            elif not lived:
                self._wait(lived)
            while lived:
                going = lived.popleft()
                self._take(*handed[going], going)
                del handed[going]

    def _next_day(self, workers: Workers, *, is_in_line: bool) -> tuple[Work, Member] | None:
        """Return the next day to live, and what it is of; None where nothing has one to hand out now."""
        for one in self._in_turn():
            if is_in_line and not (isinstance(one, Try) and one.turns == 0):
                continue
            try:
                day = one.next_day(workers)
            except Exception:  # noqa: BLE001 one plan that fails must not keep the others waiting
                _log.exception("the effects of a plan could not be worked out")
                one.give_up()
                day = None
            if day is not None:
                self._days += 1
                return one, day
        return None

    def _take(self, one: Work, day: Member, going: Future[Figures]) -> None:
        try:
            one.lived(day, going.result())
        except BrokenProcessPool:
            raise
        except Exception:  # noqa: BLE001 one plan that fails must not keep the others waiting
            _log.exception("the effects of a plan could not be worked out")
            one.give_up()
        self.wake()

    def _in_turn(self) -> list[Work]:
        """Return what there is to work on, whose turn it is in front."""
        with self._change:
            waiting = sorted(self._waiting(), key=lambda one: one.turns)
        behind = self._behind()
        if behind is None:
            return [*waiting]
        return [behind, *waiting] if self._days % BEHIND_EVERY == 0 else [*waiting, behind]

    def _wait(self, lived: deque[Future[Figures]]) -> None:
        """Wait until a day has been lived, or somebody wants something."""
        with self._change:
            if self._is_open and not lived:
                self._change.wait(1.0)
