"""The city process: the only one that opens the store. Ingest, releases, and, for trying out,
an embedded broker and simulated devices."""

import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sensors.adapters import load_adapters
from sensors.broker import EmbeddedBroker
from sensors.door import Door
from sensors.ingest import Connection, Ingest
from sensors.registry import Registry
from sensors.topics import READINGS
from twin.city import City
from twin.domains import Domain, load_domains
from twin.place import load_city
from twin.privacy.release import Closed, close_windows, closed_until, publish, unpublished
from twin.batch import Writer
from twin.register import write_devices, write_geography
from twin.store import Store
from twin.words import Text
from wijktwin.clock import Clock, set_clock
from wijktwin.demonstration import Demonstration
from wijktwin.folder import PlaceFolder
from wijktwin.metrics import serve_metrics
from wijktwin.operations import RETENTION, expire, write_health, write_refusals
from wijktwin.settings import Settings
from wijktwin.status import Status

log = logging.getLogger(__name__)

TICK_S = 2.0
_READY = Text("De wijk draait", "The neighbourhood is running")


@dataclass(slots=True)
class Parts:
    """What the city process works with."""

    settings: Settings
    folder: PlaceFolder
    city: City
    domains: tuple[Domain, ...]
    clock: Clock
    registry: Registry
    store: Store
    writer: Writer
    door: Door
    status: Status

    def close(self, now: datetime) -> list[Closed]:
        """Close the windows that are due."""
        closed = close_windows(self.store, self.domains, zone=self.city.zone, now=now)
        if closed:
            self.writer.closed_until = closed_until(self.store, self.domains)
        return closed

    def release(self, now: datetime) -> None:
        """Close the windows that are due and publish them."""
        publish(self.store, self.folder.public, self.close(now))

    def reload_devices(self) -> None:
        """Bring the register's devices to the store and the door."""
        write_devices(self.store, self.registry.history())
        self.door.devices = self.registry.devices()


def run_city(settings: Settings, folder: PlaceFolder, stop: threading.Event) -> None:
    """Run until ``stop`` is set."""
    with _open(settings, folder) as parts, ExitStack() as stack:
        demonstration = Demonstration(parts) if settings.simulated else None
        if demonstration is not None:
            demonstration.catch_up(stop)
        publish(parts.store, folder.public, unpublished(parts.store, folder.public))
        parts.release(parts.clock.now())
        if stop.is_set():
            return
        if settings.broker == "embedded":
            stack.enter_context(
                EmbeddedBroker(
                    settings.mqtt_port,
                    settings.mqtt_host,
                    verify=parts.registry.verify,
                    foreign=[t for adapter in load_adapters() for t in adapter.subscriptions],
                )
            )
        ingest = _ingest(parts)
        if settings.metrics_port:
            stack.enter_context(serve_metrics(settings.metrics_port, ingest.statistics))
        ingest.start()
        stack.callback(ingest.stop)
        if demonstration is not None:
            stack.enter_context(demonstration.live(_connection(settings, "wijktwin-fleet")))
        settle_memory()
        parts.status.say("ready", _READY)
        _release_until(stop, parts)
        parts.status.say("stopping", Text("De wijk stopt", "The neighbourhood is stopping"))


def settle_memory() -> None:
    """Tell the garbage collector that what is loaded by now stays: it need not look again.

    Looking through all of it again and again took a fifth of the ingest throughput.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def _open(settings: Settings, folder: PlaceFolder) -> Iterator[Parts]:
    folder.must_exist()
    city = load_city(folder.city)
    domains = load_domains()
    clock = set_clock(folder.clock, start=settings.start, speed=settings.speed, zone=city.zone)
    location = folder.store(settings.store)
    with (
        Store.open(location, crs=city.crs, domains=domains, now=clock.now()) as store,
        Registry(folder.registry) as registry,
    ):
        status = Status(folder.ops, place=city.name, is_demonstration=settings.simulated)
        write_geography(store, city)
        writer = Writer(store, domains)
        writer.closed_until = closed_until(store, domains)
        door = Door(city, domains, adapters=load_adapters())
        parts = Parts(
            settings, folder, city, domains, clock, registry, store, writer, door, status
        )
        parts.reload_devices()
        try:
            yield parts
        finally:
            store.checkpoint()


def _connection(settings: Settings, client_id: str) -> Connection:
    return Connection(
        host=settings.mqtt_host,
        port=settings.mqtt_port,
        username=settings.mqtt_username,
        password=settings.mqtt_password,
        protocol=4 if settings.broker == "embedded" else 5,
        ca_file=settings.mqtt_ca_file,
        client_id=client_id,
    )


def _ingest(parts: Parts) -> Ingest:
    return Ingest(
        _connection(parts.settings, "wijktwin-ingest"),
        door=parts.door,
        writer=parts.writer,
        now=parts.clock.now,
        subscriptions=[READINGS, *(t for a in load_adapters() for t in a.subscriptions)],
    )


def _release_until(stop: threading.Event, parts: Parts) -> None:
    """Release what is due, every few seconds, and do the hour's and the day's work."""
    version, hour, day = parts.registry.version(), None, None
    while not stop.wait(TICK_S):
        now = parts.clock.now()
        if (new := parts.registry.version()) != version:
            version = new
            parts.reload_devices()
        parts.release(now)
        if (now.date(), now.hour) != hour:
            hour = (now.date(), now.hour)
            write_health(parts.store, parts.domains, parts.folder.ops, now=now)
        if now.date() != day:
            day = now.date()
            expire(parts.store, parts.domains, before=now - RETENTION)
            write_refusals(parts.store, parts.folder.ops, now=now)
        parts.status.beat()
