"""Publishing recorded readings as the place's clock reaches them, until the city has them all."""

import json
import queue
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode

from sensors.connection import Connection
from sensors.errors import BrokerError
from sensors.receipt import read_receipt
from sensors.replay.recording import Recorded
from sensors.spool import Kept, Spool
from sensors.topics import reading_topic, receipt_topic

MAX_UNSETTLED = 5_000
"""Publishing waits for receipts beyond this: as much as one stalled city should make us keep."""

RESEND_S = 30.0
CONNECT_S = 10.0
_TURN_S = 0.02


@dataclass(slots=True)
class Report:
    """What became of a replay: readings published, sent again, settled, and refused by the city."""

    published: int = 0
    resent: int = 0
    settled: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])
    unsettled: int = 0
    reached: datetime | None = None


class Player:
    """Publishes readings for the devices of one domain, connected while the context lasts.

    ``now`` is the place's clock; without it, readings follow each other as fast as the city takes
    them. ``progress`` hears the report a few times a second.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        domain: str,
        boot: str,
        now: Callable[[], datetime] | None = None,
        progress: Callable[[Report], None] = lambda _: None,
        resend_s: float = RESEND_S,
    ) -> None:
        self._connection = connection
        self._domain = domain
        self._boot = boot
        self._now = now
        self._progress = progress
        self._resend_s = resend_s
        self._spool = Spool()
        self._heard: queue.SimpleQueue[mqtt.MQTTMessage] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[ReasonCode] = queue.SimpleQueue()
        self._moved_at = time.monotonic()
        self.report = Report()
        self._client = self._make_client()

    def __enter__(self) -> Self:
        """Connect.

        Raises
        ------
        BrokerError
            The broker is not there, does not let us in, or does not let us hear receipts.
        """
        where = f"{self._connection.host}:{self._connection.port}"
        try:
            self._client.connect(self._connection.host, self._connection.port)
        except (OSError, ValueError) as err:
            raise BrokerError(f"the broker at {where} cannot be reached: {err}") from err
        self._client.loop_start()
        try:
            answer = self._answers.get(timeout=CONNECT_S)
        except queue.Empty:
            self.close()
            raise BrokerError(f"the broker at {where} does not answer") from None
        if answer.is_failure:
            self.close()
            raise BrokerError(f"the broker at {where} does not let us in: {answer}")
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def play(self, readings: Iterable[Recorded], *, settle_s: float = 60.0) -> Report:
        """Publish all readings, then wait until they are settled, at most ``settle_s`` more."""
        for item in readings:
            while self._is_early(item) or len(self._spool) >= MAX_UNSETTLED:
                self._turn()
            self._publish(item)
        deadline = time.monotonic() + settle_s
        while len(self._spool) and time.monotonic() < deadline:
            self._turn()
        self.report.unsettled = len(self._spool)
        self._progress(self.report)
        return self.report

    def _is_early(self, item: Recorded) -> bool:
        return self._now is not None and self._now() < item.moment

    def _publish(self, item: Recorded) -> None:
        oldest = self._spool.lowest(item.device, self._boot) or item.seq
        reading = {**item.reading, "boot": self._boot, "seq": item.seq, "oldest": oldest}
        topic = reading_topic(self._domain, item.device)
        payload = json.dumps(reading).encode()
        kept = Kept(item.device, self._boot, item.seq, item.seq, topic, payload)
        self._spool.keep(kept)
        self._client.publish(kept.topic, kept.payload, qos=1)
        self.report.published += 1
        self.report.reached = item.moment
        while not self._heard.empty():
            self._settle(self._heard.get())

    def _turn(self) -> None:
        """Hear what is settled, and send again what has waited too long."""
        try:
            self._settle(self._heard.get(timeout=_TURN_S))
        except queue.Empty:
            self._progress(self.report)
        if len(self._spool) and time.monotonic() - self._moved_at > self._resend_s:
            self._moved_at = time.monotonic()
            for kept in self._spool:
                self._client.publish(kept.topic, kept.payload, qos=1)
                self.report.resent += 1

    def _settle(self, message: mqtt.MQTTMessage) -> None:
        receipt = read_receipt(message.topic, message.payload)
        if receipt is None:
            return
        self.report.refused.update(receipt.reasons)
        if receipt.boot == self._boot and receipt.settled is not None:
            settled = [(receipt.device, self._boot, receipt.settled)]
            self.report.settled += self._spool.settle(settled)
            self._moved_at = time.monotonic()

    def _make_client(self) -> mqtt.Client:
        client = self._connection.client()
        client.max_inflight_messages_set(1000)

        def on_connect(
            client: mqtt.Client,
            _data: object,
            _flags: object,
            answer: ReasonCode,
            _props: object,
        ) -> None:
            if answer.is_failure:
                self._answers.put(answer)
            else:
                client.subscribe(receipt_topic("+"), qos=1)

        def on_message(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
            self._heard.put(message)

        def on_subscribe(
            _client: mqtt.Client,
            _data: object,
            _mid: int,
            codes: list[ReasonCode],
            _props: object,
        ) -> None:
            self._answers.put(codes[0])

        client.on_connect = on_connect
        client.on_subscribe = on_subscribe
        client.on_message = on_message
        return client
