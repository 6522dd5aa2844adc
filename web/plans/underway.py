"""The pairs of days of one plan while they are lived: handed out day by day, put together again."""

from collections import deque
from collections.abc import Iterable

from scenarios.ensemble import Ensemble, Member, Pair
from scenarios.figures import Figures


class Underway:
    """The days of the first ``runs`` members of an ensemble; those of ``pairs`` were lived before."""

    def __init__(self, ensemble: Ensemble, runs: int, pairs: Iterable[Pair] = ()) -> None:
        self._ensemble, self._runs = ensemble, runs
        self._pairs = {pair.member: pair for pair in pairs}
        self._days = deque[Member]()
        self.begun = 0
        """So many members have had their days handed out, or put in line to be."""

    def next(self) -> Member | None:
        """Return the next day to live; None where all have been handed out."""
        while not self._days and self.begun < self._runs:
            number, self.begun = self.begun, self.begun + 1
            if number in self._pairs:
                continue
            self._days += self._ensemble.missing(number)
            if not self._days:
                self._pairs[number] = self._ensemble.pair(number)
        return self._days.popleft() if self._days else None

    def lived(self, day: Member, found: Figures) -> None:
        """Take the figures of a day that was handed out."""
        self._ensemble.keep(day, found)
        if self._ensemble.has_both(day.number):
            self._pairs[day.number] = self._ensemble.pair(day.number)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs that are there, in the order of their members, as far as none is missing between."""
        found: list[Pair] = []
        for number in range(self._runs):
            if number not in self._pairs:
                break
            found.append(self._pairs[number])
        return tuple(found)
