"""Moments that the pages show: a published period, or an hour of the typical week."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from twin.errors import FaultsError
from twin.privacy.facts import Period
from twin.windows import WindowKind
from web.i18n import Words

HOURS_A_WEEK = 168

RECENT: dict[WindowKind, int] = {"hour": 24, "snapshot": 4, "day": 7}
"""How many periods the slider over the last day has; a day's figure stands beside its week."""

_USUAL = re.compile(r"^usual-(\d{1,3})$")


class MomentError(FaultsError):
    """A moment in an address is not one."""


@dataclass(frozen=True, slots=True)
class Usual:
    """An hour of the typical week: ``slot`` counts local hours from Monday midnight."""

    slot: int

    @property
    def key(self) -> str:
        """How it is written in an address."""
        return f"usual-{self.slot}"


@dataclass(frozen=True, slots=True)
class At:
    """A published period, by its start in UTC."""

    start: datetime

    @property
    def key(self) -> str:
        """How it is written in an address."""
        return self.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


Moment = Usual | At


def parse_moment(text: str) -> Moment:
    """Read a moment from an address.

    >>> parse_moment("usual-33"), parse_moment("2026-05-04T10:00Z").key
    (Usual(slot=33), '2026-05-04T10:00Z')
    """
    usual = _USUAL.match(text)
    if usual and int(usual[1]) < HOURS_A_WEEK:
        return Usual(int(usual[1]))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise MomentError(
            "no such period",
            [f"{text!r} is neither a time like 2026-05-04T10:00Z nor usual-0 to usual-167"],
        )
    return At(moment)


def slot_of(start: datetime, zone: ZoneInfo) -> int:
    """Return the local hour of the week in which a period starts."""
    local = start.astimezone(zone)
    return 24 * local.weekday() + local.hour


def period_words(words: Words, kind: WindowKind, period: Period, zone: ZoneInfo) -> str:
    """Name a published period as people would: weekday, date and hours; never "now"."""
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    return _named(words, kind, words.day(start.date()), start, end)


def usual_words(words: Words, kind: WindowKind, slot: int) -> str:
    """Name an hour of the typical week."""
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=slot)
    day = words.text("an ordinary %(weekday)s", weekday=words.weekday(slot // 24))
    return _named(words, kind, day, start, start + timedelta(hours=1))


def short_words(words: Words, kind: WindowKind, start: datetime) -> str:
    """Name a local moment in a few characters, for an axis."""
    if kind == "day":
        return words.weekday(start.weekday())[:2]
    return words.clock(start)


def _named(words: Words, kind: WindowKind, day: str, start: datetime, end: datetime) -> str:
    match kind:
        case "day":
            return day
        case "snapshot":
            return words.text("%(day)s at %(time)s", day=day, time=words.clock(start))
        case "hour":
            return words.text(
                "%(day)s, %(start)s to %(end)s",
                day=day,
                start=words.clock(start),
                end=words.clock(end),
            )
