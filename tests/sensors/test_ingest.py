"""From a real broker into a real store: durable, receipted, and pushing back."""

import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import paho.mqtt.client as mqtt
import pytest

from sensors.broker import EmbeddedBroker
from sensors.connection import Connection
from sensors.door import Door
from sensors.ingest import Ingest, Limits
from sensors.mosquitto_process import free_port
from sensors.topics import READINGS, reading_topic, receipt_topic
from twin.batch import Writer
from twin.store import Store, StoreLocation

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
COUNTER = "counters-counter-1"
QUICK = Limits(batch=100, wait_s=0.02, receive_maximum=400, receipt_every_s=0.02)


def wait_until(condition, timeout_s=20):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def reading(seq, **changes):
    content = {
        "kind": "passages",
        "observed_at": NOW.isoformat(),
        "boot": "b1",
        "seq": seq,
        "passages": 5,
        "interval_s": 900,
        "heartbeat": True,
    }
    return json.dumps(content | changes)


@pytest.fixture(
    params=[pytest.param("mosquitto", marks=pytest.mark.mosquitto), "embedded"],
)
def connection(request):
    """A broker of each kind, and how to reach it."""
    if request.param == "mosquitto":
        broker = request.getfixturevalue("mosquitto")()
        yield Connection(port=broker.port, protocol=5, client_id="ingest")
    else:
        port = free_port()
        with EmbeddedBroker(port):
            yield Connection(port=port, protocol=4, client_id="ingest")


@pytest.fixture
def store(tmp_path, city, domains):
    location = StoreLocation(path=tmp_path / "city.duckdb")
    with Store.open(location, crs=city.crs, domains=domains, now=NOW) as opened:
        yield opened


@contextmanager
def ingesting(connection, store, city, domains, devices, **options):
    """Run ingest from ``connection`` into ``store``."""
    ingest = Ingest(
        connection,
        door=Door(city, domains, devices=devices),
        writer=options.pop("writer", None) or Writer(store, domains),
        now=lambda: NOW,
        subscriptions=[READINGS],
        limits=QUICK,
        **options,
    )
    ingest.start()
    try:
        wait_until(lambda: ingest.statistics.is_connected)
        yield ingest
    finally:
        ingest.stop()


@contextmanager
def maker(connection):
    """A device's own client, with the receipts it has heard."""
    client = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTProtocolVersion(connection.protocol)
    )
    heard, ready = [], threading.Event()
    client.on_message = lambda _c, _d, message: heard.append(json.loads(message.payload))
    client.on_subscribe = lambda *_: ready.set()
    client.on_connect = lambda *_: client.subscribe(receipt_topic(COUNTER))
    client.connect(connection.host, connection.port)
    client.loop_start()
    assert ready.wait(10)
    try:
        yield client, heard
    finally:
        client.disconnect()
        client.loop_stop()


def stored(store):
    return store.query("SELECT seq FROM city.footfall_reading ORDER BY seq")["seq"].to_pylist()


def test_readings_are_stored_and_receipted(connection, store, city, domains, devices):
    with ingesting(connection, store, city, domains, devices), maker(connection) as (client, heard):
        for seq in range(1, 251):
            client.publish(reading_topic("footfall", COUNTER), reading(seq), qos=1)
        wait_until(lambda: any(receipt["settled"] == 250 for receipt in heard))
        assert stored(store) == list(range(1, 251))
        assert [receipt["settled"] for receipt in heard] == sorted(r["settled"] for r in heard)


def test_a_receipt_names_what_was_refused_and_why(connection, store, city, domains, devices):
    with ingesting(connection, store, city, domains, devices), maker(connection) as (client, heard):
        topic = reading_topic("footfall", COUNTER)
        client.publish(topic, reading(1), qos=1)
        client.publish(topic, reading(2, passages="many"), qos=1)
        client.publish(topic, "not json", qos=1)
        wait_until(lambda: sum(len(receipt["rejected"]) for receipt in heard) == 2)
        refused = [item for receipt in heard for item in receipt["rejected"]]
        assert [(item["seq"], item["reason"], item["field"]) for item in refused] == [
            (2, "invalid", "passages"),
            (None, "not_json", None),
        ]
        assert max(receipt["settled"] for receipt in heard if receipt["settled"]) == 2
        assert "many" not in json.dumps(heard)


@pytest.mark.mosquitto
def test_a_batch_that_cannot_be_stored_comes_again(
    mosquitto, store, city, domains, devices, monkeypatch
):
    connection = Connection(port=mosquitto().port, protocol=5, client_id="ingest")
    writer = Writer(store, domains)
    write, failures = writer.write, iter([OSError("disk full")])

    def sometimes(batch, *, received_at):
        if batch.accepted and (failure := next(failures, None)):
            raise failure
        return write(batch, received_at=received_at)

    monkeypatch.setattr(writer, "write", sometimes)
    with (
        ingesting(connection, store, city, domains, devices, writer=writer) as ingest,
        maker(connection) as (client, heard),
    ):
        for seq in range(1, 11):
            client.publish(reading_topic("footfall", COUNTER), reading(seq), qos=1)
        wait_until(lambda: any(receipt["settled"] == 10 for receipt in heard))
        assert ingest.statistics.failures == 1
    assert stored(store) == list(range(1, 11))


@pytest.mark.mosquitto
def test_a_slow_store_pushes_back_instead_of_growing(
    mosquitto, store, city, domains, devices, monkeypatch
):
    connection = Connection(port=mosquitto().port, protocol=5, client_id="ingest")
    writer, entered, gate = Writer(store, domains), threading.Event(), threading.Event()
    write, sizes = writer.write, []

    def when_allowed(batch, *, received_at):
        sizes.append(len(batch.accepted))
        entered.set()
        gate.wait(30)
        return write(batch, received_at=received_at)

    monkeypatch.setattr(writer, "write", when_allowed)
    with (
        ingesting(connection, store, city, domains, devices, writer=writer) as ingest,
        maker(connection) as (client, heard),
    ):
        for seq in range(1, 3001):
            last = client.publish(reading_topic("footfall", COUNTER), reading(seq), qos=1)
        last.wait_for_publish(20)
        assert entered.wait(10)
        assert ingest.waiting == 0
        gate.set()
        wait_until(lambda: any(receipt["settled"] == 3000 for receipt in heard))
    assert stored(store) == list(range(1, 3001))
    assert max(sizes) <= QUICK.batch


@pytest.mark.mosquitto
def test_a_new_start_takes_up_where_the_last_one_stopped(mosquitto, store, city, domains, devices):
    connection = Connection(port=mosquitto().port, protocol=5, client_id="ingest")
    topic = reading_topic("footfall", COUNTER)
    with ingesting(connection, store, city, domains, devices):
        pass
    with maker(connection) as (client, heard):
        for seq in range(1, 101):
            client.publish(topic, reading(seq), qos=1).wait_for_publish(10)
        with ingesting(connection, store, city, domains, devices):
            wait_until(lambda: any(receipt["settled"] == 100 for receipt in heard))
    assert stored(store) == list(range(1, 101))
