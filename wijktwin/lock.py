"""One process at a time works on a place: who holds its lock.

The lock goes with its process, however that ends. It does not depend on where the store is: a
DuckDB file would refuse a second process by itself, a DuckLake would not.
"""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager

from wijktwin.errors import PlaceInUseError
from wijktwin.folder import PlaceFolder
from wijktwin.signals import is_supervised

TRIES = 5
PAUSE_S = 0.05


@contextmanager
def holding(folder: PlaceFolder, what: str) -> Generator[None]:
    """Hold the place for as long as the context lasts; ``what`` is what this process does to it.

    Raises
    ------
    PlaceInUseError
        Another process holds it; the message says which.
    """
    folder.lock.parent.mkdir(parents=True, exist_ok=True)
    with folder.lock.open("a+") as file:
        if not _try_for_a_while(file.fileno()):
            raise PlaceInUseError(_in_use(folder))
        file.truncate(0)
        file.write(_name(what))
        file.flush()
        yield


def holder(folder: PlaceFolder) -> str | None:
    """Return who holds the place (what it does, and its process number), or None."""
    try:
        with folder.lock.open() as file:
            return None if _try(file.fileno()) else file.read() or "another process"
    except (FileNotFoundError, NotADirectoryError):
        return None


def must_be_free(folder: PlaceFolder) -> None:
    """Raise PlaceInUseError if a process holds the place."""
    if holder(folder) is not None:
        raise PlaceInUseError(_in_use(folder))


def _name(what: str) -> str:
    """Say who holds the place: whoever wants to stop it must stop what restarts it."""
    if is_supervised():
        return f"wijktwin up, process {os.getppid()}"
    return f"{what}, process {os.getpid()}"


def _in_use(folder: PlaceFolder) -> str:
    who = holder(folder) or "another process"
    return f"{folder.root.name!r} in {folder.root.parent} is in use by {who}: stop that first"


def _try_for_a_while(descriptor: int) -> bool:
    """Try a few times: somebody may just be looking whether the place is held."""
    for _ in range(TRIES):
        if _try(descriptor):
            return True
        time.sleep(PAUSE_S)
    return False


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
