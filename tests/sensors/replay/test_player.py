"""Publishing through a real broker, until the city says that it has everything."""

import json
import queue
import threading
from datetime import UTC, datetime, timedelta

import pytest
from talker import Talker

from sensors.broker import EmbeddedBroker
from sensors.connection import Connection
from sensors.door import Door
from sensors.errors import BrokerError
from sensors.ingest import Ingest, Limits
from sensors.mosquitto_process import free_port
from sensors.replay import (
    SOURCES,
    Player,
    Recorded,
    Recording,
    Tally,
    mapped_devices,
    suggest,
    summarise,
)
from sensors.topics import READINGS, receipt_topic
from twin.batch import Writer
from twin.domains import load_domains
from twin.store import Store, StoreLocation

START = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


def readings(count, device="teller", step=timedelta(hours=1)):
    return [
        Recorded(
            START + number * step,
            device,
            number + 1,
            {
                "kind": "passages",
                "observed_at": (START + number * step).isoformat(),
                "interval_s": 3600,
                "passages": number,
            },
        )
        for number in range(count)
    ]


class City(Talker):
    """Stands for the city: hears readings and sends receipts when it is told to."""

    def __init__(self, port):
        super().__init__(port)
        self.subscribe("wijk/v1/footfall/+")

    def next(self):
        """Return the next reading that arrives."""
        return json.loads(self.heard.get(timeout=5).payload)

    def settle(self, up_to, *, boot="b1", device="teller", rejected=()):
        """Send a receipt."""
        refused = [{"boot": boot, "seq": seq, "reason": reason} for seq, reason in rejected]
        body = {"boot": boot, "settled": up_to, "rejected": refused}
        self.client.publish(receipt_topic(device), json.dumps(body))


@pytest.fixture
def broker():
    with EmbeddedBroker(0) as broker:
        yield broker


@pytest.fixture
def city_of(broker):
    city = City(broker.port)
    yield city
    city.close()


def player(broker, **options):
    connection = Connection(port=broker.port, protocol=4, client_id="wijktwin-replay")
    return Player(connection, domain="footfall", boot="b1", **options)


class Playing(threading.Thread):
    """A replay in a thread of its own."""

    def __init__(self, broker, items, **options):
        super().__init__(daemon=True)
        self._items, self._settle_s = items, options.pop("settle_s", 10)
        self._player = player(broker, **options)
        self.report = self._player.report

    def run(self):
        with self._player as player:
            player.play(self._items, settle_s=self._settle_s)


def test_each_reading_has_its_boot_its_number_and_the_oldest_that_is_kept(broker, city_of):
    playing = Playing(broker, readings(3))
    playing.start()
    heard = [city_of.next() for _ in range(3)]
    assert [(r["boot"], r["seq"], r["oldest"]) for r in heard] == [
        ("b1", 1, 1),
        ("b1", 2, 1),
        ("b1", 3, 1),
    ]
    city_of.settle(3)
    playing.join(5)
    assert (playing.report.published, playing.report.settled, playing.report.unsettled) == (3, 3, 0)


def test_nothing_is_published_before_the_clock_reaches_it(broker, city_of):
    clock = {"now": START - timedelta(minutes=1)}
    playing = Playing(broker, readings(3), now=lambda: clock["now"])
    playing.start()
    with pytest.raises(queue.Empty):
        city_of.heard.get(timeout=0.2)
    clock["now"] = START + timedelta(minutes=61)
    assert [city_of.next()["seq"] for _ in range(2)] == [1, 2]
    with pytest.raises(queue.Empty):
        city_of.heard.get(timeout=0.2)
    clock["now"] = START + timedelta(hours=2)
    assert city_of.next()["seq"] == 3
    city_of.settle(3)
    playing.join(5)
    assert not playing.is_alive()


def test_what_is_not_settled_is_sent_again(broker, city_of):
    playing = Playing(broker, readings(3), resend_s=0.1)
    playing.start()
    assert [city_of.next()["seq"] for _ in range(3)] == [1, 2, 3]
    city_of.settle(2)
    assert {city_of.next()["seq"] for _ in range(8)} >= {3}
    city_of.settle(3)
    playing.join(5)
    assert playing.report.resent >= 1
    assert playing.report.settled == 3


