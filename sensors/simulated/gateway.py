"""The gateway: the one MQTT connection through which a whole fleet talks."""

import logging
import queue
import threading
import time
from collections.abc import Iterator

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode

from sensors.connection import Connection
from sensors.receipt import Receipt, read_receipt
from sensors.topics import receipt_topic

log = logging.getLogger(__name__)

MOST_UNACKNOWLEDGED = 1_000
KEEPALIVE_S = 30
_RECONNECT_S = (1, 15)
_PAUSE_S = 0.02


class Gateway:
    """A connection that comes back by itself, publishes at QoS 1 and hears receipts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._receipts: queue.SimpleQueue[Receipt] = queue.SimpleQueue()
        self._ready = threading.Event()
        self._is_back = threading.Event()
        self._was_connected = False
        self._published = 0
        self._acknowledged = 0
        self.refused = 0
        self._client = self._make_client()

    @property
    def is_connected(self) -> bool:
        """Whether the broker can be talked to and tells us receipts."""
        return self._ready.is_set()

    @property
    def has_room(self) -> bool:
        """Whether a message may be published now."""
        return self._ready.is_set() and self._unacknowledged < MOST_UNACKNOWLEDGED

    def open(self) -> None:
        """Begin to connect; that is tried until it works."""
        where = self._connection
        self._client.connect_async(where.host, where.port, keepalive=KEEPALIVE_S)
        self._client.loop_start()

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 1."""
        self._published += 1
        self._client.publish(topic, payload, qos=1)

    def came_back(self) -> bool:
        """Return whether the connection was made again since this was last asked."""
        is_back = self._is_back.is_set()
        self._is_back.clear()
        return is_back

    def receipts(self) -> Iterator[Receipt]:
        """Yield the receipts that have arrived."""
        while not self._receipts.empty():
            yield self._receipts.get()

    def drain(self, within_s: float) -> None:
        """Wait until the broker has acknowledged everything, for so long at most."""
        deadline = time.monotonic() + within_s
        while self._unacknowledged and self._ready.is_set() and time.monotonic() < deadline:
            time.sleep(_PAUSE_S)

    @property
    def _unacknowledged(self) -> int:
        """How many messages are on their way; each count is written by one thread only."""
        return self._published - self._acknowledged

    def _make_client(self) -> mqtt.Client:
        client = self._connection.client()
        client.max_inflight_messages_set(MOST_UNACKNOWLEDGED)
        client.reconnect_delay_set(*_RECONNECT_S)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def _on_connect(
        self,
        client: mqtt.Client,
        _data: object,
        _flags: object,
        answer: ReasonCode,
        _p: object,
    ) -> None:
        if answer.is_failure:
            log.warning("the broker does not let the fleet in: %s", answer)
        else:
            client.subscribe(receipt_topic("+"), qos=1)

    def _on_connect_fail(self, *_: object) -> None:
        log.warning(
            "no broker at %s:%s; trying again", self._connection.host, self._connection.port
        )

    def _on_disconnect(self, *_: object) -> None:
        self._ready.clear()

    def _on_subscribe(
        self, _client: mqtt.Client, _d: object, _m: int, codes: list[ReasonCode], _p: object
    ) -> None:
        if codes[0].is_failure:
            log.warning("the broker does not let the fleet hear its receipts: %s", codes[0])
        if self._was_connected:
            self._is_back.set()
        self._was_connected = True
        self._ready.set()

    def _on_publish(
        self, _client: mqtt.Client, _data: object, _mid: int, answer: ReasonCode, _p: object
    ) -> None:
        self._acknowledged += 1
        if answer.is_failure:
            self.refused += 1

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        receipt = read_receipt(message.topic, message.payload)
        if receipt is not None:
            self._receipts.put(receipt)
