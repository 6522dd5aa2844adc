"""`Studies`: the studies of staff as they are kept in the staff database."""

import json
from collections.abc import Sequence, Set
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from scenarios.ensemble import RUNS
from scenarios.files import read_scenario, scenario_yaml
from scenarios.future import Future
from scenarios.scenario import Day, Scenario
from twin.errors import UnknownNameError
from twin.words import Language, Text
from web.staff.audit import note
from web.staff.database import Database
from web.staff.errors import RefusedError
from web.staff.tables import new_id
from web.studies.study import KeptStudy, Listed, State, Variant
from web.studies.tables import StudyRow, VariantRow

MOST_VARIANTS = 40
MOST_RUNS = 200
MOST_FUTURES = 5
LONGEST_TITLE = 120

_NO_TITLE = Text("Geef het een naam.", "Give it a name.")
_LONG_TITLE = Text(
    f"Een naam heeft hoogstens {LONGEST_TITLE} tekens.",
    f"A name has at most {LONGEST_TITLE} characters.",
)
_TOO_MANY = Text(
    f"Een studie heeft hoogstens {MOST_VARIANTS} varianten.",
    f"A study has at most {MOST_VARIANTS} variants.",
)
_RUNS = Text(
    f"Het aantal paren dagen is een getal van 1 tot en met {MOST_RUNS}.",
    f"The number of pairs of days is from 1 to {MOST_RUNS}.",
)
_FUTURES = Text(
    f"Kies hoogstens {MOST_FUTURES} toekomsten.", f"Choose at most {MOST_FUTURES} futures."
)
_BUSY = Text(
    "De studie wordt nu doorgerekend. Stop dat eerst.",
    "The study is being worked out. Stop that first.",
)
_EMPTY = Text("Er zijn nog geen varianten.", "There are no variants yet.")


