"""What the ingest benchmarks work on: a small place, 1,000 counters, and their messages."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from tiny import tiny_city

from sensors.door import Door
from sensors.registration import watching
from sensors.topics import reading_topic
from twin.city import City
from twin.domains import load_domains
from twin.readings import Device
from twin.words import Origin

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
DEVICES = 1_000


def place() -> City:
    return tiny_city()


def counters(city: City) -> dict[str, Device]:
    names = [f"counter-{number:04}" for number in range(DEVICES)]
    one = watching(city, "footfall", names[0], Origin.SIMULATED, "counters", "counter-1")
    return {
        name: Device(
            name, one.domain, one.origin, one.layer, one.target, 0, one.x_m, one.y_m, one.hex
        )
        for name in names
    }


def door(city: City, devices: dict[str, Device]) -> Door:
    return Door(city, load_domains(), devices=devices)


def message(number: int, boot: str) -> tuple[str, bytes]:
    """Return the topic and payload of message ``number``: one reading of one of the counters."""
    content = {
        "kind": "passages",
        "observed_at": NOW.isoformat(),
        "boot": boot,
        "seq": number // DEVICES + 1,
        "passages": number % 97,
        "interval_s": 900,
        "heartbeat": True,
    }
    return reading_topic("footfall", f"counter-{number % DEVICES:04}"), json.dumps(content).encode()
