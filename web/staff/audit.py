"""The audit log: every change that staff make, who made it and when. It is only added to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.staff.tables import AuditRow, new_id

COMMAND_LINE = "command line"
"""Who made a change on the command line: whoever may read and write the files."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change."""

    id: str
    at: datetime
    who: str
    action: str
    what: str
    detail: Mapping[str, Any]


def note(
    session: Session, now: datetime, *, who: str, action: str, what: str, **detail: Any
) -> None:
    """Add one change, in the transaction that makes it."""
    content = json.dumps(detail, ensure_ascii=False, default=str)
    session.add(AuditRow(id=new_id(now), at=now, who=who, action=action, what=what, detail=content))


def entries(session: Session, *, most: int, before: str | None = None) -> list[Entry]:
    """Return the last changes, the newest in front; those before an entry's id where one is given."""
    wanted = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    if before:
        wanted = wanted.where(AuditRow.id < before)
    return [
        Entry(row.id, row.at, row.who, row.action, row.what, json.loads(row.detail))
        for row in session.execute(wanted).scalars()
    ]
