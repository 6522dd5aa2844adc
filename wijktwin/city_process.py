"""The city process: the only one that opens the store. Ingest, releases, and, for trying out,
an embedded broker and simulated devices."""

import gc
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sensors.adapters import load_adapters
from sensors.broker import EmbeddedBroker
from sensors.door import Door
from sensors.ingest import Ingest
from sensors.registry import Registry
from sensors.topics import READINGS, Role
from twin.batch import Writer
from twin.city import City
from twin.domains import Domain, load_domains
from twin.place import add_cells, load_city, save_city, write_public
from twin.privacy.facts import PROMISED_DAYS
from twin.privacy.published import Closed, adopt, publish, unpublished
from twin.privacy.release import close_windows, closed_by_domain
from twin.register import write_devices, write_geography
from twin.store import Store
from twin.words import Origin, Text
from wijktwin import lock, ports
from wijktwin.access import BrokerAccess, foreign_topics
from wijktwin.backlog import Backlog
from wijktwin.clock import Clock, set_clock, wall_now
from wijktwin.connection import connection_as
from wijktwin.demonstration import Demonstration
from wijktwin.errors import ProcessError
from wijktwin.folder import PlaceFolder
from wijktwin.metrics import serve_metrics
from wijktwin.operations import (
    expire,
    kept_since,
    write_health,
    write_lateness,
    write_refusals,
    write_storage,
)
from wijktwin.screen import Report, say, showing
from wijktwin.settings import Settings
from wijktwin.status import Status

TICK_S = 2.0
_READY = Text("De wijk draait", "The neighbourhood is running")
_STOPPING = Text("De wijk stopt", "The neighbourhood is stopping")


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
    access: BrokerAccess

    def close(self, now: datetime) -> list[Closed]:
        """Close the windows that are due."""
        closed = close_windows(self.store, self.domains, zone=self.city.zone, now=now)
        if closed:
            self.writer.closed_until = closed_by_domain(self.store, self.domains)
        return closed

    def release(self, now: datetime) -> None:
        """Close the windows that are due and publish them."""
        if closed := self.close(now):
            publish(self.store, self.folder.public, closed)

    def reload_devices(self) -> None:
        """Bring the register's devices to the store, the door and Mosquitto."""
        write_devices(self.store, self.registry.history())
        self.door.devices = devices = self.registry.devices()
        self.access.refresh()
        is_demonstration = any(d.origin is Origin.SIMULATED for d in devices.values())
        self.status.mark(is_demonstration=is_demonstration)


def run_city(settings: Settings, stop: threading.Event) -> None:
    """Run until ``stop`` is set.

    Raises
    ------
    WijktwinError
        It cannot start, or cannot go on; the message says why.
    """
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    if settings.broker == "embedded":
        ports.must_be_free(settings, "mqtt_port")
    ports.must_be_free(settings, "metrics_port")
    if settings.retention_days > PROMISED_DAYS:
        say(
            f"Warning: readings stay on the disk for {settings.retention_days} days, not {PROMISED_DAYS}"
        )
    with lock.holding(folder, "wijktwin city"), ExitStack() as stack:
        with showing("Opening the store") as report:
            parts = stack.enter_context(_open(settings, folder, report))
            ingest = _start(parts, stack, stop)
        if ingest is not None:
            parts.status.say("ready", _READY)
            say(f"Devices publish to {settings.mqtt_host}:{settings.mqtt_port} (Ctrl-C stops)")
            _release_until(stop, parts, ingest)
        parts.status.say("stopping", _STOPPING)


