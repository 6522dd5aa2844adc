"""Accounts of staff: who may sign in, and as what."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from twin.errors import UnknownNameError
from twin.words import Text
from web.staff import sessions
from web.staff.audit import note
from web.staff.database import Database
from web.staff.errors import RefusedError
from web.staff.limits import Limit, forget, take
from web.staff.passwords import Passwords, password_faults
from web.staff.secret import Secret
from web.staff.tables import AccountRow, new_id

PER_ACCOUNT = Limit("sign-in-account", 10, timedelta(minutes=15))
PER_ADDRESS = Limit("sign-in-address", 30, timedelta(minutes=15))

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
_WRONG = Text(
    "De naam of het wachtwoord klopt niet, of dit account is uitgeschakeld.",
    "The name or the password is wrong, or this account is disabled.",
)
_BAD_NAME = Text(
    "Een naam heeft 2 tot 64 tekens: letters, cijfers en . _ @ -",
    "A name has 2 to 64 characters: letters, digits and . _ @ -",
)
_TAKEN = Text("Er is al een account met deze naam.", "There is an account of this name already.")
_OLD_WRONG = Text("Het huidige wachtwoord klopt niet.", "The present password is wrong.")


class Role(StrEnum):
    """What somebody may do; each role may do all that those before it may."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Return whether this role may do all that another may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the rest of the program sees it."""

    id: str
    name: str
    role: Role
    is_enabled: bool
    created_at: datetime

    @classmethod
    def of(cls, row: AccountRow) -> "Account":
        """Return the account in a row."""
        return cls(row.id, row.name, Role(row.role), row.is_enabled, row.created_at)


def local(name: str) -> str:
    """Return the identity of somebody for whom this site itself vouches, by a password."""
    return f"local:{name}"


