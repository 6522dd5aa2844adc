"""The spool: what has been published and is not settled, until the receipt says it is.

It lives in memory, and in one SQLite file where a directory is given. Then a fleet that crashes
goes on with all it had, and with the moment until which it had reported.
"""

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

FILE_NAME = "fleet.sqlite"
MOST_KEPT = 5_000
"""Messages that a device keeps within one boot; beyond that it gives up the oldest."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS kept (device TEXT, boot TEXT, first INTEGER, last INTEGER,"
    " topic TEXT, payload BLOB, due_s INTEGER)",
    "CREATE INDEX IF NOT EXISTS kept_by_device ON kept (device, boot, last)",
    "CREATE TABLE IF NOT EXISTS run (starts INTEGER, until_s INTEGER)",
)
_ADD = "INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?, ?)"
_ALL = "SELECT device, boot, first, last, topic, payload, due_s FROM kept ORDER BY rowid"
_SETTLE = "DELETE FROM kept WHERE device = ? AND boot = ? AND last <= ?"


class Kept(NamedTuple):
    """A message with the numbers (first to last) of the readings in it, to be sent from ``due_s``."""

    device: str
    boot: str
    first: int
    last: int
    topic: str
    payload: bytes
    due_s: int = 0


class Spool:
    """The unsettled messages of some devices, for each device and boot in the order of their numbers.

    Parameters
    ----------
    directory
        Where the file is; without one, nothing outlives the process.
    most_kept
        How many messages a device keeps within one boot.

    Attributes
    ----------
    starts
        How often this spool has been opened, this time included.
    until_s
        The moment until which the fleet has reported, None if it never has.
    """

    def __init__(self, directory: Path | None = None, *, most_kept: int = MOST_KEPT) -> None:
        self._file = None if directory is None else _open(directory)
        self._most_kept = most_kept
        self._kept: dict[tuple[str, str], deque[Kept]] = {}
        self._size = 0
        self._new: list[Kept] = []
        self._dropped: list[tuple[str, str, int]] = []
        self.given_up = 0
        self.starts, self.until_s = self._begin()

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Kept]:
        """Yield all that is kept, device by device."""
        for messages in self._kept.values():
            yield from messages

    def __contains__(self, message: Kept) -> bool:
        messages = self._kept.get((message.device, message.boot))
        return messages is not None and messages[0].first <= message.first

    def lowest(self, device: str, boot: str) -> int | None:
        """Return the lowest number kept, None if there is none."""
        messages = self._kept.get((device, boot))
        return messages[0].first if messages else None

    def keep(self, message: Kept) -> None:
        """Keep a message; it may be sent once `commit` has returned."""
        if self._file is not None:
            self._new.append(message)
        for old in self._put(message):
            self.given_up += 1
            self._dropped.append((old.device, old.boot, old.last))

    def commit(self, *, until_s: int) -> None:
        """Write what is new, the fleet having reported all before ``until_s``; all or nothing."""
        self.until_s = until_s
        if self._file is not None:
            with self._file:
                self._file.executemany(_ADD, self._new)
                self._file.executemany(_SETTLE, self._dropped)
                self._file.execute("UPDATE run SET until_s = ?", (until_s,))
        self._new, self._dropped = [], []

    def settle(self, receipts: Iterable[tuple[str, str, int]]) -> int:
        """Forget what receipts (device, boot, number) cover; return how many messages that were."""
        known = list(receipts)
        settled = 0
        for device, boot, up_to in known:
            messages = self._kept.get((device, boot))
            while messages and messages[0].last <= up_to:
                messages.popleft()
                settled += 1
            if messages is not None and not messages:
                del self._kept[device, boot]
        self._size -= settled
        if self._file is not None and settled:
            with self._file:
                self._file.executemany(_SETTLE, known)
        return settled

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _put(self, message: Kept) -> Iterator[Kept]:
        """Keep one message, and yield what is given up for it."""
        messages = self._kept.setdefault((message.device, message.boot), deque())
        messages.append(message)
        self._size += 1
        while len(messages) > self._most_kept:
            self._size -= 1
            yield messages.popleft()

    def _begin(self) -> tuple[int, int | None]:
        if self._file is None:
            return 1, None
        with self._file:
            for statement in _TABLES:
                self._file.execute(statement)
            if self._file.execute("SELECT count(*) FROM run").fetchone() == (0,):
                self._file.execute("INSERT INTO run VALUES (0, NULL)")
            self._file.execute("UPDATE run SET starts = starts + 1")
        for row in self._file.execute(_ALL):
            for _ in self._put(Kept(*row)):
                self.given_up += 1
        starts, until_s = self._file.execute("SELECT starts, until_s FROM run").fetchone()
        return int(starts), until_s


def reported_until(directory: Path) -> datetime | None:
    """Return the moment until which the fleet of a spool has reported; None if it never has."""
    if not (directory / FILE_NAME).exists():
        return None
    with closing(_open(directory)) as file:
        (until_s,) = file.execute("SELECT until_s FROM run").fetchone() or (None,)
    return None if until_s is None else datetime.fromtimestamp(until_s, UTC)


def _open(directory: Path) -> sqlite3.Connection:
    directory.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(directory / FILE_NAME, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
