"""The first message for a device is one that ingest accepts."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sensors.door import Door, Message
from sensors.sample import first_reading
from sensors.topics import reading_topic
from twin.domains import load_domains

NOW = datetime(2026, 5, 4, 10, 0, 30, tzinfo=UTC)
DOMAINS = {domain.name: domain for domain in load_domains()}
NAMES = [
    "bays-bay-s0",
    "garages-garage-1",
    "racks-rack-0",
    "counters-counter-1",
    "scan-parking",
    "scan-bikes",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("capacity", [None, 1])
def test_it_is_accepted(city, devices, name, capacity):
    device = devices[name]
    if capacity is not None:
        device = replace(device, capacity=capacity)
    domain = DOMAINS[device.domain]
    reading = first_reading(city, domain, device, now=NOW)
    door = Door(city, list(DOMAINS.values()), devices={name: device})
    topic = reading_topic(domain.name, name)
    batch = door.read([Message(topic, json.dumps(reading).encode())], now=NOW)
    assert batch.rejected == []
    assert len(batch.accepted) == 1


def test_a_domain_without_an_example_has_none(city, devices):
    domain = replace(DOMAINS["footfall"], sensors=())
    assert first_reading(city, domain, devices["counters-counter-1"], now=NOW) is None
