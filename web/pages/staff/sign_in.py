"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twin.words import Language
from web.pages.staff.parts import done, staff_page, status_of
from web.site import Here
from web.staff.door import let_in, let_out, signed_in, visitor
from web.staff.errors import RefusedError, TooOftenError

router = APIRouter(include_in_schema=False)


class SignInForm(BaseModel):
    """What is filled in to sign in."""

    name: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""
    next: Annotated[str, Field(max_length=20_000)] = ""


@router.get("/{language}/staff/sign-in")
def form(request: Request, language: Language, site: Here, next: str = "") -> Response:
    """Ask for a name and a password; who has signed in already goes on."""
    if signed_in(request, site):
        return RedirectResponse(_onward(language, next), status_code=303)
    return staff_page(request, site, language, None, "sign_in", asked=SignInForm(next=next))


@router.post("/{language}/staff/sign-in")
def sign_in(
    request: Request, language: Language, site: Here, asked: Annotated[SignInForm, Form()]
) -> Response:
    """Sign somebody in, and send them to where they were going."""
    try:
        token = site.staff.accounts.sign_in(
            asked.name, asked.password, address=visitor(request), now=site.live.now()
        )
    except RefusedError as err:
        faults = err.told(language)
        page = staff_page(
            request, site, language, None, "sign_in",
            asked=asked, faults=faults, status=status_of(err),
        )  # fmt: skip
        if isinstance(err, TooOftenError):
            page.headers["Retry-After"] = str(err.wait_s)
        return page
    answer = RedirectResponse(_onward(language, asked.next), status_code=303)
    let_in(request, answer, token)
    return answer


@router.post("/{language}/staff/sign-out")
def sign_out(request: Request, language: Language, site: Here) -> Response:
    """End the session."""
    me = signed_in(request, site)
    if me:
        site.staff.accounts.sign_out(me.token)
    answer = done(language, "/sign-in")
    let_out(request, answer)
    return answer


def _onward(language: Language, wanted: str) -> str:
    """Return where to go: a page of staff that was asked for, never another site."""
    start = f"/{language}/staff"
    is_ours = wanted == start or wanted.startswith((f"{start}/", f"{start}?"))
    return wanted if is_ours and wanted.isprintable() and "\\" not in wanted else start
