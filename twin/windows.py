"""Fixed, closed windows of publication, in the place's local time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

WindowKind = Literal["snapshot", "hour", "day"]


class Window(NamedTuple):
    """One window, [start, end) in UTC, and the local date under which it is published.

    A snapshot has ``start == end``: the moment itself.
    """

    start: datetime
    end: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a quantity: snapshots at fixed local hours, every hour, or every day.

    >>> from datetime import datetime, UTC
    >>> from zoneinfo import ZoneInfo
    >>> zone = ZoneInfo("Europe/Amsterdam")
    >>> noon = Windows("snapshot", hours=(12,))
    >>> [w.start.isoformat() for w in noon.between(
    ...     datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC), zone)]
    ['2026-03-28T11:00:00+00:00', '2026-03-29T10:00:00+00:00']
    """

    kind: WindowKind
    hours: tuple[int, ...] = ()

    def between(self, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Window]:
        """Yield the windows with ``after < end <= until``, oldest first."""
        day = after.astimezone(zone).date() - timedelta(days=1)
        last = until.astimezone(zone).date()
        while day <= last:
            for window in self._of(day, zone):
                if after < window.end <= until:
                    yield window
            day += timedelta(days=1)

    def _of(self, day: date, zone: ZoneInfo) -> Iterator[Window]:
        start, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        match self.kind:
            case "snapshot":
                for hour in self.hours:
                    moment = datetime.combine(day, time(hour), zone).astimezone(UTC)
                    yield Window(moment, moment, day)
            case "hour":
                while start < end:
                    yield Window(start, start + timedelta(hours=1), day)
                    start += timedelta(hours=1)
            case "day":
                yield Window(start, end, day)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
