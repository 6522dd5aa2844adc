"""The place's clock: the wall's, or one that starts at another time and runs faster.

Recorded data is replayed, and simulated devices are hurried, under a clock of the place's own,
so that dates are shown as they are and every process of the place agrees on them.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from twin.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Clock:
    """At ``wall`` the place's time was ``place``; since then it runs ``speed`` times as fast.

    ``start`` is the moment at which it was asked to start; None for a clock that is or was the
    wall's.
    """

    place: datetime
    wall: datetime
    speed: float = 1.0
    start: datetime | None = None

    def now(self) -> datetime:
        """Return the place's time, in UTC."""
        return self.at(wall_now())

    def at(self, wall: datetime) -> datetime:
        """Return the place's time at a moment of the wall's, in UTC."""
        return self.place + (wall - self.wall) * self.speed

    def save(self, path: Path) -> None:
        """Keep the clock for the other processes and the next start."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".partial")
        content = {
            "place": self.place.isoformat(),
            "wall": self.wall.isoformat(),
            "speed": self.speed,
            "start": self.start.isoformat() if self.start else None,
        }
        temporary.write_text(json.dumps(content))
        temporary.replace(path)


def wall_now() -> datetime:
    """Return the wall's time, in UTC: the one place where it is read."""
    return datetime.now(UTC)  # noqa: TID251


def load_clock(path: Path) -> Clock:
    """Return the saved clock, or the wall's where none was saved."""
    if not path.exists():
        now = wall_now()
        return Clock(now, now)
    saved = json.loads(path.read_text())
    start = saved.get("start")
    return Clock(
        datetime.fromisoformat(saved["place"]),
        datetime.fromisoformat(saved["wall"]),
        float(saved["speed"]),
        datetime.fromisoformat(start) if start else None,
    )


def set_clock(
    path: Path,
    *,
    start: datetime | None,
    speed: float,
    zone: ZoneInfo,
    released_until: datetime | None = None,
) -> Clock:
    """Return the place's clock, set and saved anew where a start or speed asks for it.

    A clock that was saved goes on, also when it is asked to start where it already did; another
    speed holds from its present time on, so that it never jumps back.

    Raises
    ------
    SettingsError
        It would start before ``released_until``: what is released is never computed again.
    """
    wall, saved = wall_now(), load_clock(path)
    asked = None if start is None else _in_zone(start, zone)
    if asked is not None and asked != saved.start:
        if released_until is not None and asked < released_until:
            raise SettingsError(
                "the place's clock cannot start there", [_too_early(asked, released_until, zone)]
            )
        clock = Clock(asked, wall, speed, start=asked)
    elif speed != saved.speed:
        clock = Clock(saved.at(wall), wall, speed, start=saved.start)
    else:
        return saved
    clock.save(path)
    return clock


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _too_early(asked: datetime, released_until: datetime, zone: ZoneInfo) -> str:
    local, until = asked.astimezone(zone), released_until.astimezone(zone)
    return (
        f"start: {local:%Y-%m-%d %H:%M} is before {until:%Y-%m-%d %H:%M}, up to which figures have"
        " been released; choose a later start, or another --data to begin anew"
    )
