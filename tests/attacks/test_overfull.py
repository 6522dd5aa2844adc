"""A garage or rack far over its capacity: what is refused or covered does not tell whether one more came."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sensors.door import Door, Message
from twin.batch import Writer
from twin.domains import load_domains
from twin.domains.bikes import Rack
from twin.domains.parking import Garage
from twin.privacy.release import count_exactly
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation
from twin.windows import Window
from wijktwin.operations import write_health, write_refusals

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
THINGS = {
    "garage": ("garages-garage-1", "parking_garage", "cars", 300),
    "rack": ("racks-rack-0", "bikes_racked", "bikes", 120),
}
"""By kind: a device, its quantity, what it counts, and as how many at most it counts."""


@pytest.fixture
def seen(city, devices, tmp_path):
    """Return the exact count and all else that a snapshot and operations are made from."""

    def run(kind, count):
        device, name, field, _ = THINGS[kind]
        folder, domains = tmp_path / f"{kind}-{count}", load_domains()
        content = {"kind": kind, "observed_at": AT.isoformat(), "boot": "b", "seq": 1}
        content |= {"heartbeat": True, field: count}
        topic = f"wijk/v1/{devices[device].domain}/{device}"
        message = Message(topic, json.dumps(content).encode())
        quantity = next(q for domain in domains for q in domain.quantities if q.name == name)
        location = StoreLocation(path=folder / "city.duckdb")
        with Store.open(location, crs=city.crs, domains=domains, now=AT) as store:
            write_geography(store, city, domains)
            write_devices(store, [(device, AT, None) for device in devices.values()])
            batch = Door(city, domains, devices=devices).read([message], now=AT)
            Writer(store, domains).write(batch, received_at=AT)
            rows = count_exactly(store, quantity, Window(AT, AT, AT.date())).to_pylist()
            write_health(store, domains, folder / "ops", now=AT + timedelta(hours=1))
            write_refusals(store, folder / "ops", now=AT + timedelta(days=1))
        total = sum(row.pop("value") for row in rows)
        rest = sorted(map(str, rows)), {p.name: p.read_bytes() for p in folder.glob("ops/*")}
        return total, rest

    return run


@pytest.mark.parametrize("kind", THINGS)
def test_one_more_adds_one_at_most_and_changes_nothing_else(seen, kind):
    most = THINGS[kind][-1]
    counts = (most - 1, most, most + 1, 20_000)
    totals, rests = zip(*(seen(kind, count) for count in counts), strict=True)
    assert totals == (most - 1, most, most, most)
    assert all(rest == rests[0] for rest in rests)


@pytest.mark.parametrize(("kind", "model"), [("garage", Garage), ("rack", Rack)])
def test_a_door_that_refuses_too_many_would_be_caught(seen, monkeypatch, kind, model):
    monkeypatch.setattr(model, "faults", model.excess)
    most = THINGS[kind][-1]
    (before, rest_before), (after, rest_after) = seen(kind, most), seen(kind, most + 1)
    assert abs(after - before) > 1
    assert rest_after != rest_before
