"""History: what a fleet would have sent in the past, as fast as it can be worked out."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sensors.simulated.faults import FaultRates
from sensors.simulated.plan import Plan, Planned
from sensors.simulated.sealing import Sealer
from twin.city import City
from twin.readings import Device


class Chunk(NamedTuple):
    """The messages that arrived in the hour before ``arrived_at``, in order: (topic, payload)."""

    arrived_at: datetime
    messages: list[tuple[str, bytes]]


def history(
    city: City,
    devices: Sequence[Device],
    *,
    start: datetime,
    end: datetime,
    seed: int,
    faults: FaultRates | None = None,
    reference: City | None = None,
) -> Iterator[Chunk]:
    """Yield everything that devices report in [start, end), by the hour of its arrival.

    What a device holds back beyond ``end`` arrives with the last chunk. `sensors.simulated.live`
    from ``end`` on, with the same city, devices, seed and faults, goes on without a seam.

    Parameters
    ----------
    faults
        How common faults are; the default rates where it is None.
    reference
        The city as it was before it was changed, see `TrueCity`.
    """
    plan = Plan(city, devices, seed=seed, faults=faults or FaultRates(), reference=reference)
    start_s, end_s = int(start.timestamp()), int(end.timestamp())
    underway = _Underway(Sealer(devices, boot_name(start, seed), plan.faults.clock_off_s))
    for hour in plan.hours(start_s, end_s):
        for planned in hour.planned:
            underway.take(planned)
        arrived = underway.deliver(None if hour.end_s >= end_s else hour.end_s)
        yield Chunk(datetime.fromtimestamp(hour.end_s, UTC), arrived)


def boot_name(start: datetime, seed: int) -> str:
    """Return the name of the boot of a fleet that starts at a moment."""
    return f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}-{seed}"


class _Held(NamedTuple):
    """A device that delivers late: the first number it holds, and until when."""

    first: int
    until_s: int


class _Underway:
    """Messages that are sealed and have not arrived yet."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._messages: list[tuple[int, int, tuple[str, bytes]]] = []
        self._held: dict[int, _Held] = {}
        self._number = 0

    def take(self, planned: Planned) -> None:
        """Seal a report, and send it off."""
        report, due_s, again_s = planned
        device = report.device
        held = self._held.get(device)
        if held is not None and held.until_s <= report.at_s:
            del self._held[device]
            held = None
        oldest = self._sealer.next(device) if held is None else held.first
        sealed = self._sealer.seal(report, oldest)
        if due_s > report.at_s and held is None:
            self._held[device] = _Held(sealed.first, due_s)
        message = (self._sealer.topics[device], sealed.payload)
        self._number += 1
        self._messages.append((due_s, self._number, message))
        if again_s:
            self._messages.append((again_s, self._number, message))

    def deliver(self, before_s: int | None) -> list[tuple[str, bytes]]:
        """Return what arrives before a moment (None: everything), in order."""
        self._messages.sort()
        count = len(self._messages)
        if before_s is not None:
            count = bisect_left(self._messages, (before_s,))
        arrived = [message for _, _, message in self._messages[:count]]
        del self._messages[:count]
        return arrived
