"""Where staff begin, and their own password."""

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Language, Text
from web.pages.staff.parts import done, staff_page, status_of
from web.pages.text import to_language
from web.site import Here
from web.staff.door import Viewer, let_in, visitor
from web.staff.errors import RefusedError
from web.staff.passwords import SHORTEST

router = APIRouter(include_in_schema=False)

_NOT_THE_SAME = Text(
    "De twee nieuwe wachtwoorden zijn niet gelijk.", "The two new passwords are not the same."
)


class PasswordForm(BaseModel):
    """What is filled in to change one's own password."""

    old: Annotated[str, Field(max_length=1000)] = ""
    new: Annotated[str, Field(max_length=1000)] = ""
    again: Annotated[str, Field(max_length=1000)] = ""


@router.get("/staff")
def staff_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_language(request, "staff")


@router.get("/{language}/staff")
def start(request: Request, language: Language, site: Here, me: Viewer) -> Response:
    """Show what there is to do."""
    return staff_page(request, site, language, me, "start")


@router.get("/{language}/staff/password")
def password_form(
    request: Request, language: Language, site: Here, me: Viewer, changed: bool = False
) -> Response:
    """Ask for another password."""
    return staff_page(
        request, site, language, me, "password", shortest=SHORTEST, is_changed=changed
    )


@router.post("/{language}/staff/password")
def password(
    request: Request,
    language: Language,
    site: Here,
    me: Viewer,
    asked: Annotated[PasswordForm, Form()],
) -> Response:
    """Change one's own password; every other session of the account ends."""
    try:
        _must_be_the_same(asked)
        token = site.staff.accounts.change_own_password(
            me.account, asked.old, asked.new, address=visitor(request), now=site.live.now()
        )
    except RefusedError as err:
        return staff_page(
            request, site, language, me, "password",
            shortest=SHORTEST, is_changed=False, faults=err.told(language), status=status_of(err),
        )  # fmt: skip
    answer = done(language, "/password?changed=true")
    let_in(request, answer, token)
    return answer


def _must_be_the_same(asked: PasswordForm) -> None:
    if asked.new != asked.again:
        raise RefusedError("this password will not do", [_NOT_THE_SAME])
