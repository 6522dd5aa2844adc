"""One bay's events leave no trace beside the noisy values: not in health, metrics, refusals, sizes or order."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily

from sensors.door import Door, Message
from sensors.ingest import Statistics
from twin.batch import Writer
from twin.domains import load_domains
from twin.privacy import release
from twin.privacy.published import publish
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation
from wijktwin.metrics import IngestCollector
from wijktwin.operations import write_health, write_lateness, write_refusals, write_storage

SINCE = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
SILENT_HOURS = range(7, 8)
"""In these the bay's group sends no heartbeat: whatever says otherwise has seen an event."""

EVENTS = [(6, 13), (7, 12), (7, 44), (7, 59), (8, 1), (13, 30), (19, 5)]


@pytest.fixture
def world(city, devices, tmp_path, monkeypatch):
    """Return all that leaves the store of a day in which one bay had events, or had none."""
    monkeypatch.setattr(release, "protect", lambda counts, _sigma: [0] * len(counts))

    def run(name, events):
        folder, domains = tmp_path / name, load_domains()
        location = StoreLocation(path=folder / "store" / "city.duckdb")
        statistics = Statistics()
        with Store.open(location, crs=city.crs, domains=domains, now=SINCE) as store:
            write_geography(store, city, domains)
            write_devices(store, [(device, SINCE, None) for device in devices.values()])
            door, writer = Door(city, domains, devices=devices), Writer(store, domains)
            for at, messages in said(devices, events):
                batch = door.read(messages, now=at)
                assert not batch.rejected
                statistics.add(len(messages), batch, writer.write(batch, received_at=at))
            now = SINCE + timedelta(hours=24)
            closed = release.close_windows(store, domains, zone=city.zone, now=now)
            publish(store, folder / "public", closed)
            write_health(store, domains, folder / "ops", now=now)
            write_refusals(store, folder / "ops", now=now)
            write_lateness(store, domains, folder / "ops", now=now + timedelta(days=1))
            write_storage(store, domains, folder / "ops", now=now)
        registry = CollectorRegistry()
        registry.register(IngestCollector(statistics))
        outside = [*folder.glob("public/**/*"), *folder.glob("ops/**/*")]
        files = {str(p.relative_to(folder)): p.read_bytes() for p in outside if p.is_file()}
        return files | {"metrics": generate_latest(registry)}

    return run


def said(devices, events):
    """Yield (moment, messages): heartbeats every hour, and the events of one group of bays."""
    seq = iter(range(1, 10**6))
    moments = [(hour, 0, True) for hour in range(1, 24)]
    moments += [(hour, minute, False) for hour, minute in events]
    for hour, minute, is_heartbeat in sorted(moments):
        at = SINCE + timedelta(hours=hour, minutes=minute)
        groups = [device for device in devices.values() if device.layer == "bays"]
        if not is_heartbeat:
            groups = groups[:1]
        elif hour in SILENT_HOURS:
            groups = groups[1:]
        yield (
            at,
            [
                Message(
                    f"wijk/v1/parking/{device.device}",
                    json.dumps(
                        {
                            "kind": "bays",
                            "observed_at": at.isoformat(),
                            "boot": "b",
                            "seq": next(seq),
                            "heartbeat": is_heartbeat,
                            "occupied": [1, 2] if minute % 2 else [1],
                        }
                    ).encode(),
                )
                for device in groups
            ],
        )


def test_everything_but_the_noisy_values_is_the_same_with_and_without_events(world):
    with_events, without = world("with", EVENTS), world("without", [])
    assert sorted(with_events) == sorted(without)
    assert len(with_events) >= 5
    for name in without:
        assert with_events[name] == without[name], name


def test_exact_counts_of_messages_would_be_caught(world, monkeypatch):
    honest = IngestCollector.collect

    def collect(self):
        yield from honest(self)
        yield CounterMetricFamily("messages", "Messages", value=self._statistics.messages)

    monkeypatch.setattr(IngestCollector, "collect", collect)
    assert world("with", EVENTS)["metrics"] != world("without", [])["metrics"]


def with_queries(monkeypatch, was, becomes):
    """Break every query of the store in which a text stands."""
    honest = Store.query
    broken = []

    def query(self, sql, values=None):
        text = sql if isinstance(sql, str) else sql.read_text()
        broken.append(was in text)
        return honest(self, text.replace(was, becomes), values)

    monkeypatch.setattr(Store, "query", query)
    return broken


@pytest.mark.parametrize(
    ("was", "becomes", "events", "name"),
    [
        ("(reading.heartbeat OR reading.kind = 'survey')", "true", EVENTS, "ops/devices.parquet"),
        ("WHERE heartbeat AND", "WHERE", EVENTS, "ops/lateness.parquet"),
        (
            "bool_or(heartbeat)",
            "true",
            [(9, 59)],
            "public/release/parking_occupied/2026-05-04.parquet",
        ),
    ],
    ids=["health", "lateness", "coverage"],
)
def test_what_is_told_from_events_would_be_caught(world, monkeypatch, was, becomes, events, name):
    broken = with_queries(monkeypatch, was, becomes)
    monkeypatch.setitem(globals(), "SILENT_HOURS", range(8, 11))
    assert world("with", events)[name] != world("without", [])[name]
    assert any(broken)
