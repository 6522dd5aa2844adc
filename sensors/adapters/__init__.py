"""Adapters: what other systems publish, turned into readings.

Ours stand in `CORE`; a package from outside adds its own through the entry point group
``wijktwin.adapters`` (each entry a function that returns an `Adapter`), and is treated alike.
"""

from collections.abc import Callable
from importlib.metadata import entry_points

from sensors.adapters.adapter import Adapter, Payload
from sensors.adapters.ttn import ttn
from sensors.errors import AdapterError

__all__ = ["CORE", "Adapter", "AdapterError", "Payload", "load_adapters"]

CORE: tuple[Callable[[], Adapter], ...] = (ttn,)
ENTRY_POINTS = "wijktwin.adapters"


def load_adapters() -> tuple[Adapter, ...]:
    """Return our adapters and those that installed packages bring, by name in that order."""
    outside = [
        entry.load() for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: e.name)
    ]
    return tuple(make() for make in (*CORE, *outside))