class Studies:
    """All studies; each change is one transaction, with its entry in the audit log."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder

    def folder(self, study: str) -> Path:
        """Return where the results of a study are kept."""
        return self._folder / study

    def all(self, *, archived: bool = False) -> list[Listed]:
        """Return the studies that are archived, or those that are not, the last changed in front."""
        with self._database.reading() as session:
            count = func.count(VariantRow.id)
            wanted = (
                select(StudyRow, count)
                .outerjoin(VariantRow, VariantRow.study == StudyRow.id)
                .where(StudyRow.is_archived.is_(archived))
                .group_by(StudyRow.id)
                .order_by(StudyRow.changed_at.desc())
            )
            return [
                Listed(row.id, row.title, row.owner, row.changed_at, State(row.state), variants)
                for row, variants in session.execute(wanted)
            ]

    def get(self, study: str) -> KeptStudy:
        """Return a study; UnknownNameError where there is none of that id."""
        with self._database.reading() as session:
            return _study(session, _row(session, study))

    def state(self, study: str) -> State:
        """Return how far a study is; UnknownNameError where there is none of that id."""
        with self._database.reading() as session:
            return State(_row(session, study).state)

    def queued(self) -> list[str]:
        """Return the ids of the studies in the queue, who was there first in front."""
        busy = [State.WAITING.value, State.RUNNING.value]
        with self._database.reading() as session:
            wanted = select(StudyRow.id).where(StudyRow.state.in_(busy))
            return list(session.execute(wanted.order_by(StudyRow.queued_at)).scalars())

    def add(
        self,
        title: str,
        plans: Sequence[Scenario],
        *,
        by: str,
        now: datetime,
        language: Language = "nl",
    ) -> str:
        """Add a study of these plans and return its id; RefusedError with every fault.

        ``language`` is that in which a plan with its title in both is called.
        """
        with self._database.writing() as session:
            day = plans[0].day if plans else "weekday"
            row = _draft(session, title, by, now, day=day, runs=RUNS, futures="[]")
            _add(
                session, row, [(_title_of(plan, language), plan, None, None) for plan in plans], now
            )
            note(session, now, who=by, action="study-added", what=row.title, study=row.id)
            return row.id

    def set_up(
        self,
        study: str,
        *,
        title: str,
        day: Day,
        runs: int,
        futures: Sequence[Future],
        by: str,
        now: datetime,
    ) -> None:
        """Say what a study is called, and how it is worked out; RefusedError with every fault."""
        faults = [_RUNS] if not 1 <= runs <= MOST_RUNS else []
        faults += [_FUTURES] if len(futures) > MOST_FUTURES else []
        with self._database.writing() as session:
            row = _row(session, study)
            title = _titled(title, faults)
            written = json.dumps([one.model_dump(mode="json") for one in futures])
            if (row.day, row.runs, row.futures) != (day, runs, written):
                _must_not_be_busy(row)
                row.day, row.runs, row.futures, row.state = day, runs, written, State.DRAFT.value
            row.title, row.changed_at = title, now
            note(session, now, who=by, action="study-set-up", what=title, study=study, day=day,
                 runs=runs, futures=[one.name for one in futures])  # fmt: skip

    def add_variants(
        self,
        study: str,
        plans: Sequence[Scenario],
        *,
        by: str,
        now: datetime,
        language: Language = "nl",
        sweep: str | None = None,
        values: Sequence[float] = (),
    ) -> None:
        """Add plans to a study; RefusedError where it would have too many."""
        with self._database.writing() as session:
            row = _row(session, study)
            of_sweep = list(values) or [None] * len(plans)
            added = [
                (_title_of(plan, language, value), plan, sweep, value)
                for plan, value in zip(plans, of_sweep, strict=True)
            ]
            _add(session, row, added, now)
            names = [title for title, *_ in added]
            note(
                session,
                now,
                who=by,
                action="variants-added",
                what=row.title,
                study=study,
                added=names,
            )

    def rename_variant(
        self, study: str, variant: str, title: str, *, by: str, now: datetime
    ) -> None:
        """Call a variant otherwise."""
        with self._database.writing() as session:
            row, found = _row(session, study), _variant_row(session, study, variant)
            before, found.title = found.title, _titled(title)
            row.changed_at = now
            note(session, now, who=by, action="variant-renamed", what=row.title, study=study,
                 before=before, after=found.title)  # fmt: skip

    def remove_variant(self, study: str, variant: str, *, by: str, now: datetime) -> None:
        """Take a variant out of a study."""
        with self._database.writing() as session:
            row, found = _row(session, study), _variant_row(session, study, variant)
            _must_not_be_busy(row)
            row.state, row.changed_at = State.DRAFT.value, now
            session.delete(found)
            note(session, now, who=by, action="variant-removed", what=row.title, study=study,
                 variant=found.title)  # fmt: skip

    def duplicate(self, study: str, title: str, *, by: str, now: datetime) -> str:
        """Add a study like another and return its id; it has to be worked out anew."""
        with self._database.writing() as session:
            old = _row(session, study)
            row = _draft(session, title, by, now, day=old.day, runs=old.runs, futures=old.futures)
            for one in _variant_rows(session, study):
                session.add(
                    VariantRow(
                        id=new_id(now), study=row.id, position=one.position, title=one.title,
                        plan=one.plan, sweep=one.sweep, value=one.value,
                    )
                )  # fmt: skip
            note(
                session,
                now,
                who=by,
                action="study-duplicated",
                what=row.title,
                study=row.id,
                of=study,
            )
            return row.id

    def archive(self, study: str, *, is_archived: bool, by: str, now: datetime) -> None:
        """Put a study away, or take it out again."""
        with self._database.writing() as session:
            row = _row(session, study)
            _must_not_be_busy(row)
            row.is_archived, row.changed_at = is_archived, now
            action = "study-archived" if is_archived else "study-taken-out"
            note(session, now, who=by, action=action, what=row.title, study=study)

    def delete(self, study: str, *, by: str, now: datetime) -> None:
        """Delete a study; its files are for who keeps them."""
        with self._database.writing() as session:
            row = _row(session, study)
            _must_not_be_busy(row)
            session.execute(delete(VariantRow).where(VariantRow.study == study))
            session.delete(row)
            note(session, now, who=by, action="study-deleted", what=row.title, study=study)

    def queue(self, study: str, *, by: str, now: datetime) -> None:
        """Put a study in the queue; RefusedError where there is nothing to work out."""
        with self._database.writing() as session:
            row = _row(session, study)
            if not _variant_rows(session, study):
                raise RefusedError("nothing to work out", [_EMPTY])
            if State(row.state).is_busy:
                return
            row.state, row.queued_at, row.reason = State.WAITING.value, now, None
            note(session, now, who=by, action="study-run", what=row.title, study=study)

    def cancel(self, study: str, *, by: str, now: datetime) -> None:
        """Take a study out of the queue; what was lived of it stays."""
        with self._database.writing() as session:
            row = _row(session, study)
            if State(row.state).is_busy:
                row.state = State.CANCELLED.value
                note(session, now, who=by, action="study-cancelled", what=row.title, study=study)

    def move(self, study: str, state: State, reason: Text | None = None) -> bool:
        """Say how far the queue is with a study; False where it has been taken out of the queue."""
        with self._database.writing() as session:
            row = session.get(StudyRow, study)
            if row is None or not State(row.state).is_busy:
                return False
            row.state = state.value
            row.reason = json.dumps([reason.nl, reason.en]) if reason else None
            return True


def _draft(
    session: Session, title: str, by: str, now: datetime, *, day: str, runs: int, futures: str
) -> StudyRow:
    """Add a study without variants."""
    row = StudyRow(
        id=new_id(now), title=_titled(title), day=day, runs=runs, futures=futures, owner=by,
        created_at=now, changed_at=now, is_archived=False, state=State.DRAFT.value,
        queued_at=None, reason=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _add(
    session: Session,
    row: StudyRow,
    added: Sequence[tuple[str, Scenario, str | None, float | None]],
    now: datetime,
) -> None:
    _must_not_be_busy(row)
    there = _variant_rows(session, row.id)
    if len(there) + len(added) > MOST_VARIANTS:
        raise RefusedError("too many variants", [_TOO_MANY])
    first = max((one.position for one in there), default=0) + 1
    for at, (title, plan, sweep, value) in enumerate(added):
        session.add(
            VariantRow(
                id=new_id(now), study=row.id, position=first + at,
                title=title[:LONGEST_TITLE], plan=scenario_yaml(plan), sweep=sweep, value=value,
            )
        )  # fmt: skip
    row.state, row.changed_at = State.DRAFT.value, now


def _study(session: Session, row: StudyRow) -> KeptStudy:
    variants: list[Variant] = []
    for one in _variant_rows(session, row.id):
        plan = read_scenario(one.plan)
        name = _unique(plan.name, {each.plan.name for each in variants})
        of_study = plan.model_copy(update={"day": row.day, "name": name})
        variants.append(Variant(one.id, one.title, of_study, one.sweep, one.value))
    return KeptStudy(
        id=row.id,
        title=row.title,
        day=row.day,  # pyright: ignore[reportArgumentType]
        runs=row.runs,
        futures=tuple(Future.model_validate(one) for one in json.loads(row.futures)),
        owner=row.owner,
        changed_at=row.changed_at,
        is_archived=row.is_archived,
        state=State(row.state),
        reason=Text(*json.loads(row.reason)) if row.reason else None,
        variants=tuple(variants),
    )


def _row(session: Session, study: str) -> StudyRow:
    row = session.get(StudyRow, study)
    if row is None:
        raise UnknownNameError("there is no such study")
    return row


def _variant_rows(session: Session, study: str) -> list[VariantRow]:
    wanted = select(VariantRow).where(VariantRow.study == study).order_by(VariantRow.position)
    return list(session.execute(wanted).scalars())


def _variant_row(session: Session, study: str, variant: str) -> VariantRow:
    row = session.get(VariantRow, variant)
    if row is None or row.study != study:
        raise UnknownNameError("this study has no such variant")
    return row


def _must_not_be_busy(row: StudyRow) -> None:
    if State(row.state).is_busy:
        raise RefusedError("this study is being worked out", [_BUSY])


def _titled(title: str, faults: Sequence[Text] = ()) -> str:
    """Return a title as it is kept; RefusedError where it is none, or there are other faults."""
    title = " ".join(title.split())
    own = [] if title else [_NO_TITLE]
    own += [_LONG_TITLE] if len(title) > LONGEST_TITLE else []
    if own or faults:
        raise RefusedError("this study cannot be kept so", [*own, *faults])
    return title


def _unique(name: str, taken: Set[str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = f"{name[:60]}-{number}", number + 1
    return found


def _title_of(plan: Scenario, language: Language, value: float | None = None) -> str:
    title = plan.title if isinstance(plan.title, str) else getattr(plan.title, language)
    return (title or plan.name) if value is None else f"{title or plan.name}: {value:g}"
