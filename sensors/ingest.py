"""Ingest: from the broker into the store, acknowledged after COMMIT, with a receipt.

One thread reads messages until it has a batch, stores it, acknowledges it, and reads on. Nothing
queues up in between: while it stores, unread messages stay in the socket and with the broker, and
memory stays flat. (A second thread for the store made it slower: the two share one interpreter.)
"""

import logging
import select
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import paho.mqtt.client as mqtt
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from sensors.connection import Connection
from sensors.door import Door, Message
from sensors.receipt import receipt_payload
from sensors.topics import receipt_topic
from twin.batch import Batch, Noted, Rejected, Writer, Written

log = logging.getLogger(__name__)

MAX_IN_RECEIPT = 50
KEEPALIVE_S = 60
RETRY_S = 1.0
FLUSH_S = 5.0
QOS = 1

Item = TypeVar("Item")

Received = tuple[str, bytes, int]
"""Topic, payload and message number. A plain tuple: paho's own object of a message drags along
so many others that Python's garbage collector halved the throughput."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How ingest batches: a batch is stored when it has ``batch`` messages or is ``wait_s`` old.

    The broker sends at most ``receive_maximum`` messages that are not acknowledged (MQTT 5).
    """

    batch: int = 2000
    wait_s: float = 0.2
    receive_maximum: int = 8000
    receipt_every_s: float = 1.0


@dataclass(slots=True)
class Statistics:
    """What ingest has done since it started, for operations; totals over all devices only."""

    messages: int = 0
    heartbeats: int = 0
    stored: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter[str])
    batches: int = 0
    failures: int = 0
    is_connected: bool = False

    def add(self, messages: int, batch: Batch, written: Written) -> None:
        """Count a batch that was stored."""
        self.messages += messages
        self.heartbeats += sum(item.reading.heartbeat for item in batch.accepted)
        self.batches += 1
        self.stored += written.stored
        self.duplicates += written.duplicates
        self.rejected.update(item.reason.value for item in batch.rejected + written.refused)


