"""How often something may be tried; kept in the database, so that a restart does not forget it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.staff.errors import TooOftenError
from web.staff.tables import TriedRow, new_id

KEPT = timedelta(days=1)
"""No limit looks further back."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Something may be tried so often within a while, by each ``who``."""

    what: str
    most: int
    within: timedelta


def take(session: Session, tries: Sequence[tuple[Limit, str]], now: datetime) -> None:
    """Note one try of each; nothing is noted where one of them is a try too many.

    Raises
    ------
    TooOftenError
        With how long to wait.
    """
    waits = [
        wait for limit, who in tries if (wait := _wait(session, limit, who, now)) > timedelta()
    ]
    if waits:
        raise TooOftenError(max(waits).total_seconds())
    session.add_all(
        TriedRow(id=new_id(now), what=limit.what, who=who, at=now) for limit, who in tries
    )


def forget(session: Session, limit: Limit, who: str) -> None:
    """Forget what somebody tried."""
    session.execute(delete(TriedRow).where(TriedRow.what == limit.what, TriedRow.who == who))


def forget_old(session: Session, now: datetime) -> None:
    """Forget what no limit looks at any more."""
    session.execute(delete(TriedRow).where(TriedRow.at < now - KEPT))


def _wait(session: Session, limit: Limit, who: str, now: datetime) -> timedelta:
    """Return how long it takes until one more try is allowed."""
    mine = (TriedRow.what == limit.what, TriedRow.who == who, TriedRow.at > now - limit.within)
    last = select(TriedRow.at).where(*mine).order_by(TriedRow.at.desc()).limit(limit.most)
    at = list(session.execute(last).scalars())
    return at[-1] + limit.within - now if len(at) >= limit.most else timedelta()
