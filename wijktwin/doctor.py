"""What may be wrong with an installation, and what to do about it."""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from sensors.probe import probe_broker
from twin.domains import load_domains
from twin.errors import StoreInUseError, WijktwinError
from twin.extensions import CONFIG, load_extension
from twin.place import load_city
from twin.store import Store
from wijktwin.clock import load_clock, wall_now
from wijktwin.folder import PlaceFolder
from wijktwin.settings import Settings
from wijktwin.status import read_status

MIN_FREE_GB = 2.0
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
FRESH = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` is empty where nothing is wrong."""

    what: str
    found: str
    advice: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether nothing needs to be done."""
        return not self.advice


def examine(settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """Look at everything; a check that itself fails becomes a finding."""
    folder = PlaceFolder(settings.data / settings.place)
    moment = now or wall_now()
    checks: tuple[Callable[[], Finding], ...] = (
        _python,
        _extensions,
        lambda: _disk(settings),
        lambda: _clock(folder, moment),
        lambda: _place(folder),
        lambda: _store(settings, folder, moment),
        lambda: _broker(settings, folder, moment),
        lambda: _pages(settings),
    )
    for check in checks:
        yield check()


def _python() -> Finding:
    version = sys.version.split()[0]
    if sys.version_info < (3, 11):  # noqa: UP036
        return Finding("Python", version, "install Python 3.11 or newer")
    return Finding("Python", version)


def _extensions() -> Finding:
    with duckdb.connect(config=CONFIG) as connection:  # noqa: TID251
        for name in ("spatial", "ducklake"):
            try:
                load_extension(connection, name)
            except (WijktwinError, duckdb.Error) as err:
                return Finding("DuckDB extensions", f"{name} does not load", str(err))
    return Finding("DuckDB extensions", f"spatial and ducklake for DuckDB {duckdb.__version__}")


def _disk(settings: Settings) -> Finding:
    folder = settings.data
    while not folder.exists():
        folder = folder.parent
    free_gb = shutil.disk_usage(folder).free / 1e9
    found = f"{free_gb:.1f} GB free at {settings.data}"
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        probe = settings.data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as err:
        return Finding("disk", str(err), "choose a folder that can be written, with --data")
    if free_gb < MIN_FREE_GB:
        return Finding("disk", found, f"make room: at least {MIN_FREE_GB:g} GB, or choose another --data")
    return Finding("disk", found)


def _clock(folder: PlaceFolder, now: datetime) -> Finding:
    try:
        ZoneInfo("Europe/Amsterdam")
    except ZoneInfoNotFoundError:
        return Finding("clock", "no time zones are installed", "pip install tzdata")
    if now < BUILT:
        return Finding("clock", f"it is said to be {now:%Y-%m-%d}", "set the machine's clock (NTP)")
    newest = max(
        (path.stat().st_mtime for path in folder.public.rglob("*.parquet")), default=now.timestamp()
    )
    if newest > now.timestamp() + 300:  # noqa: PLR2004
        return Finding("clock", "published files lie in the future", "set the machine's clock (NTP)")
    clock = load_clock(folder.clock)
    place = "" if clock.speed == 1 and not folder.clock.exists() else (
        f"; the place's own says {clock.now():%Y-%m-%d %H:%M}, {clock.speed:g} times as fast"
    )
    return Finding("clock", f"{now:%Y-%m-%d %H:%M} UTC{place}")


def _place(folder: PlaceFolder) -> Finding:
    if not folder.is_imported:
        return Finding(
            "place", f"{folder.root.name!r} is not imported", "wijktwin place import (see its --help)"
        )
    try:
        city = load_city(folder.city)
    except WijktwinError as err:
        return Finding("place", str(err), "import the place again")
    return Finding("place", f"{city.title}: {len(city.segments)} segments, {len(city.bays)} bay groups")


def _store(settings: Settings, folder: PlaceFolder, now: datetime) -> Finding:
    if not folder.is_imported:
        return Finding("store", "not looked at: there is no place yet")
    try:
        with Store.open(
            folder.store(settings.store),
            crs=load_city(folder.city).crs,
            domains=load_domains(),
            now=now,
        ) as store:
            rows = store.query("SELECT count(*) AS n FROM city.release")["n"][0].as_py()
    except StoreInUseError:
        if _is_running(folder, now):
            return Finding("store", "open in the running city process")
        return Finding(
            "store", "open in another process", "end that process: only one may open the store"
        )
    except WijktwinError as err:
        return Finding("store", str(err), "restore a back-up, or move the file away to start anew")
    return Finding("store", f"opens; {rows} released figures")


def _broker(settings: Settings, folder: PlaceFolder, now: datetime) -> Finding:
    at = f"{settings.mqtt_host}:{settings.mqtt_port}"
    answer = probe_broker(
        settings.mqtt_host, settings.mqtt_port, settings.mqtt_username, settings.mqtt_password
    )
    is_running = _is_running(folder, now)
    if answer is None:
        return Finding("broker", f"answers at {at}")
    if settings.broker == "embedded" and not is_running and _is_free(settings.mqtt_host, settings.mqtt_port):
        return Finding("broker", f"not running; {at} is free for the embedded one")
    if settings.broker == "embedded" and not is_running:
        return Finding("broker", f"{at} is taken by something else", "choose another --mqtt-port")
    return Finding("broker", f"{at}: {answer}", "start the broker, or set mqtt_host, mqtt_port and sign-in")


def _pages(settings: Settings) -> Finding:
    if _is_free(settings.host, settings.port):
        return Finding("pages", f"port {settings.port} is free")
    return Finding("pages", f"port {settings.port} is in use (by the running pages, or something else)")


def _is_running(folder: PlaceFolder, now: datetime) -> bool:
    status = read_status(folder.ops) or {}
    at = status.get("updated_at")
    return isinstance(at, str) and now - datetime.fromisoformat(at) < FRESH


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
