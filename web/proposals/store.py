"""Proposals and answers in the staff database: who may do what to them, and what is deleted when."""

import re
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from twin.errors import UnknownNameError
from twin.words import Text
from web.proposals.proposal import Answered, Kept, Proposal, State
from web.staff.audit import note
from web.staff.database import Database
from web.staff.errors import RefusedError
from web.staff.limits import Limit, forget_old, take
from web.staff.secret import Secret
from web.staff.tables import AnswerRow, ProposalRow

PER_ADDRESS = Limit("answer", 10, timedelta(days=1))
"""From one address one plan is answered so often a day: a household, or a small office."""

LONGEST_TEXT = 1_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")

_NOT_OPEN = Text("Op dit plan kunt u nu niet antwoorden.", "This plan cannot be answered now.")
_NO_CHOICE = Text("Kies een van de antwoorden.", "Choose one of the answers.")
_LONG = Text(
    f"De toelichting heeft hoogstens {LONGEST_TEXT} tekens.",
    f"The explanation has at most {LONGEST_TEXT} characters.",
)
_NO_TOKEN = Text(
    "Het formulier is onvolledig. Laad de pagina opnieuw en verstuur het dan.",
    "The form is incomplete. Load the page again, and then send it.",
)
_ALREADY = Text(
    "Uit deze browser kwam al een antwoord. Dat blijft staan.",
    "This browser has answered already. That answer stands.",
)
_ANSWERED = Text(
    "Er zijn al antwoorden: het plan, de vraag en de antwoorden kunnen niet meer veranderen. Trek dit plan in en leg een nieuw plan voor.",
    "There are answers already: plan, question and choices can change no more. Withdraw this plan and publish a new one.",
)


class AlreadyAnsweredError(RefusedError):
    """This browser has answered already."""

    def __init__(self) -> None:
        super().__init__("answered already", [_ALREADY])