def test_receipts_of_another_boot_or_without_sense_settle_nothing(broker, city_of):
    playing = Playing(broker, readings(1), settle_s=0.5)
    playing.start()
    city_of.next()
    city_of.settle(9, boot="b0")
    city_of.settle(9, device="other")
    for nonsense in (
        b"",
        b"[]",
        b'{"boot": "b1"}',
        b'{"boot": "b1", "settled": "x", "rejected": [1]}',
    ):
        city_of.client.publish(receipt_topic("teller"), nonsense)
    playing.join(5)
    assert playing.report.unsettled == 1


def test_refusals_are_counted_by_reason(broker, city_of):
    playing = Playing(broker, readings(2))
    playing.start()
    city_of.next()
    city_of.settle(2, rejected=[(1, "invalid"), (2, "invalid")])
    playing.join(5)
    assert playing.report.refused == {"invalid": 2}


def test_publishing_waits_for_a_city_that_does_not_keep_up(broker, city_of, monkeypatch):
    monkeypatch.setattr("sensors.replay.player.MAX_UNSETTLED", 5)
    playing = Playing(broker, readings(8))
    playing.start()
    assert [city_of.next()["seq"] for _ in range(5)] == [1, 2, 3, 4, 5]
    with pytest.raises(queue.Empty):
        city_of.heard.get(timeout=0.2)
    city_of.settle(5)
    assert [city_of.next()["seq"] for _ in range(3)] == [6, 7, 8]
    city_of.settle(8)
    playing.join(5)
    assert playing.report.settled == 8


def test_a_broker_that_is_not_there_is_said_in_one_sentence():
    connection = Connection(port=free_port(), protocol=4)
    with pytest.raises(BrokerError, match=r"^the broker at 127\.0\.0\.1:\d+ cannot be reached: "):
        Player(connection, domain="footfall", boot="b1").__enter__()


def test_a_broker_that_does_not_know_us_is_said_in_one_sentence():
    with EmbeddedBroker(0, verify=lambda *_: None, allow_anonymous=False) as broker:
        connection = Connection(port=broker.port, protocol=4, username="x", password="y")
        with pytest.raises(BrokerError, match="does not let us in: Not authorized"):
            Player(connection, domain="footfall", boot="b1").__enter__()


@pytest.mark.mosquitto
def test_a_broker_that_restarts_costs_no_reading(mosquitto):
    broker = mosquitto()
    city = City(broker.port)
    playing = Playing(broker, readings(2), resend_s=0.2)
    playing.start()
    city.next()
    broker.kill()
    city.close()
    broker.start()
    city = City(broker.port)
    heard = {city.next()["seq"]}
    while heard < {1, 2}:
        heard.add(city.next()["seq"])
    city.settle(2)
    playing.join(10)
    city.close()
    assert playing.report.settled == 2


@pytest.mark.mosquitto
def test_real_footfall_reaches_the_store_once_however_often_it_is_replayed(
    mosquitto, city, tmp_path
):
    domains = load_domains()
    source = SOURCES["auckland-footfall"]
    recording = Recording(source=source, city=city, mapping=suggest(city, source))
    devices = {device.device: device for device in mapped_devices(city, recording.mapping, source)}
    connection = Connection(port=mosquitto().port, protocol=5)
    location = StoreLocation(path=tmp_path / "city.duckdb")
    end = START + timedelta(days=7)
    with Store.open(location, crs=city.crs, domains=domains, now=START) as store:
        ingest = Ingest(
            connection,
            door=Door(city, domains, devices=devices),
            writer=Writer(store, domains),
            now=lambda: end,
            subscriptions=[READINGS],
            limits=Limits(batch=200, wait_s=0.02, receive_maximum=1000, receipt_every_s=0.05),
        )
        ingest.start()
        try:
            for days in (4, 7):
                tally = Tally()
                replay = Connection(port=connection.port, protocol=5, client_id="wijktwin-replay")
                with Player(replay, domain=source.domain, boot=recording.boot) as player:
                    period = {"start": START, "end": START + timedelta(days=days)}
                    report = player.play(recording.read(**period, tally=tally), settle_s=20)
                assert report.published == report.settled == 2 * 24 * days
        finally:
            ingest.stop()
        stored = store.query(
            "SELECT origin, count(*) AS rows FROM city.footfall_reading GROUP BY origin"
        )
        assert stored.to_pylist() == [{"origin": "recorded", "rows": 2 * 24 * 7}]
    lines = summarise(source, tally, report)
    assert lines[0].startswith(f"read {21 * 24 * 7} rows of Auckland's footfall counters")
    assert lines[1] == f"left out {19 * 24 * 7}: not in the mapping"
    assert lines[-1] == f"published {2 * 24 * 7} readings, {2 * 24 * 7} settled"
