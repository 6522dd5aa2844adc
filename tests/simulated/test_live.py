"""The live fleet: against a city that loses, delays, refuses and crashes, and a real broker."""

import json
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
import paho.mqtt.client as mqtt
import pytest

import sensors.simulated.live as live_module
from sensors.broker import EmbeddedBroker
from sensors.connection import Connection
from sensors.mosquitto_process import free_port
from sensors.receipt import Receipt
from sensors.simulated.faults import NO_FAULTS, FaultRates
from sensors.simulated.history import history
from sensors.simulated.live import Live
from sensors.spool import Spool
from twin.settled import Settled

SINCE = datetime(2026, 5, 11, 6, 20, tzinfo=UTC)
UNTIL = SINCE + timedelta(hours=7)
SEED = 3


class Crash(BaseException):
    """The fleet's process dies here."""


class FakeCity:
    """What a city takes in, and the receipts it gives: only what is wrong with it is made up."""

    def __init__(self, *, loses=0.0, delays=0, refuses=0.0, silent_until=0):
        self.taken = {}
        self.settled = defaultdict(Settled)
        self.oldest = {}
        self.loses, self.delays, self.refuses = loses, delays, refuses
        self.silent_until = silent_until
        self.published = self.doubles = 0
        self.luck = np.random.default_rng(5)
        self.receipts = []

    def publish(self, topic, payload):
        self.published += 1
        if self.luck.random() < self.loses:
            return
        device = topic.rsplit("/", 1)[1]
        said = json.loads(payload)
        said = said if isinstance(said, list) else [said]
        before = len(self.taken)
        for reading in said:
            key = (device, reading["boot"])
            self.oldest[key] = max(reading["oldest"], self.oldest.get(key, 1))
            if self.settled[key].add(reading["seq"]):
                self.taken[*key, reading["seq"]] = reading
        self.doubles += len(self.taken) == before
        refused = ("invalid",) * (self.luck.random() < self.refuses)
        up_to = self.settled[key].up_to(self.oldest[key])
        if self.published > self.silent_until and self.luck.random() >= self.loses:
            self.receipts.append(Receipt(device, reading["boot"], up_to, refused))

    def heard(self):
        """Return receipts, the last ones only after a while."""
        ready = max(len(self.receipts) - self.delays, 0) if self.luck.random() < 0.9 else None
        now, self.receipts = self.receipts[:ready], self.receipts[len(self.receipts[:ready]) :]
        return now


class Line:
    """Stands in for the gateway: straight to a fake city, until ``crash_after`` publishes."""

    def __init__(self, city, crash_after=None):
        self.city = city
        self.left = crash_after
        self.is_connected = True
        self.has_room = True
        self.refused = 0

    def open(self):
        """Nothing to do."""

    def close(self):
        """Nothing to do."""

    def drain(self, within_s):
        """Nothing to do."""

    def came_back(self):
        return False

    def receipts(self):
        return iter(self.city.heard())

    def publish(self, topic, payload):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Crash
        self.city.publish(topic, payload)


@pytest.fixture(scope="module", autouse=True)
def _(remembered):
    """Work out each day once for all tests here."""


@pytest.fixture(scope="module")
def few(devices):
    return [*devices[::25], *devices[-9:]]


@pytest.fixture
def go(city, few, monkeypatch):
    """Run a fleet against a fake city until all is settled; it may crash on the way."""
    monkeypatch.setattr(live_module, "TELL_EVERY_S", 0.0)
    monkeypatch.setattr(live_module, "TICK_S", 0.0)

    def run(fake, *, crash_after=None, faults=NO_FAULTS, spool=None, until=UNTIL):
        monkeypatch.setattr(live_module, "Gateway", lambda _: Line(fake, crash_after))
        minutes = count()
        deadline = time.monotonic() + 20

        def now():
            assert time.monotonic() < deadline, "the fleet is not done"
            return min(SINCE + timedelta(minutes=4 * next(minutes)), until)

        stop = threading.Event()

        def watch(statistics):
            if statistics.until > until and not statistics.waiting:
                stop.set()

        fleet = Live(
            city,
            few,
            Connection(),
            now=now,
            since=SINCE,
            seed=SEED,
            faults=faults,
            spool=spool,
            patience_s=0.01,
            on_statistics=watch,
        )
        fleet.run(stop)
        return fleet.statistics

    return run


def planned(city, few, faults=NO_FAULTS):
    """Return every reading that the fleet should have sent, without its numbers."""
    end = UNTIL + timedelta(seconds=1)
    found = set()
    for chunk in history(city, few, start=SINCE, end=end, seed=SEED, faults=faults):
        for topic, payload in chunk.messages:
            said = json.loads(payload)
            for reading in said if isinstance(said, list) else [said]:
                found.add((topic.rsplit("/", 1)[1], bare(reading)))
    return found


def bare(reading):
    own = {"boot", "seq", "oldest"}
    return json.dumps({key: reading[key] for key in reading.keys() - own}, sort_keys=True)


def arrived(fake):
    return {(device, bare(reading)) for (device, _, _), reading in fake.taken.items()}


def has_no_gaps(fake):
    return all(
        len(settled.starts) == 1 and settled.starts[0] == 1 for settled in fake.settled.values()
    )


def test_everything_arrives_once_and_is_forgotten(city, few, go):
    fake = FakeCity()
    statistics = go(fake)
    assert arrived(fake) == planned(city, few)
    assert has_no_gaps(fake)
    assert statistics.sent == statistics.settled == fake.published
    assert statistics.resent == 0
    assert statistics.waiting == 0


