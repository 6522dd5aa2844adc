"""The register of a place's devices: which there are and were, and how they sign in.

One SQLite file that several processes share. A device that changes or goes away keeps its row,
with the moment at which it ended, because windows that are closed were measured with it.
"""

import sqlite3
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, Self

from sensors.errors import DeviceError
from sensors.passwords import hash_password, is_password, new_password
from sensors.topics import Role
from twin.readings import Device
from twin.words import Origin

FILE_NAME = "devices.sqlite"
BUSY_S = 10.0

_IN_FORCE = """
SELECT device, domain, origin, layer, target, capacity, x_m, y_m, hex
FROM device
WHERE until IS NULL
ORDER BY device
"""
_HISTORY = """
SELECT device, domain, origin, layer, target, capacity, x_m, y_m, hex, since, until
FROM device
ORDER BY since, device
"""
_ADD = """
INSERT INTO device (device, domain, origin, layer, target, capacity, x_m, y_m, hex, since)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SERVICES = "SELECT name FROM credential WHERE role != 'device'"
_NOBODY = hash_password("", salt=bytes(12))


class Registration(NamedTuple):
    """A device as it was from ``since`` until ``until`` (None: it is in force)."""

    device: Device
    since: datetime
    until: datetime | None


class Credential(NamedTuple):
    """How somebody signs in: a device under its own name, or a part of the system."""

    name: str
    role: Role
    hashed: str


class Registry:
    """The register of devices in one SQLite file; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the register, and make it where it is not there yet."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        with self._change() as connection:
            for statement in files("sensors").joinpath("registry.sql").read_text().split(";"):
                connection.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def version(self) -> int:
        """Return a number that grows whenever devices or credentials change, in any process."""
        return int(self._rows("SELECT number FROM revision")[0][0])

    def devices(self) -> dict[str, Device]:
        """Return the devices in force, by name."""
        return {device.device: device for device in map(_device, self._rows(_IN_FORCE))}

    def history(self) -> list[Registration]:
        """Return every device that is or was in force, oldest first."""
        return [
            Registration(_device(row[:-2]), _moment(row[-2]), _moment(row[-1]) if row[-1] else None)
            for row in self._rows(_HISTORY)
        ]

    def add(self, devices: Iterable[Device], *, since: datetime) -> None:
        """Put devices in force from ``since``; one that is already there, unchanged, stays as it is.

        One that changed (it watches something else, say) ends at ``since`` and starts anew.

        Raises
        ------
        DeviceError
            Nothing was added; every fault is named: a name that is used twice, a device whose
            origin would change, a thing that two devices of one origin would watch.
        """
        new = list(devices)
        with self._change() as connection:
            known = {d.device: d for d in map(_device, connection.execute(_IN_FORCE))}
            services = {row[0] for row in connection.execute(_SERVICES)}
            if faults := list(_faults(known, services, new)):
                raise DeviceError("these devices cannot be registered", faults)
            changed = [device for device in new if known.get(device.device) != device]
            _end(connection, (d.device for d in changed if d.device in known), since)
            connection.executemany(
                _ADD,
                [(*_row(device), _text(since)) for device in changed],
            )
            if changed:
                _revise(connection)

    def remove(self, names: Iterable[str], *, until: datetime) -> None:
        """End devices at ``until`` and forget how they sign in.

        Raises
        ------
        DeviceError
            One of them is not in force; nothing was removed.
        """
        gone = list(names)
        with self._change() as connection:
            known = {row[0] for row in connection.execute(_IN_FORCE)}
            if faults := [f"there is no device {name!r}" for name in gone if name not in known]:
                raise DeviceError("these devices cannot be removed", faults)
            _end(connection, gone, until)
            connection.executemany(
                "DELETE FROM credential WHERE name = ?", [(name,) for name in gone]
            )
            _revise(connection)

    def issue_password(self, name: str, role: Role = Role.DEVICE) -> str:
        """Return a new password for a device or a part of the system; the old one ends.

        It is not kept and cannot be shown again.

        Raises
        ------
        DeviceError
            There is no such device, or a part of the system would take a device's name.
        """
        password = new_password()
        with self._change() as connection:
            is_device = any(row[0] == name for row in connection.execute(_IN_FORCE))
            if is_device != (role is Role.DEVICE):
                fault = "is the name of a device" if is_device else "is not a registered device"
                raise DeviceError("no password can be issued", [f"{name!r} {fault}"])
            connection.execute(
                "INSERT OR REPLACE INTO credential (name, role, hash) VALUES (?, ?, ?)",
                (name, role.value, hash_password(password)),
            )
            _revise(connection)
        return password

    def credentials(self) -> list[Credential]:
        """Return who may sign in, with the hashes of their passwords."""
        rows = self._rows("SELECT name, role, hash FROM credential ORDER BY name")
        return [Credential(name, Role(role), hashed) for name, role, hashed in rows]

    def verify(self, name: str, password: str) -> Role | None:
        """Return who signs in with this name and password, or None if they do not fit."""
        rows = self._rows("SELECT role, hash FROM credential WHERE name = ?", (name,))
        role, hashed = rows[0] if rows else (None, _NOBODY)
        fits = is_password(password, hashed)
        return Role(role) if fits and role is not None else None

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[str, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _change(self) -> Generator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _faults(known: Mapping[str, Device], services: set[str], new: list[Device]) -> Iterator[str]:
    names = {device.device for device in new}
    watched = {_watches(d): d.device for d in known.values() if d.device not in names}
    seen: set[str] = set()
    for device in new:
        name = device.device
        if name in seen:
            yield f"the name {name!r} is used twice"
        seen.add(name)
        if name in services:
            yield f"the name {name!r} is taken by the system"
        if name in known and known[name].origin != device.origin:
            yield f"{name!r} is a {known[name].origin} device and cannot become a {device.origin} one"
        if device.target is None:
            continue
        other = watched.setdefault(_watches(device), name)
        if other != name:
            yield f"{name!r} would watch {device.layer} {device.target!r}, which {other!r} does already"


def _watches(device: Device) -> tuple[str, str, str | None, str | None]:
    """Return what two devices must not have in common: figures would be counted twice."""
    own = device.target if device.target is not None else device.device
    return device.domain, device.origin.value, device.layer, own


def _end(connection: sqlite3.Connection, names: Iterable[str], until: datetime) -> None:
    connection.executemany(
        "UPDATE device SET until = ? WHERE device = ? AND until IS NULL",
        [(_text(until), name) for name in names],
    )


def _revise(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE revision SET number = number + 1")


def _row(device: Device) -> tuple[object, ...]:
    return (
        device.device,
        device.domain,
        device.origin.value,
        device.layer,
        device.target,
        device.capacity,
        device.x_m,
        device.y_m,
        device.hex,
    )


def _device(row: tuple[object, ...]) -> Device:
    device, domain, origin, *rest = row
    return Device(str(device), str(domain), Origin(str(origin)), *rest)  # pyright: ignore[reportArgumentType]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
