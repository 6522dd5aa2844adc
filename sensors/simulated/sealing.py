"""Sealing: a report becomes a message, with the name of the boot and its sequence numbers.

Payloads are put together as text: a model for each would take ten times as long. A test checks
that they are what the models of the domains would make of them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sensors.simulated.reports import HOUR_S, Report
from sensors.topics import reading_topic
from twin.readings import Device

_CLOCK = tuple(f"{second // 60:02d}:{second % 60:02d}Z" for second in range(HOUR_S))


class Sealed(NamedTuple):
    """A message ready to be sent, with the lowest and highest sequence number in it."""

    first: int
    last: int
    payload: bytes


class Sealer:
    """Numbers the messages of a fleet within one boot.

    Parameters
    ----------
    clock_off_s
        How many seconds each device's clock is ahead.
    """

    def __init__(self, devices: Sequence[Device], boot: str, clock_off_s: Sequence[int]) -> None:
        self.topics = [reading_topic(device.domain, device.device) for device in devices]
        self.boot = boot
        self._clock_off_s = clock_off_s
        self._next = [1] * len(devices)
        self._hours: dict[int, str] = {}

    def next(self, device: int) -> int:
        """Return the number that a device's next reading gets."""
        return self._next[device]

    def seal(self, report: Report, oldest: int) -> Sealed:
        """Number a report; ``oldest`` is the lowest number its device still keeps."""
        device = report.device
        off_s = self._clock_off_s[device]
        first = self._next[device]
        if len(report.said) == 1:
            at_s, kind, tail = report.said[0]
            self._next[device] = first + 1
            return Sealed(first, first, self._one(at_s + off_s, kind, first, oldest, tail).encode())
        self._next[device] = first + len(report.said)
        many = [
            self._one(at_s + off_s, kind, seq, oldest, tail)
            for seq, (at_s, kind, tail) in enumerate(report.said, first)
        ]
        return Sealed(first, self._next[device] - 1, f"[{','.join(many)}]".encode())

    def _one(self, at_s: int, kind: str, seq: int, oldest: int, tail: str) -> str:
        hour, second = divmod(at_s, HOUR_S)
        date = self._hours.get(hour)
        if date is None:
            date = datetime.fromtimestamp(hour * HOUR_S, UTC).strftime("%Y-%m-%dT%H:")
            self._hours[hour] = date
        return (
            f'{{"kind":"{kind}","observed_at":"{date}{_CLOCK[second]}","boot":"{self.boot}",'
            f'"seq":{seq},"oldest":{oldest},{tail}}}'
        )
