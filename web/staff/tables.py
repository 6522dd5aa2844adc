"""The tables of the staff database; ``migrations/`` makes them, and a test holds the two together."""

import itertools
import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, ForeignKey, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_turn = itertools.count()
"""Of rows that one process makes within a millisecond, which was first."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC as text of one width, which sorts by time in every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 part of the type
        """Write a moment, which must know its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 part of the type
        """Read a moment."""
        return None if value is None else datetime.fromisoformat(value)


class Table(DeclarativeBase):
    """Every table of the staff database."""

    type_annotation_map = {datetime: Moment, str: Text}  # noqa: RUF012 as the library wants it


class MigrationRow(Table):
    """One file of ``migrations/`` that has been run here."""

    __tablename__ = "migration"

    name: Mapped[str] = mapped_column(primary_key=True)


class AccountRow(Table):
    """Who may sign in. ``identity`` says who vouches for that person and under which name."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    identity: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    is_enabled: Mapped[bool]
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]


class SessionRow(Table):
    """One browser in which somebody has signed in; only a hash of its token is kept."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class TriedRow(Table):
    """One try of something that may be done so often; ``who`` is a keyed hash."""

    __tablename__ = "tried"

    id: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]


class AuditRow(Table):
    """One change: who did what to which thing, and when. Rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    action: Mapped[str]
    what: Mapped[str]
    detail: Mapped[str]


class ProposalRow(Table):
    """A plan that is put to residents; ``content`` is a `web.proposals.proposal.Proposal`."""

    __tablename__ = "proposal"

    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    content: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class AnswerRow(Table):
    """One answer; ``who`` is a keyed hash of a random number that only one browser has."""

    __tablename__ = "answer"

    proposal: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[int]
    text: Mapped[str | None]


def new_id(now: datetime) -> str:
    """Return a name for a new row: rows sort by when they were made, and no name can be guessed."""
    return f"{int(now.timestamp() * 1000):012x}{next(_turn) % 2**24:06x}{secrets.token_hex(8)}"
