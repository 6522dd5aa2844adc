"""A demonstration place: simulated devices, their history, and their life from then on."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sensors.door import Message
from sensors.ingest import Connection
from sensors.simulated.fleet import fleet
from sensors.simulated.history import history
from sensors.simulated.live import Live
from twin.words import Origin, Text
from wijktwin.operations import RETENTION, expire

if TYPE_CHECKING:
    from wijktwin.city_process import Parts

log = logging.getLogger(__name__)

SHORT_GAP = timedelta(hours=1)
"""After a shorter stop the devices send over MQTT what they kept; a longer one is made up faster."""


class Demonstration:
    """The simulated fleet of a place."""

    def __init__(self, parts: "Parts") -> None:
        self._parts = parts
        found = [d for d in parts.registry.devices().values() if d.origin is Origin.SIMULATED]
        self._is_new = not found
        if self._is_new:
            since = parts.clock.now() - timedelta(days=parts.settings.history_days)
            parts.registry.add(fleet(parts.city), since=_whole_hour(since))
            parts.reload_devices()
        self._devices = [
            d for d in parts.registry.devices().values() if d.origin is Origin.SIMULATED
        ]

    def catch_up(self, stop: threading.Event) -> None:
        """Make up what the devices saw since the last stop; at the first start, their history.

        It goes in at the same door and in the same batches as over MQTT, without the broker.
        """
        now = self._parts.clock.now()
        start, end = self._reached(), _whole_hour(now)
        if end - start >= SHORT_GAP:
            self._make_up(start, end, stop)

    @contextmanager
    def live(self, connection: Connection) -> Iterator[None]:
        """Let the devices publish over MQTT for as long as the context lasts."""
        parts, stop = self._parts, threading.Event()
        live = Live(
            parts.city,
            self._devices,
            connection,
            now=parts.clock.now,
            since=self._reached(),
            seed=parts.settings.seed,
            spool=parts.folder.spool,
        )
        thread = threading.Thread(target=live.run, args=(stop,), name="fleet", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(10)

    def _reached(self) -> datetime:
        """The moment up to which the devices have been heard."""
        path = self._parts.folder.root / "history.txt"
        if path.exists():
            return datetime.fromisoformat(path.read_text().strip())
        since = [
            since
            for device, since, _ in self._parts.registry.history()
            if device.origin is Origin.SIMULATED
        ]
        return min(since)

    def _make_up(self, start: datetime, end: datetime, stop: threading.Event) -> None:
        parts = self._parts
        message = Text("De afgelopen weken worden nagespeeld", "Playing out the past weeks")
        day = start.date()
        for chunk in history(
            parts.city, self._devices, start=start, end=end, seed=parts.settings.seed
        ):
            if stop.is_set():
                break
            messages = [Message(topic, payload) for topic, payload in chunk.messages]
            batch = parts.door.read(messages, now=chunk.arrived_at)
            parts.writer.write(batch, received_at=chunk.arrived_at)
            (parts.folder.root / "history.txt").write_text(chunk.arrived_at.isoformat())
            if chunk.arrived_at.date() != day:
                day = chunk.arrived_at.date()
                parts.close(chunk.arrived_at)
                expire(parts.store, parts.domains, before=chunk.arrived_at - RETENTION)
                parts.status.say("starting", message, (chunk.arrived_at - start) / (end - start))


def _whole_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
