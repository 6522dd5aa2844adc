"""(a) Ingest throughput beside a bare paho subscriber, and (b) latency from publish to stored.

Both subscribers drain the same messages from the same Mosquitto, one after the other in one
run: the messages wait in the broker, so the subscriber is what is measured. Ours validates,
removes duplicates, commits to a store that already holds ten million readings, acknowledges
after the commit and sends receipts; the bare one acknowledges each message in its callback.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median

import numpy as np
import paho.mqtt.client as mqtt
import pyarrow as pa
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from benchmarks.place import DEVICES, NOW, counters, door, message, place
from sensors.connection import Connection
from sensors.ingest import Ingest, Limits
from sensors.mosquitto import MosquittoSettings
from sensors.mosquitto_process import MosquittoProcess, free_port
from sensors.topics import READINGS
from twin.batch import Batch, Writer, Written
from twin.domains import load_domains
from twin.store import Store, StoreLocation

MESSAGES = 60_000
ROUNDS = 3
HELD = 10_000_000
LATENCY_RATE = 1_000
LATENCY_S = 20


def measure() -> dict[str, object]:
    with (
        tempfile.TemporaryDirectory() as folder,
        _broker(Path(folder)) as port,
        _store(Path(folder)) as store,
    ):
        bare, ours = [], []
        for number in range(ROUNDS):
            bare.append(_drain_bare(port, f"bare-{number}"))
            ours.append(_drain_ingest(port, store, f"ours-{number}"))
        latency = _latency(port, store)
        rows = store.query("SELECT count(*) AS n FROM city.footfall_reading")["n"][0].as_py()
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    return {
        "readings held before": HELD,
        "readings held after": rows,
        "bare paho, manual ack (messages/s)": [round(rate) for rate in bare],
        "ingest, durable and receipted (messages/s)": [round(rate) for rate in ours],
        "ratio (median)": round(median(ratios), 2),
        **latency,
    }


@contextmanager
def _broker(folder: Path) -> Iterator[int]:
    settings = MosquittoSettings(directory=folder / "mosquitto", port=free_port(), has_users=False)
    with MosquittoProcess(settings) as broker:
        yield broker.port


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    city = place()
    location = StoreLocation(path=folder / "city.duckdb")
    with Store.open(location, crs=city.crs, domains=load_domains(), now=NOW) as store:
        step = 1_000_000
        for start in range(0, HELD, step):
            _fill(store, start, step)
        store.checkpoint()
        yield store


def _fill(store: Store, start: int, count: int) -> None:
    numbers = np.arange(start, start + count)
    device = pa.array([f"counter-{n:04}" for n in range(1000)]).take(pa.array(numbers % 1000))
    same = {
        "origin": "simulated",
        "kind": "passages",
        "target": "counter-1",
        "hex": "8a1969c9b2a7fff",
    }
    store.insert(
        "footfall_reading",
        pa.table(
            {
                "device": device,
                "boot": pa.array(["earlier"] * count),
                "seq": pa.array(numbers // 1000 + 1),
                "observed_at": pa.array([NOW] * count, pa.timestamp("us", tz="UTC")),
                "received_at": pa.array([NOW] * count, pa.timestamp("us", tz="UTC")),
                **{name: pa.array([value] * count) for name, value in same.items()},
                "heartbeat": pa.array(np.ones(count, dtype=bool)),
                "passages": pa.array(numbers % 97),
                "interval_s": pa.array(np.full(count, 900)),
                "x_m": pa.array(np.full(count, 121_100.0)),
                "y_m": pa.array(np.full(count, 487_100.0)),
            }
        ),
    )


def _publish(port: int, boot: str) -> None:
    """Let a process of its own publish all messages, and wait for it."""
    script = (
        "import sys\n"
        "from benchmarks.ingest import publish_all\n"
        "publish_all(int(sys.argv[1]), sys.argv[2])\n"
    )
    subprocess.run([sys.executable, "-c", script, str(port), boot], check=True)


def publish_all(port: int, boot: str) -> None:
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.max_inflight_messages_set(2000)
    client.connect("127.0.0.1", port)
    client.loop_start()
    sent = [client.publish(*message(number, boot), qos=1) for number in range(MESSAGES)]
    for info in sent:
        info.wait_for_publish()
    client.disconnect()
    client.loop_stop()


def _bare_client(name: str) -> tuple[mqtt.Client, Properties]:
    client = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5, manual_ack=True
    )
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 3600
    properties.ReceiveMaximum = Limits().receive_maximum
    client.on_connect = lambda client, *_: client.subscribe(READINGS, 1)
    return client, properties


def _drain_bare(port: int, name: str) -> float:
    client, properties = _bare_client(name)
    subscribed = threading.Event()
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect("127.0.0.1", port, clean_start=False, properties=properties)
    client.loop_start()
    subscribed.wait(10)
    client.disconnect()
    client.loop_stop()
    _publish(port, name)
    client, properties = _bare_client(name)
    done, times = threading.Event(), [0.0, 0.0]
    seen = 0

    def on_message(client: mqtt.Client, _data: object, received: mqtt.MQTTMessage) -> None:
        nonlocal seen
        if seen == 0:
            times[0] = time.perf_counter()
        seen += 1
        client.ack(received.mid, received.qos)
        if seen == MESSAGES:
            times[1] = time.perf_counter()
            done.set()

    client.on_message = on_message
    client.connect("127.0.0.1", port, clean_start=False, properties=properties)
    client.loop_start()
    if not done.wait(120):
        raise RuntimeError(f"only {seen} of {MESSAGES} messages came")
    client.disconnect()
    client.loop_stop()
    _forget(port, name)
    return MESSAGES / (times[1] - times[0])


def _ingest(port: int, store: Store, name: str, writer: Writer | None = None) -> Ingest:
    city = place()
    return Ingest(
        Connection(port=port, client_id=name),
        door=door(city, counters(city)),
        writer=writer or Writer(store, load_domains()),
        now=lambda: NOW,
        subscriptions=[READINGS],
    )


def _drain_ingest(port: int, store: Store, name: str) -> float:
    first = _ingest(port, store, name)
    first.start()
    _until(lambda: first.statistics.is_connected)
    time.sleep(0.5)
    first.stop()
    _publish(port, name)
    ingest = _ingest(port, store, name)
    ingest.start()
    _until(lambda: ingest.waiting > 0)
    start = time.perf_counter()
    _until(lambda: ingest.statistics.stored >= MESSAGES)
    seconds = time.perf_counter() - start
    ingest.stop()
    _forget(port, name)
    if ingest.statistics.stored != MESSAGES:
        raise RuntimeError(f"{ingest.statistics.stored} of {MESSAGES} readings were stored")
    return MESSAGES / seconds


def _latency(port: int, store: Store) -> dict[str, object]:
    """Publish at a steady rate from another process, and see when each commit has happened.

    Both processes read the same monotonic clock of the machine.
    """
    stored: dict[int, float] = {}
    writer = Writer(store, load_domains())
    write = writer.write

    def timed(batch: Batch, *, received_at: datetime) -> Written:
        written = write(batch, received_at=received_at)
        now = time.monotonic()
        for item in batch.accepted:
            number = ((item.reading.seq or 0) - 1) * DEVICES + int(item.device.device[-4:])
            stored[number] = now
        return written

    writer.write = timed
    ingest = _ingest(port, store, "latency", writer)
    ingest.start()
    _until(lambda: ingest.statistics.is_connected)
    script = (
        "import sys\n"
        "from benchmarks.ingest import publish_steadily\n"
        "publish_steadily(int(sys.argv[1]))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(port)], check=True, capture_output=True, text=True
    ).stdout
    published: list[float] = json.loads(said)
    _until(lambda: len(stored) >= len(published))
    ingest.stop()
    _forget(port, "latency")
    delays_ms = [(stored[number] - at) * 1000 for number, at in enumerate(published)]
    p50, p99 = np.percentile(delays_ms, [50, 99])
    return {
        f"publish to stored at {LATENCY_RATE}/s: p50 (ms)": round(float(p50)),
        f"publish to stored at {LATENCY_RATE}/s: p99 (ms)": round(float(p99)),
    }


def publish_steadily(port: int) -> None:
    """Publish at the rate of the latency benchmark; print when each message was handed over."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.max_inflight_messages_set(2000)
    client.connect("127.0.0.1", port)
    client.loop_start()
    start, published = time.monotonic(), []
    for number in range(LATENCY_RATE * LATENCY_S):
        wait_s = start + number / LATENCY_RATE - time.monotonic()
        if wait_s > 0:
            time.sleep(wait_s)
        published.append(time.monotonic())
        last = client.publish(*message(number, "latency"), qos=1)
    last.wait_for_publish()
    client.disconnect()
    client.loop_stop()
    sys.stdout.write(json.dumps(published))


def _forget(port: int, name: str) -> None:
    """End a session, so that the broker does not go on queueing for it."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
    ended = threading.Event()
    client.on_connect = lambda client, *_: client.disconnect()
    client.on_disconnect = lambda *_: ended.set()
    client.connect("127.0.0.1", port, clean_start=True)
    client.loop_start()
    ended.wait(10)
    client.loop_stop()


def _until(condition: Callable[[], bool], timeout_s: float = 120) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("it did not happen in time")
        time.sleep(0.005)
