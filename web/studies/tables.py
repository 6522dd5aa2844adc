"""The tables of studies in the staff database."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from web.staff.tables import Table


class StudyRow(Table):
    """A study. ``futures`` and ``reason`` are JSON: what people will want, and why it failed."""

    __tablename__ = "study"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    day: Mapped[str]
    runs: Mapped[int]
    futures: Mapped[str]
    owner: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    is_archived: Mapped[bool]
    state: Mapped[str]
    queued_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class VariantRow(Table):
    """A plan in a study. ``sweep`` and ``value`` say of which range it is one value, if of any."""

    __tablename__ = "variant"

    id: Mapped[str] = mapped_column(primary_key=True)
    study: Mapped[str] = mapped_column(ForeignKey("study.id"))
    position: Mapped[int]
    title: Mapped[str]
    plan: Mapped[str]
    sweep: Mapped[str | None]
    value: Mapped[float | None]
