"""History: what a fleet would have sent in the past, as fast as it can be worked out."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sensors.simulated.faults import FaultRates
from sensors.simulated.plan import Plan
from sensors.simulated.sealing import Sealer
from twin.city import City
from twin.readings import Device


class Chunk(NamedTuple):
    """The messages that arrived in the hour before ``arrived_at``, in order: (topic, payload)."""

    arrived_at: datetime
    messages: list[tuple[str, bytes]]


def history(  # noqa: PLR0913
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
    sealer = Sealer(devices, boot_name(start, seed), plan.faults.clock_off_s)
    underway: list[tuple[int, int, tuple[str, bytes]]] = []
    held: dict[int, _Held] = {}
    number = 0
    for hour in plan.hours(start_s, end_s):
        for report, due_s, again_s in hour.planned:
            device = report.device
            holds = held.get(device)
            if holds is not None and holds.until_s <= report.at_s:
                del held[device]
                holds = None
            oldest = holds.first if holds is not None else sealer.next(device)
            sealed = sealer.seal(report, oldest)
            if due_s > report.at_s and holds is None:
                held[device] = _Held(sealed.first, due_s)
            message = (sealer.topics[device], sealed.payload)
            number += 1
            underway.append((due_s, number, message))
            if again_s:
                underway.append((again_s, number, message))
        underway.sort()
        is_last = hour.end_s >= end_s
        arrived = len(underway) if is_last else bisect_left(underway, (hour.end_s,))
        yield Chunk(
            datetime.fromtimestamp(hour.end_s, UTC), [each[2] for each in underway[:arrived]]
        )
        del underway[:arrived]


def boot_name(start: datetime, seed: int) -> str:
    """Return the name of the boot of a fleet that starts at a moment."""
    return f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}-{seed}"


class _Held(NamedTuple):
    """A device that delivers late: the first number it holds, and until when."""

    first: int
    until_s: int