class Ingest:
    """Reads a broker into a store until it is stopped."""

    def __init__(
        self,
        connection: Connection,
        *,
        door: Door,
        writer: Writer,
        now: Callable[[], datetime],
        subscriptions: Sequence[str],
        limits: Limits | None = None,
    ) -> None:
        self._connection = connection
        self._door = door
        self._writer = writer
        self._now = now
        self._subscriptions = tuple(subscriptions)
        self._limits = limits or Limits()
        self.statistics = Statistics()
        self._batch: list[Received] = []
        self._receipts = _Receipts()
        self._stop = threading.Event()
        self._client = connection.client(is_lasting=True, manual_ack=True)
        self._properties = connection.lasting_session(receive_maximum=self._limits.receive_maximum)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_socket_register_write = _leave_writing_to_the_loop
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)

    def start(self) -> None:
        """Start reading; connecting is tried until it works."""
        self._thread.start()

    def stop(self, timeout_s: float = 10) -> None:
        """Store what has been read, acknowledge it, and disconnect."""
        self._stop.set()
        self._thread.join(timeout_s)

    @property
    def is_running(self) -> bool:
        """Whether it reads, or tries to."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many messages have been read and are not stored yet."""
        return len(self._batch)

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._client.socket() is None and not self._connect():
                self._stop.wait(RETRY_S)
                continue
            self._fill()
            self._store()
            self._receipts.send(self._client, every_s=self._limits.receipt_every_s)
            self._flush()
            self._client.loop_misc()
        self._receipts.send(self._client, every_s=0)
        self._flush()
        self._client.disconnect()
        self._flush()

    def _connect(self) -> bool:
        try:
            self._client.connect(
                self._connection.host,
                self._connection.port,
                keepalive=KEEPALIVE_S,
                clean_start=False if self._properties else mqtt.MQTT_CLEAN_START_FIRST_ONLY,
                properties=self._properties,
            )
        except (OSError, ValueError) as err:
            log.warning("the broker cannot be reached: %s", err)
            return False
        return True

    def _fill(self) -> None:
        """Read until there is a batch, or the oldest message in it has waited long enough."""
        deadline = time.monotonic() + self._limits.wait_s
        while (
            len(self._batch) < self._limits.batch
            and (left_s := deadline - time.monotonic()) > 0
            and (found := self._client.socket()) is not None
        ):
            writing = [found] if self._client.want_write() else []
            try:
                readable, writable, _ = select.select([found], writing, [], left_s)
            except (OSError, ValueError):
                return
            if writable:
                self._client.loop_write()
            if readable:
                self._read()

    def _read(self) -> None:
        """Read what the socket holds, up to a batch."""
        before = -1
        while before < len(self._batch) < self._limits.batch:
            before = len(self._batch)
            self._client.loop_read()

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        self._batch.append((message.topic, bytes(message.payload), message.mid))

    def _store(self) -> None:
        messages, self._batch = self._batch, []
        if not messages:
            return
        now = self._now()
        try:
            batch = self._door.read(
                [Message(topic, payload) for topic, payload, _ in messages], now=now
            )
            written = self._writer.write(batch, received_at=now)
        except Exception:
            self.statistics.failures += 1
            log.exception("a batch could not be stored; the broker sends it again")
            self._client.disconnect()
            self._flush()
            self._stop.wait(RETRY_S)
            return
        for _, _, number in messages:
            self._client.ack(number, QOS)
        self._receipts.add(batch, written)
        self.statistics.add(len(messages), batch, written)

    def _flush(self) -> None:
        """Send what is queued: the acknowledgements of a batch, then receipts."""
        deadline = time.monotonic() + FLUSH_S
        while self._client.want_write() and time.monotonic() < deadline:
            found = self._client.socket()
            if found is None or not select.select([], [found], [], 1)[1]:
                return
            self._client.loop_write()

    def _on_connect(
        self,
        client: mqtt.Client,
        _data: object,
        _flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            log.error("the broker refused the connection: %s", reason)
            return
        self.statistics.is_connected = True
        if self._properties is None:
            client.subscribe([(topics, 1) for topics in self._subscriptions])
        else:
            own = SubscribeOptions(qos=1, noLocal=True)
            client.subscribe([(topics, own) for topics in self._subscriptions])

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _data: object,
        _flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        """Forget what is not stored: the broker sends it again under new message numbers."""
        self.statistics.is_connected = False
        self._batch = []
        if reason.is_failure and not self._stop.is_set():
            log.warning("the connection to the broker ended: %s", reason)
            self._stop.wait(RETRY_S)


class _Receipts:
    """What devices must still be told; sent at most once in a while to each."""

    def __init__(self) -> None:
        self._settled: dict[tuple[str, str], int] = {}
        self._rejected: dict[str, list[Rejected]] = {}
        self._noted: dict[str, list[Noted]] = {}
        self._sent_at = 0.0

    def add(self, batch: Batch, written: Written) -> None:
        """Note what became of a batch."""
        self._settled |= written.receipts
        for item in (*batch.rejected, *written.refused):
            if item.device is not None:
                _keep(self._rejected, item.device, item)
        for note in batch.noted:
            _keep(self._noted, note.device, note)

    def send(self, client: mqtt.Client, *, every_s: float) -> None:
        """Publish the receipts that are due."""
        if time.monotonic() - self._sent_at < every_s:
            return
        if not (self._settled or self._rejected or self._noted):
            return
        self._sent_at = time.monotonic()
        for (device, boot), settled in self._settled.items():
            self._publish(client, device, boot, settled)
        for device in dict.fromkeys([*self._rejected, *self._noted]):
            self._publish(client, device, None, None)
        self._settled = {}

    def _publish(
        self, client: mqtt.Client, device: str, boot: str | None, settled: int | None
    ) -> None:
        rejected, noted = self._rejected.pop(device, []), self._noted.pop(device, [])
        payload = receipt_payload(boot, settled, rejected, noted)
        client.publish(receipt_topic(device), payload, qos=0)


def _keep(kept: dict[str, list[Item]], device: str, item: Item) -> None:
    """Keep what a device must be told, if there is room for it in a receipt."""
    known = kept.setdefault(device, [])
    if len(known) < MAX_IN_RECEIPT:
        known.append(item)


def _leave_writing_to_the_loop(*_: object) -> None:
    """With this callback set, paho queues packets until `loop_write` sends them together."""