class Proposals:
    """The proposals of a place; each change is one transaction, with its entry in the log."""

    def __init__(self, database: Database, secret: Secret) -> None:
        self._database, self._secret = database, secret
        self._is_erased = False

    def all(self, *states: State) -> list[Kept]:
        """Return the proposals in some states, the newest in front."""
        with self._database.reading() as session:
            wanted = select(ProposalRow).where(ProposalRow.state.in_(states))
            rows = session.execute(wanted.order_by(ProposalRow.created_at.desc())).scalars()
            return [_kept(row) for row in rows]

    def one(self, id: str) -> Kept:
        """Return a proposal; UnknownNameError where there is none of that name."""
        with self._database.reading() as session:
            return _kept(_row(session, id))

    def publish(self, proposal: Proposal, *, by: str, now: datetime) -> str:
        """Put a plan to residents; return the name that its address has."""
        name = secrets.token_hex(5)
        with self._database.writing() as session:
            session.add(
                ProposalRow(
                    id=name,
                    state="published",
                    content=proposal.model_dump_json(),
                    created_at=now,
                    created_by=by,
                )
            )
            note(session, now, who=by, action="plan-published", what=name, title=proposal.title.nl)
        return name

    def edit(self, id: str, proposal: Proposal, *, by: str, now: datetime) -> None:
        """Change what is said of a plan; the log keeps what was there before.

        Raises
        ------
        UnknownNameError
            There is no such proposal.
        RefusedError
            There are answers, and what they answer would change.
        """
        with self._database.writing() as session:
            row = _row(session, id)
            before = _kept(row).proposal
            old, new = before.model_dump(mode="json"), proposal.model_dump(mode="json")
            changed = {name: old[name] for name in new if new[name] != old[name]}
            if {"plan", "question", "choices"} & set(changed) and _count(session, id):
                raise RefusedError("there are answers", [_ANSWERED])
            if changed:
                row.content = proposal.model_dump_json()
                note(session, now, who=by, action="plan-edited", what=id, before=changed)

    def set_state(self, id: str, state: State, *, by: str, now: datetime) -> None:
        """Publish again, withdraw or archive; UnknownNameError without such a proposal."""
        with self._database.writing() as session:
            row = _row(session, id)
            if row.state != state:
                note(session, now, who=by, action=f"plan-{state}", what=id, before=row.state)
                row.state = state

    def answer(
        self,
        id: str,
        choice: int | None,
        text: str,
        token: str,
        *,
        address: str,
        today: date,
        now: datetime,
    ) -> None:
        """Keep an answer: the choice, a text for staff, and a keyed hash of the browser's number.

        Raises
        ------
        UnknownNameError
            There is no such proposal.
        RefusedError
            With everything that is wrong with it; or this browser has answered already, or there
            have been too many from there today.
        """
        kept = self.one(id)
        text = "".join(c for c in text if c.isprintable() or c in "\n\t").strip()
        faults: list[Text] = []
        if kept.state != "published" or kept.proposal.stage(today) != "open":
            faults.append(_NOT_OPEN)
        if choice is None or not 0 <= choice < len(kept.proposal.choices):
            faults.append(_NO_CHOICE)
        if len(text) > LONGEST_TEXT:
            faults.append(_LONG)
        if not _TOKEN.fullmatch(token):
            faults.append(_NO_TOKEN)
        if faults or choice is None:
            raise RefusedError("this is no answer", faults)
        who = self._secret.hash("answer", id, token)
        from_there = self._secret.hash(id, self._secret.address(address))
        with self._database.writing() as session:
            if session.get(AnswerRow, (id, who)) is not None:
                raise AlreadyAnsweredError
            take(session, [(PER_ADDRESS, from_there)], now)
            session.add(AnswerRow(proposal=id, who=who, choice=choice, text=text or None))

    def answered(self, id: str) -> Answered:
        """Return what was answered; UnknownNameError without such a proposal."""
        with self._database.reading() as session:
            choices = _kept(_row(session, id)).proposal.choices
            found = session.execute(
                select(AnswerRow.choice, func.count())
                .where(AnswerRow.proposal == id)
                .group_by(AnswerRow.choice)
            )
            counts = {choice: count for choice, count in found}  # noqa: C416 rows are typed as tuples
            texts = session.execute(
                select(AnswerRow.choice, AnswerRow.text)
                .where(AnswerRow.proposal == id, AnswerRow.text.is_not(None))
                .order_by(AnswerRow.who)
            )
            said = tuple((choice, text) for choice, text in texts if text)
        return Answered(tuple(counts.get(at, 0) for at in range(len(choices))), said)

    def expire(self, today: date, now: datetime) -> None:
        """Delete the texts of answers of which the period is over, from the disk too."""
        with self._database.writing() as session:
            rows = session.execute(select(ProposalRow)).scalars()
            ended = [row.id for row in rows if _kept(row).proposal.ends_on < today]
            there = select(AnswerRow.who).where(
                AnswerRow.proposal.in_(ended), AnswerRow.text.is_not(None)
            )
            if session.execute(there.limit(1)).first() is not None:
                self._is_erased = False
            session.execute(
                update(AnswerRow).where(AnswerRow.proposal.in_(ended)).values(text=None)
            )
            forget_old(session, now)
        if not self._is_erased:
            self._is_erased = self._database.erase()


def _kept(row: ProposalRow) -> Kept:
    proposal = Proposal.model_validate_json(row.content)
    state: State = row.state  # pyright: ignore[reportAssignmentType] only states are written
    return Kept(row.id, state, proposal, row.created_at, row.created_by)


def _row(session: Session, name: str) -> ProposalRow:
    row = session.get(ProposalRow, name[:64])
    if row is None:
        raise UnknownNameError("there is no such plan")
    return row


def _count(session: Session, name: str) -> int:
    counted = select(func.count()).select_from(AnswerRow).where(AnswerRow.proposal == name)
    return session.execute(counted).scalar_one()
