"""A week of a quantity that is counted by day: the mean of its days, as numbers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twin.privacy.columns import floats, texts
from twin.privacy.estimates import WEEK_DAYS, Levels
from web.scene import Mark, marks


@dataclass(frozen=True, slots=True)
class Week:
    """What a quantity says of a local week, from its Monday; marks are ordered by unit."""

    monday: date
    marks: tuple[Mark, ...]
    whole: Mark

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=WEEK_DAYS - 1)

    def mark(self, unit: str) -> Mark | None:
        """Return what is said of a unit, None where it was not measured that week."""
        return next((mark for mark in self.marks if mark.unit == unit), None)


def last_monday(start: datetime, zone: ZoneInfo) -> date:
    """Return the Monday of the last week that was over when the day of ``start`` was.

    >>> from zoneinfo import ZoneInfo
    >>> zone = ZoneInfo("Europe/Amsterdam")
    >>> [f"{last_monday(datetime(2026, 5, day, tzinfo=zone), zone):%d %B}" for day in (9, 10, 12)]
    ['27 April', '04 May', '04 May']
    """
    after = start.astimezone(zone).date() + timedelta(days=1)
    return after - timedelta(days=after.weekday() + WEEK_DAYS)


def make_week(weekly: pa.Table, monday: date, edges: tuple[float, ...]) -> Week | None:
    """Make a week of counts from the public reader's ``weekly``; None where nothing was measured."""
    found = weekly.filter(pc.equal(weekly["week"], pa.scalar(monday)))  # pyright: ignore[reportUnknownMemberType]
    if not found.num_rows:
        return None
    level, sd, days = (floats(found, name) for name in ("level", "sd", "days"))
    together = Levels(np.array([level.sum()]), np.array([np.sqrt((sd**2).sum())]))
    share = days / WEEK_DAYS
    (whole,) = marks([""], together, np.array([share.mean()]), edges, is_share=False)
    shown = marks(texts(found, "unit"), Levels(level, sd), share, edges, is_share=False)
    return Week(monday, shown, whole)
