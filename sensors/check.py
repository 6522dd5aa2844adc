"""What of a file of messages would be accepted: for a device's maker, before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sensors.adapters import Adapter
from sensors.door import Door, Message
from sensors.topics import reading_topic
from twin.city import City
from twin.domains import Domain
from twin.readings import Device


@dataclass(slots=True)
class Report:
    """A line for each message, and how many readings would be accepted or refused."""

    lines: list[str] = field(default_factory=list[str])
    accepted: int = 0
    rejected: int = 0


def check_file(
    path: Path,
    device: Device,
    *,
    city: City,
    domains: Sequence[Domain],
    adapters: Sequence[Adapter],
    now: datetime,
) -> Report:
    """Read a file as messages from ``device``: the whole file as one, or else each line as one."""
    door = Door(city, domains, adapters=adapters, devices={device.device: device})
    topic = reading_topic(device.domain, device.device)
    report = Report()
    for number, payload in enumerate(_messages(path.read_bytes()), start=1):
        batch = door.read([Message(topic, payload)], now=now)
        report.accepted += len(batch.accepted)
        report.rejected += len(batch.rejected)
        report.lines += [
            f"message {number}: accepted, {item.reading.kind} at {item.reading.observed_at.isoformat()}"
            for item in batch.accepted
        ]
        report.lines += [
            f"message {number}: refused, {item.reason.value}: {item.message}"
            for item in batch.rejected
        ]
        report.lines += [f"message {number}: {item.field} {item.message}" for item in batch.noted]
    return report


def _messages(content: bytes) -> list[bytes]:
    lines = [line for line in content.splitlines() if line.strip()]
    starts_each = all(line.lstrip()[:1] in {b"{", b"["} for line in lines)
    ends_each = all(line.rstrip()[-1:] in {b"}", b"]"} for line in lines)
    return lines if len(lines) > 1 and starts_each and ends_each else [content]
