"""Sessions: who has signed in, in which browser, and for how long that still counts."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from web.staff.tables import AccountRow, SessionRow

IDLE = timedelta(hours=1)
"""A session ends when nothing was asked in it for so long."""

LONGEST = timedelta(hours=10)
"""It ends in any case after so long."""

_NOTED_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


def start(session: Session, account: str, now: datetime) -> str:
    """Let whoever was found to be this account be signed in; return the token for their browser.

    However somebody's identity was verified, this is where it becomes a session.
    """
    session.execute(delete(SessionRow).where(SessionRow.started_at < now - LONGEST))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(SessionRow(token_hash=_hash(token), account=account, started_at=now, seen_at=now))
    return token


def find(session: Session, token: str, now: datetime) -> AccountRow | None:
    """Return the account of a session; None where it has ended or there never was one."""
    row = session.get(SessionRow, _hash(token))
    if row is None or now - row.seen_at > IDLE or now - row.started_at > LONGEST:
        return None
    account = session.get(AccountRow, row.account)
    return account if account is not None and account.is_enabled else None


def is_due(session: Session, token: str, now: datetime) -> bool:
    """Return whether it is time to note that a session is still used."""
    row = session.get(SessionRow, _hash(token))
    return row is not None and now - row.seen_at >= _NOTED_EVERY


def see(session: Session, token: str, now: datetime) -> None:
    """Note that a session is still used."""
    row = session.get(SessionRow, _hash(token))
    if row is not None and row.seen_at < now:
        row.seen_at = now


def end(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(SessionRow).where(SessionRow.token_hash == _hash(token)))


def end_all(session: Session, account: str) -> None:
    """End every session of an account."""
    session.execute(delete(SessionRow).where(SessionRow.account == account))


def _hash(token: str) -> str:
    """Return what is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