class Accounts:
    """The accounts; each change is one transaction, with its entry in the audit log."""

    def __init__(self, database: Database, secret: Secret, passwords: Passwords) -> None:
        self._database, self._secret, self._passwords = database, secret, passwords

    def all(self) -> list[Account]:
        """Return every account by name."""
        with self._database.reading() as session:
            rows = session.execute(select(AccountRow).order_by(AccountRow.name)).scalars()
            return [Account.of(row) for row in rows]

    def named(self, name: str) -> Account:
        """Return the account of a name; UnknownNameError where there is none."""
        with self._database.reading() as session:
            return Account.of(_named(session, name))

    def add(self, name: str, role: Role, password: str, *, by: str, now: datetime) -> Account:
        """Add an account.

        Raises
        ------
        RefusedError
            With everything that is wrong with its name and password.
        """
        faults = [] if _written(name) else [_BAD_NAME]
        name = _written(name)
        faults += password_faults(password, name)
        if any(account.name == name for account in self.all()):
            faults.append(_TAKEN)
        if faults:
            raise RefusedError("this account cannot be added", faults)
        kept = self._passwords.hash(password)
        with self._database.writing() as session:
            row = AccountRow(
                id=new_id(now),
                name=name,
                identity=local(name),
                role=role.value,
                is_enabled=True,
                password_hash=kept,
                created_at=now,
            )
            if _find(session, local(name)) is not None:
                raise RefusedError("this account cannot be added", [_TAKEN])
            session.add(row)
            note(session, now, who=by, action="account-added", what=name, role=role.value)
            return Account.of(row)

    def set_role(self, name: str, role: Role, *, by: str, now: datetime) -> None:
        """Give an account another role, and end its sessions; UnknownNameError without one."""
        with self._database.writing() as session:
            row = _named(session, name)
            before, row.role = row.role, role.value
            sessions.end_all(session, row.id)
            note(
                session,
                now,
                who=by,
                action="role-changed",
                what=row.name,
                before=before,
                after=role,
            )

    def set_enabled(self, name: str, *, is_enabled: bool, by: str, now: datetime) -> None:
        """Let an account sign in again, or no more; its sessions end. UnknownNameError without one."""
        with self._database.writing() as session:
            row = _named(session, name)
            row.is_enabled = is_enabled
            sessions.end_all(session, row.id)
            action = "account-enabled" if is_enabled else "account-disabled"
            note(session, now, who=by, action=action, what=row.name)

    def set_password(self, name: str, password: str, *, by: str, now: datetime) -> None:
        """Give an account another password, end its sessions, and let it be tried anew.

        Raises
        ------
        UnknownNameError
            There is no such account.
        RefusedError
            With everything that is wrong with the password.
        """
        if faults := password_faults(password, _written(name)):
            raise RefusedError("this password will not do", faults)
        kept = self._passwords.hash(password)
        with self._database.writing() as session:
            row = _named(session, name)
            row.password_hash = kept
            sessions.end_all(session, row.id)
            forget(session, PER_ACCOUNT, self._secret.hash("account", row.name))
            note(session, now, who=by, action="password-changed", what=row.name)

    def change_own_password(
        self, account: Account, old: str, new: str, *, address: str, now: datetime
    ) -> str:
        """Change a password by who knows it; return the token of a new session, all others end.

        Raises
        ------
        RefusedError
            The present password is wrong, or the new one will not do.
        TooOftenError
            It was tried too often.
        """
        if faults := password_faults(new, account.name):
            raise RefusedError("this password will not do", faults)
        if self._checked(account.name, old, address=address, now=now) is None:
            raise RefusedError("this password will not do", [_OLD_WRONG])
        self.set_password(account.name, new, by=account.name, now=now)
        with self._database.writing() as session:
            return sessions.start(session, account.id, now)

    def sign_in(self, name: str, password: str, *, address: str, now: datetime) -> str:
        """Return the token of a new session of who knows the password.

        An unknown account, a wrong password and a disabled account give the same answer, after the
        same work.

        Raises
        ------
        RefusedError
            It cannot be opened with this.
        TooOftenError
            This account, or from this address, was tried too often.
        """
        name = _written(name)
        kept = self._checked(name, password, address=address, now=now)
        if kept is None:
            raise RefusedError("not signed in", [_WRONG])
        anew = self._passwords.hash(password) if self._passwords.is_old(kept) else kept
        with self._database.writing() as session:
            row = _find(session, local(name))
            if row is None or not row.is_enabled or row.password_hash != kept:
                raise RefusedError("not signed in", [_WRONG])
            row.password_hash = anew
            forget(session, PER_ACCOUNT, self._secret.hash("account", row.name))
            note(session, now, who=row.name, action="signed-in", what=row.name)
            return sessions.start(session, row.id, now)

    def signed_in(self, token: str, now: datetime) -> Account | None:
        """Return the account of a session, and note that it is used; None where it has ended."""
        with self._database.reading() as session:
            row = sessions.find(session, token, now)
            account = Account.of(row) if row else None
            is_due = account is not None and sessions.is_due(session, token, now)
        if is_due:
            with self._database.writing() as session:
                sessions.see(session, token, now)
        return account

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as session:
            sessions.end(session, token)

    def _checked(self, name: str, password: str, *, address: str, now: datetime) -> str | None:
        """Return what is kept of the password of an account if that is right and it is enabled."""
        tries = [
            (PER_ACCOUNT, self._secret.hash("account", name)),
            (PER_ADDRESS, self._secret.address(address)),
        ]
        with self._database.writing() as session:
            take(session, tries, now)
            row = _find(session, local(name))
            kept = row.password_hash if row and row.is_enabled else None
        return kept if self._passwords.is_right(kept, password) else None


def _written(name: str) -> str:
    """Return a name as it is kept; nothing where it cannot be one."""
    name = name.strip().casefold()
    return name if _NAME.fullmatch(name) else ""


def _find(session: Session, identity: str) -> AccountRow | None:
    return session.execute(select(AccountRow).where(AccountRow.identity == identity)).scalar()


def _named(session: Session, name: str) -> AccountRow:
    row = session.execute(select(AccountRow).where(AccountRow.name == _written(name))).scalar()
    if row is None:
        raise UnknownNameError(f"there is no account {name[:64]!r}")
    return row
