"""A demonstration place: simulated devices, their history, and their life from then on."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import starmap
from typing import TYPE_CHECKING

from sensors.connection import Connection
from sensors.door import Door, Message
from sensors.simulated.fleet import fleet
from sensors.simulated.history import history
from sensors.simulated.live import Live
from sensors.spool import reported_until
from twin.batch import Batch
from twin.readings import Device
from twin.words import Origin, Text
from wijktwin.operations import expire, kept_since

if TYPE_CHECKING:
    from wijktwin.city_process import Parts

BATCH_HOURS = 12
"""How many hours of history are stored in one transaction."""

SHORT_GAP = timedelta(hours=1)
"""After a shorter stop the devices send over MQTT what they missed; a longer one is made up faster."""

STOP_S = 10.0

_PLAYING_OUT = Text("De afgelopen weken worden nagespeeld", "Playing out the past weeks")


class Demonstration:
    """The simulated fleet of a place."""

    def __init__(self, parts: "Parts") -> None:
        self._parts = parts
        self._noted = parts.folder.root / "history.txt"
        if not self._simulated():
            since = parts.clock.now() - timedelta(days=parts.settings.history_days)
            parts.registry.add(fleet(parts.city), since=_whole_hour(since))
            parts.reload_devices()
        self._devices = [device for device, _ in self._simulated()]

    def catch_up(self, stop: threading.Event) -> None:
        """Make up what the devices saw since the last stop; at the first start, their history.

        It goes in at the same door and in the same batches as over MQTT, without the broker.
        No more than the days of history that the settings say is made up.
        """
        now = self._parts.clock.now()
        earliest = _whole_hour(now - timedelta(days=self._parts.settings.history_days))
        start, end = max(self._reached(), earliest), _whole_hour(now)
        if end - start >= SHORT_GAP:
            self._make_up(start, end, stop)

    @contextmanager
    def live(self, connection: Connection) -> Generator[None]:
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
            thread.join(STOP_S)

    def _simulated(self) -> list[tuple[Device, datetime]]:
        """Return the simulated devices in force, and since when they are."""
        return [
            (device, since)
            for device, since, until in self._parts.registry.history()
            if device.origin is Origin.SIMULATED and until is None
        ]

    def _reached(self) -> datetime:
        """The moment up to which the devices have been heard, or will be from their spool."""
        known = [min(since for _, since in self._simulated())]
        if self._noted.exists():
            known.append(datetime.fromisoformat(self._noted.read_text().strip()))
        if (live := reported_until(self._parts.folder.spool)) is not None:
            known.append(live)
        return max(known)

    def _make_up(self, start: datetime, end: datetime, stop: threading.Event) -> None:
        parts, collected = self._parts, Batch()
        # A door of its own: the one that devices use must not believe in a key from these days.
        door = Door(parts.city, parts.domains, devices=parts.door.devices)
        chunks = history(parts.city, self._devices, start=start, end=end, seed=parts.settings.seed)
        for chunk in chunks:
            if stop.is_set():
                return
            now = chunk.arrived_at
            collected += door.read(starmap(Message, chunk.messages), now=now)
            if now.hour % BATCH_HOURS and now < end:
                continue
            parts.writer.write(collected, received_at=now)
            collected = Batch()
            self._note(now)
            if now.hour == 0 or now >= end:
                parts.close(now)
                before = kept_since(now, parts.settings.retention_days)
                expire(parts.store, parts.domains, before=before)
                parts.status.say("starting", _PLAYING_OUT, (now - start) / (end - start))

    def _note(self, reached: datetime) -> None:
        temporary = self._noted.with_suffix(".partial")
        temporary.write_text(reached.isoformat())
        temporary.replace(self._noted)


def _whole_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
