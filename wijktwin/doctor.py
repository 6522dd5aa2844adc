"""What may be wrong with an installation, and what to do about it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sensors.probe import probe_broker
from twin.domains import load_domains
from twin.errors import StoreInUseError, WijktwinError
from twin.extensions import check_extensions
from twin.place import load_city
from twin.privacy import sensor_register
from twin.privacy.sensor_register import RegisterError, kinds_of, read_sensor_register
from twin.store import Store
from wijktwin import lock, ports
from wijktwin.clock import load_clock, wall_now
from wijktwin.connection import connection_as
from wijktwin.folder import PlaceFolder
from wijktwin.settings import Settings, unknown_variables

EXTENSIONS = ("spatial", "ducklake")
MIN_FREE_GB = 2.0
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right says it is earlier."""

AHEAD = timedelta(minutes=5)
"""How far ahead of the clock a published file may be."""


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
    """Look at everything, one thing after the other; ``now`` is the wall's time."""
    folder = PlaceFolder(settings.data / settings.place)
    checks: tuple[Callable[[], Finding], ...] = (
        _python,
        _settings,
        _extensions,
        lambda: _disk(settings),
        lambda: _clock(folder, now or wall_now()),
        lambda: _place(folder),
        lambda: _sensor_register(folder),
        lambda: _store(settings, folder, now or wall_now()),
        lambda: _broker(settings, folder),
        lambda: _pages(settings, folder),
    )
    for check in checks:
        yield check()


def _python() -> Finding:
    return Finding("Python", sys.version.split()[0])


def _settings() -> Finding:
    if unknown := unknown_variables(os.environ):
        found = f"nothing is set by {', '.join(unknown)}"
        return Finding("settings", found, "see docs/settings.md for the names, or unset them")
    return Finding("settings", "all WIJKTWIN_* variables are known")


def _extensions() -> Finding:
    try:
        version = check_extensions(EXTENSIONS)
    except WijktwinError as err:
        found = str(err)
        return Finding(
            "DuckDB extensions", found, "install the packages of requirements.lock again"
        )
    return Finding("DuckDB extensions", f"{' and '.join(EXTENSIONS)} for DuckDB {version}")


def _disk(settings: Settings) -> Finding:
    folder = settings.data
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK) or not folder.is_dir():
        found = f"{folder} cannot be written"
        return Finding("disk", found, "give this user the folder, or choose another with --data")
    free_gb = shutil.disk_usage(folder).free / 1e9
    found = f"{free_gb:.1f} GB free at {settings.data}"
    if free_gb < MIN_FREE_GB:
        advice = f"make room: at least {MIN_FREE_GB:g} GB, or choose another --data"
        return Finding("disk", found, advice)
    return Finding("disk", found)


def _clock(folder: PlaceFolder, now: datetime) -> Finding:
    try:
        ZoneInfo("Europe/Amsterdam")
    except ZoneInfoNotFoundError:
        return Finding("clock", "no time zones are installed", "pip install tzdata")
    if now < BUILT:
        found = f"it is said to be {now:%Y-%m-%d}"
        return Finding("clock", found, "set the machine's clock (NTP)")
    newest = max((path.stat().st_mtime for path in folder.public.rglob("*.parquet")), default=0)
    if newest > (now + AHEAD).timestamp():
        written = datetime.fromtimestamp(newest, UTC)
        found = f"it is said to be {now:%Y-%m-%d %H:%M}, and figures were written {written:%Y-%m-%d %H:%M}"
        return Finding("clock", found, "set the machine's clock (NTP)")
    clock = load_clock(folder.clock)
    own = f"; the place's own says {clock.at(now):%Y-%m-%d %H:%M}, {clock.speed:g} times as fast"
    return Finding("clock", f"{now:%Y-%m-%d %H:%M} UTC{own if folder.clock.exists() else ''}")


def _place(folder: PlaceFolder) -> Finding:
    if not folder.is_imported:
        found = f"{folder.root.name!r} is not imported"
        return Finding("place", found, "wijktwin place import (see its --help)")
    try:
        city = load_city(folder.city)
    except (WijktwinError, OSError, ValueError, KeyError) as err:
        found = f"{folder.city} cannot be read: {err}"
        return Finding("place", found, "import the place again, with --replace")
    segments, bays = len(city.layers["segments"]), len(city.layers["bays"])
    return Finding("place", f"{city.title}: {segments} segments, {bays} bay groups")


def _sensor_register(folder: PlaceFolder) -> Finding:
    path = folder.public / sensor_register.FILE
    domains = load_domains()
    try:
        register = read_sensor_register(path.read_bytes(), domains)
    except FileNotFoundError:
        return Finding("sensor register", "not filled in yet: see wijktwin device owners")
    except OSError as err:
        return Finding("sensor register", f"{path} cannot be read: {err}", "let this user read it")
    except RegisterError as err:
        found = "\n".join([f"{path} is not right, so nothing of it is shown:", *err.faults])
        return Finding(
            "sensor register", found, "correct it, and publish it: wijktwin device owners"
        )
    filled, kinds = len(register.sensors), len(kinds_of(domains))
    return Finding("sensor register", f"says who is behind {filled} of {kinds} kinds of sensor")


def _store(settings: Settings, folder: PlaceFolder, now: datetime) -> Finding:
    location = folder.store(settings.store)
    if not folder.is_imported or (location.path is not None and not location.path.exists()):
        return Finding("store", "there is none yet; the city process makes it")
    if (who := lock.holder(folder)) is not None:
        return Finding("store", f"in use by {who}")
    crs = load_city(folder.city).crs
    try:
        with Store.open(location, crs=crs, domains=load_domains(), now=now) as store:
            rows = store.query("SELECT count(*) AS n FROM city.release")["n"][0].as_py()
    except StoreInUseError as err:
        return Finding("store", str(err), "end that process: only one may open the store")
    except WijktwinError as err:
        advice = "restore a back-up, or move the file away to start anew"
        return Finding("store", str(err), advice)
    return Finding("store", f"opens; {rows} released figures")


def _broker(settings: Settings, folder: PlaceFolder) -> Finding:
    at = f"{settings.mqtt_host}:{settings.mqtt_port}"
    if settings.broker == "embedded" and lock.holder(folder) is None:
        if (problem := ports.problem(settings, "mqtt_port")) is not None:
            return Finding("broker", problem, "choose another port, or set broker to external")
        return Finding("broker", f"not running; {at} is free for the embedded one")
    answer = probe_broker(connection_as(settings, "wijktwin-doctor"))
    if answer is None:
        return Finding("broker", f"answers at {at}")
    advice = "start the broker; set mqtt_host and mqtt_port, and mqtt_username and mqtt_password"
    return Finding("broker", f"{at}: {answer}", advice)


def _pages(settings: Settings, folder: PlaceFolder) -> Finding:
    problem = ports.problem(settings, "port")
    if problem is None:
        return Finding("pages", f"port {settings.port} is free")
    if lock.holder(folder) is not None:
        return Finding("pages", f"port {settings.port} is in use, it seems by the pages themselves")
    return Finding("pages", problem, "end that program, or choose another --port")
