"""Whoever is killed, a device that keeps what is not settled loses nothing, and nothing doubles."""

import json
import random
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from sensors.topics import reading_topic, receipt_topic
from twin.domains import load_domains
from twin.store import Store, StoreLocation

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
COUNTER = "counters-counter-1"
READINGS = 4000
KILLS = 8


class Device:
    """The simplest device that keeps its promise: it sends again what is not settled."""

    def __init__(self, port):
        self.settled, self._port = 0, port
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.on_connect = lambda client, *_: client.subscribe(receipt_topic(COUNTER))
        self._client.on_message = self._hear
        self._stop = threading.Event()

    def _hear(self, _client, _data, message):
        self.settled = max(self.settled, json.loads(message.payload)["settled"] or 0)

    def run(self):
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        while self.settled < READINGS and not self._stop.is_set():
            start = self.settled + 1
            for seq in range(start, min(start + 400, READINGS + 1)):
                content = {
                    "kind": "passages",
                    "observed_at": NOW.isoformat(),
                    "boot": "b1",
                    "seq": seq,
                    "passages": seq,
                    "interval_s": 900,
                }
                self._client.publish(reading_topic("footfall", COUNTER), json.dumps(content), qos=1)
            deadline = time.monotonic() + 1
            while self.settled < start + 399 and time.monotonic() < deadline:
                time.sleep(0.01)
        self._client.disconnect()
        self._client.loop_stop()

    def stop(self):
        self._stop.set()


@pytest.mark.mosquitto
@pytest.mark.slow
def test_ingest_killed_again_and_again_loses_and_doubles_nothing(mosquitto, tmp_path, city):
    broker, path = mosquitto(), tmp_path / "city.duckdb"
    device, chance = Device(broker.port), random.Random(1)
    sender = threading.Thread(target=device.run)
    sender.start()
    try:
        for kill in range(KILLS + 1):
            with _ingest(broker.port, path) as process:
                if kill < KILLS:
                    time.sleep(chance.uniform(0.05, 0.4))
                    process.kill()
                else:
                    sender.join(60)
                    process.stdin.close()
                    process.wait(20)
    finally:
        device.stop()
        sender.join()
    assert device.settled == READINGS
    with Store.open(
        StoreLocation(path=path), crs=city.crs, domains=load_domains(), now=NOW
    ) as store:
        rows = store.query(
            "SELECT seq, passages FROM city.footfall_reading ORDER BY seq"
        ).to_pylist()
    assert [row["seq"] for row in rows] == list(range(1, READINGS + 1))
    assert all(row["seq"] == row["passages"] for row in rows)


def _ingest(port, path):
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("ingest_runner.py")), str(port), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"ready\n"
    return process
