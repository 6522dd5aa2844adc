"""What an adapter is: other people's topics and payloads, turned into readings of ours."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]
"""One reading as a device of ours would send it: JSON-able, before it is validated."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """One foreign system.

    Attributes
    ----------
    name
        A short name, unique among the adapters.
    subscriptions
        The topic filters under which its messages come.
    device
        Returns the name of the device that a topic belongs to, or None if the topic is not of
        this system. That name is the one under which the device is registered.
    read
        Turns a topic and its payload into readings, none if the message holds none. Raises
        `sensors.errors.AdapterError`, and nothing else, for any bytes; hands on no identifier
        and nothing else that a reading has no field for.
    """

    name: str
    subscriptions: tuple[str, ...]
    device: Callable[[str], str | None]
    read: Callable[[str, bytes], list[Payload]]
