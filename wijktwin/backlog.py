"""The backlog: what was sent while the city process was away, and comes in once it is back."""

import time
from collections.abc import Callable

from sensors.ingest import Statistics

QUIET_S = 3.0
"""After so long without a message, what waited with the broker and the devices has come in."""

AT_MOST_S = 60.0
"""After this long it is waited for no more, however much still comes in."""


class Backlog:
    """Whether what was sent meanwhile has come in; windows are closed only after that."""

    def __init__(
        self, statistics: Statistics, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._statistics = statistics
        self._now_s = monotonic_s
        self._until_s = self._now_s() + AT_MOST_S
        self._quiet_since_s = self._now_s()
        self._heard = -1
        self._is_in = False

    def is_in(self) -> bool:
        """Tell whether it has come in by now; once it has, that stays so."""
        now_s, found = self._now_s(), self._statistics
        if found.messages != self._heard or not found.is_connected:
            self._quiet_since_s, self._heard = now_s, found.messages
        is_quiet = now_s - self._quiet_since_s > QUIET_S
        self._is_in = self._is_in or is_quiet or now_s > self._until_s
        return self._is_in
