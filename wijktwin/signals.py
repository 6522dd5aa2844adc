"""How a process is asked to stop: by Ctrl-C, by SIGTERM, or because its supervisor is gone."""

import os
import signal
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from types import FrameType

SUPERVISED = "WIJKTWIN_SUPERVISED"
"""Set for the processes that ``wijktwin up`` starts: their standard input ends when it does."""

GRACE_S = 20.0
"""How long a process may take to stop once its supervisor is gone."""


@contextmanager
def stop_signal() -> Generator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set; a second Ctrl-C ends at once."""
    event = threading.Event()

    def ask(number: int, _frame: FrameType | None) -> None:
        if event.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        event.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_supervised(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether this process was started by ``wijktwin up``."""
    return bool(environment.get(SUPERVISED))


def end_with_supervisor() -> None:
    """Stop this process, as SIGTERM does, when the one that supervises it is gone."""
    threading.Thread(target=_wait_for_end, name="supervisor", daemon=True).start()


def _wait_for_end() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)