def settle_memory() -> None:
    """Tell the garbage collector that what is loaded by now stays: it need not look again.

    Looking through all of it again and again took a fifth of the throughput, of ingest and of history.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def _open(settings: Settings, folder: PlaceFolder, report: Report) -> Generator[Parts]:
    folder.model.mkdir(exist_ok=True)
    folder.staff.mkdir(mode=0o700, exist_ok=True)
    status = Status(
        folder.ops,
        place=settings.place,
        has_fleet=bool(settings.simulated),
        retention_days=settings.retention_days,
        tell=lambda said, share: report(said.en, share),
    )
    domains = load_domains()
    city = _complete(load_city(folder.city), domains, folder)
    location = folder.store(settings.store)
    with (
        Store.open(location, crs=city.crs, domains=domains, now=wall_now()) as store,
        Registry(folder.registry) as registry,
    ):
        write_geography(store, city, domains)
        if adopted := adopt(store, folder.public, domains):
            say(f"The store is older than public/: {adopted} published periods were taken over")
        writer = Writer(store, domains)
        writer.closed_until = closed_by_domain(store, domains)
        parts = Parts(
            settings=settings,
            folder=folder,
            city=city,
            domains=domains,
            clock=_clock(settings, city, folder.clock, writer),
            registry=registry,
            store=store,
            writer=writer,
            door=Door(city, domains, adapters=load_adapters()),
            status=status,
            access=BrokerAccess(registry, settings),
        )
        parts.reload_devices()
        try:
            yield parts
        finally:
            store.checkpoint()


def _complete(city: City, domains: tuple[Domain, ...], folder: PlaceFolder) -> City:
    """Draw the cells of domains that came after the place was imported."""
    complete = add_cells(city, {domain.name: domain.cells for domain in domains})
    if complete is not city:
        save_city(complete, folder.city)
        write_public(complete, folder.public)
    return complete


def _clock(settings: Settings, city: City, path: Path, writer: Writer) -> Clock:
    return set_clock(
        path,
        start=settings.start,
        speed=settings.speed,
        zone=city.zone,
        released_until=max(writer.closed_until.values(), default=None),
    )


def _start(parts: Parts, stack: ExitStack, stop: threading.Event) -> Ingest | None:
    """Bring everything up to now and start what runs from then on; None if stopped meanwhile."""
    settings, folder = parts.settings, parts.folder
    demonstration = Demonstration(parts) if settings.simulated else None
    if demonstration is not None:
        settle_memory()
        demonstration.catch_up(stop)
    publish(parts.store, folder.public, unpublished(parts.store, folder.public))
    if stop.is_set():
        return None
    if settings.broker == "embedded":
        stack.enter_context(_embedded_broker(parts))
    ingest = _ingest(parts)
    if settings.metrics_port:
        stack.enter_context(serve_metrics(settings.metrics_port, ingest.statistics))
    ingest.start()
    stack.callback(ingest.stop)
    if demonstration is not None:
        sign_in = parts.access.sign_in("wijktwin-fleet", Role.FLEET)
        connection = connection_as(settings, "wijktwin-fleet", sign_in)
        stack.enter_context(demonstration.live(connection))
    settle_memory()
    return ingest


def _embedded_broker(parts: Parts) -> EmbeddedBroker:
    return EmbeddedBroker(
        parts.settings.mqtt_port,
        parts.settings.mqtt_host,
        verify=parts.registry.verify,
        foreign=foreign_topics(),
    )


def _ingest(parts: Parts) -> Ingest:
    sign_in = parts.access.sign_in("wijktwin-ingest", Role.INGEST)
    return Ingest(
        connection_as(parts.settings, "wijktwin-ingest", sign_in),
        door=parts.door,
        writer=parts.writer,
        now=parts.clock.now,
        subscriptions=[READINGS, *foreign_topics()],
    )


def _release_until(stop: threading.Event, parts: Parts, ingest: Ingest) -> None:
    """Release what is due, every few seconds, and do the hour's and the day's work."""
    version, hour, day = parts.registry.version(), None, None
    backlog = Backlog(ingest.statistics)
    while not stop.wait(TICK_S):
        if not ingest.is_running:
            raise ProcessError("ingest ended by itself; its last words are in the log")
        now = parts.clock.now()
        if (new := parts.registry.version()) != version:
            version = new
            parts.reload_devices()
        if backlog.is_in():
            parts.release(now)
        if (now.date(), now.hour) != hour:
            hour = (now.date(), now.hour)
            write_health(parts.store, parts.domains, parts.folder.ops, now=now)
        if now.date() != day:
            day = now.date()
            expire(
                parts.store, parts.domains, before=kept_since(now, parts.settings.retention_days)
            )
            parts.store.rewrite()
            ops = parts.folder.ops
            write_refusals(parts.store, ops, now=now)
            write_lateness(parts.store, parts.domains, ops, now=now)
            write_storage(parts.store, parts.domains, ops, now=now)
        parts.status.beat()
