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
    """At ``wall`` the place's time was ``place``; since then it runs ``speed`` times as fast."""

    place: datetime
    wall: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        """Return the place's time, in UTC."""
        return self.place + (wall_now() - self.wall) * self.speed

    def save(self, path: Path) -> None:
        """Keep the clock for the other processes and the next start."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".partial")
        temporary.write_text(
            json.dumps(
                {"place": self.place.isoformat(), "wall": self.wall.isoformat(), "speed": self.speed}
            )
        )
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
    return Clock(
        datetime.fromisoformat(saved["place"]),
        datetime.fromisoformat(saved["wall"]),
        float(saved["speed"]),
    )


def set_clock(path: Path, *, start: str | None, speed: float, zone: ZoneInfo) -> Clock:
    """Make the place's clock from the settings and save it where it is not the wall's.

    A clock that was saved goes on unless another start or speed is asked for; its time never
    jumps back by changing its speed.

    Raises
    ------
    SettingsError
        The start is no date and time.
    """
    wall = wall_now()
    saved = load_clock(path)
    if start is not None:
        try:
            moment = datetime.fromisoformat(start)
        except ValueError as err:
            fault = f"start: {start!r} is not a date and time like 2024-03-01T06:00"
            raise SettingsError("the settings are not right", [fault]) from err
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        clock = Clock(moment.astimezone(UTC), wall, speed)
    elif speed == saved.speed:
        return saved
    else:
        clock = Clock(saved.now(), wall, speed)
    clock.save(path)
    return clock
