"""Accounts, and the audit log: for admins."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Language, Text
from web.pages.staff.parts import done, staff_page, status_of
from web.site import Here, Site
from web.staff.accounts import Role
from web.staff.audit import entries
from web.staff.door import Admin, SignedIn
from web.staff.errors import RefusedError
from web.staff.passwords import SHORTEST

router = APIRouter(include_in_schema=False)

ENTRIES = 100
"""So many changes stand on one page of the audit log."""

_NOT_YOURSELF = Text(
    "Uw eigen account kan hier alleen een ander wijzigen.",
    "Only somebody else can change your own account here.",
)


class NewAccount(BaseModel):
    """What is filled in for a new account."""

    name: Annotated[str, Field(max_length=200)] = ""
    role: Role = Role.VIEWER
    password: Annotated[str, Field(max_length=1000)] = ""


class AccountChange(BaseModel):
    """One change to an account."""

    name: Annotated[str, Field(max_length=200)] = ""
    do: Literal["role", "enable", "disable", "password"]
    role: Role = Role.VIEWER
    password: Annotated[str, Field(max_length=1000)] = ""


@router.get("/{language}/staff/accounts")
def accounts(request: Request, language: Language, site: Here, me: Admin) -> Response:
    """Show the accounts."""
    return _page(request, site, language, me)


@router.post("/{language}/staff/accounts")
def add(
    request: Request,
    language: Language,
    site: Here,
    me: Admin,
    asked: Annotated[NewAccount, Form()],
) -> Response:
    """Add an account."""
    try:
        site.staff.accounts.add(
            asked.name, asked.role, asked.password, by=me.name, now=site.live.now()
        )
    except RefusedError as err:
        return _page(request, site, language, me, asked, err)
    return done(language, "/accounts")


@router.post("/{language}/staff/accounts/change")
def change(
    request: Request,
    language: Language,
    site: Here,
    me: Admin,
    asked: Annotated[AccountChange, Form()],
) -> Response:
    """Change an account; its sessions end."""
    try:
        _change(site, me, asked)
    except RefusedError as err:
        return _page(request, site, language, me, None, err)
    return done(language, "/accounts")


@router.get("/{language}/staff/audit")
def audit(
    request: Request,
    language: Language,
    site: Here,
    me: Admin,
    before: str | None = None,
) -> Response:
    """Show what was changed, the newest in front."""
    with site.staff.database.reading() as session:
        found = entries(session, most=ENTRIES + 1, before=before)
    return staff_page(
        request, site, language, me, "audit",
        entries=found[:ENTRIES],
        older=found[ENTRIES - 1].id if len(found) > ENTRIES else None,
    )  # fmt: skip


def _change(site: Site, me: SignedIn, asked: AccountChange) -> None:
    accounts, now = site.staff.accounts, site.live.now()
    if asked.name.strip().casefold() == me.name:
        raise RefusedError("this account is yours", [_NOT_YOURSELF])
    match asked.do:
        case "role":
            accounts.set_role(asked.name, asked.role, by=me.name, now=now)
        case "enable" | "disable":
            is_enabled = asked.do == "enable"
            accounts.set_enabled(asked.name, is_enabled=is_enabled, by=me.name, now=now)
        case "password":
            accounts.set_password(asked.name, asked.password, by=me.name, now=now)


def _page(
    request: Request,
    site: Site,
    language: Language,
    me: SignedIn,
    asked: NewAccount | None = None,
    err: RefusedError | None = None,
) -> Response:
    return staff_page(
        request, site, language, me, "accounts",
        accounts=site.staff.accounts.all(),
        roles=list(Role),
        asked=asked or NewAccount(),
        shortest=SHORTEST,
        faults=err.told(language) if err else (),
        status=status_of(err) if err else 200,
    )  # fmt: skip