@pytest.mark.parametrize(
    "trouble",
    [{"loses": 0.3}, {"delays": 40}, {"refuses": 0.2}, {"silent_until": 150}],
    ids=lambda trouble: next(iter(trouble)),
)
def test_nothing_is_lost_between_the_fleet_and_the_city(city, few, go, trouble):
    fake = FakeCity(**trouble)
    statistics = go(fake)
    assert arrived(fake) == planned(city, few)
    assert has_no_gaps(fake)
    assert statistics.waiting == 0
    if "refuses" in trouble:
        assert statistics.rejected > 0
    if "loses" in trouble:
        assert statistics.resent > 0


def test_nothing_is_lost_however_often_the_fleet_crashes(city, few, go, tmp_path):
    fake = FakeCity(loses=0.1)
    for crash_after in (3, 90, 0, 60):
        with pytest.raises(Crash):
            go(fake, crash_after=crash_after, spool=tmp_path)
    go(fake, spool=tmp_path)
    assert arrived(fake) == planned(city, few)
    assert has_no_gaps(fake)
    assert len({boot for _, boot, _ in fake.taken}) > 2


def test_late_and_double_messages_arrive_too_and_survive_a_crash(city, few, go, tmp_path):
    rates = FaultRates(silent=0, stuck=0, late=0.9, twice=0.2, clock_off=0, far_ahead=0)
    fake = FakeCity()
    with pytest.raises(Crash):
        go(fake, crash_after=60, faults=rates, spool=tmp_path)
    held = len(planned(city, few, rates)) - len(arrived(fake))
    assert held > 30
    go(fake, spool=tmp_path, until=UNTIL + timedelta(hours=9))
    assert planned(city, few, rates) <= arrived(fake)
    assert fake.doubles > 3


def test_a_start_that_is_repeated_without_a_spool_repeats_itself(go):
    fake = FakeCity()
    go(fake)
    before = dict(fake.taken)
    go(fake)
    assert fake.taken == before
    assert fake.doubles == fake.published / 2


def test_a_spool_that_overflows_says_from_where_on_it_keeps(city, few, go, monkeypatch):
    monkeypatch.setattr(live_module, "Spool", lambda _: Spool(None, most_kept=4))
    fake = FakeCity(silent_until=900)
    statistics = go(fake)
    assert statistics.given_up > 0
    assert statistics.waiting == 0
    assert max(reading["oldest"] for reading in fake.taken.values()) > 4


class MqttCity:
    """A city on a real broker: takes readings, and answers each with a receipt."""

    def __init__(self, port, protocol):
        self.fake = FakeCity()
        self.ready = threading.Event()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "city", protocol=protocol)
        self.client.on_connect = lambda client, *_: client.subscribe("wijk/v1/+/+", qos=1)
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.on_message = self._take
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert self.ready.wait(5)

    def _take(self, client, _, message):
        if "/receipt/" in message.topic:
            return
        self.fake.publish(message.topic, message.payload)
        receipts, self.fake.receipts = self.fake.receipts, []
        for receipt in receipts:
            body = {"boot": receipt.boot, "settled": receipt.settled, "rejected": []}
            client.publish(f"wijk/v1/receipt/{receipt.device}", json.dumps(body), qos=1)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def live_on(city, few, port, protocol, *, spool=None, patience_s=30.0, meanwhile=None):
    """Run a fleet on a real broker until it has reported everything and all is settled."""
    there = MqttCity(port, protocol)
    stop = threading.Event()

    def watch(statistics):
        if meanwhile is not None:
            meanwhile(statistics)
        if statistics.until > UNTIL and not statistics.waiting:
            stop.set()

    fleet = Live(
        city,
        few,
        Connection(port=port, protocol=protocol),
        now=lambda: UNTIL,
        since=SINCE,
        seed=SEED,
        faults=NO_FAULTS,
        spool=spool,
        patience_s=patience_s,
        on_statistics=watch,
    )
    thread = threading.Thread(target=fleet.run, args=(stop,))
    thread.start()
    thread.join(20)
    there.close()
    assert not thread.is_alive()
    return there.fake, fleet.statistics


def test_on_the_embedded_broker(city, few):
    with EmbeddedBroker(free_port()) as broker:
        fake, statistics = live_on(city, few, broker.port, mqtt.MQTTv311)
    assert arrived(fake) == planned(city, few)
    assert statistics.is_connected
    assert statistics.resent == 0


@pytest.mark.mosquitto
def test_on_mosquitto_with_mqtt_5(city, few, mosquitto, tmp_path):
    fake, statistics = live_on(city, few, mosquitto().port, mqtt.MQTTv5, spool=tmp_path)
    assert arrived(fake) == planned(city, few)
    assert has_no_gaps(fake)
    assert statistics.waiting == 0
    assert statistics.refused == 0


@pytest.mark.mosquitto
def test_nothing_is_lost_when_the_broker_is_killed(city, few, mosquitto):
    broker = mosquitto()
    kills = []

    def kill_once(statistics):
        if statistics.is_connected and not kills:
            kills.append(statistics)
            broker.kill()
            broker.start()

    fake, statistics = live_on(
        city, few, broker.port, mqtt.MQTTv5, patience_s=1.0, meanwhile=kill_once
    )
    assert kills
    assert arrived(fake) == planned(city, few)
    assert has_no_gaps(fake)
    assert statistics.waiting == 0
