"""Who is signed in: a cookie in the browser of staff, and what a route asks of whoever comes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from web.site import Here, Site
from web.staff.accounts import Account, Role
from web.staff.errors import NotAllowedError, NotSignedInError
from web.staff.sessions import LONGEST


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has signed in, and the token of that session."""

    account: Account
    token: str

    @property
    def name(self) -> str:
        """The name of the account, as the audit log has it."""
        return self.account.name

    def may(self, role: Role | str) -> bool:
        """Return whether this is somebody with at least that role."""
        return self.account.role.includes(Role(role))


def signed_in(request: Request, site: Site) -> SignedIn | None:
    """Return who has signed in, None where nobody has."""
    token = request.cookies.get(_cookie(request))
    account = site.staff.accounts.signed_in(token, site.live.now()) if token else None
    return SignedIn(account, token) if account and token else None


def let_in(request: Request, answer: Response, token: str) -> None:
    """Give the browser the cookie of a session, which script cannot read and other sites cannot send."""
    answer.set_cookie(
        _cookie(request),
        token,
        max_age=round(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def let_out(request: Request, answer: Response) -> None:
    """Take the cookie back."""
    answer.delete_cookie(
        _cookie(request), httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )


def visitor(request: Request) -> str:
    """Return the address from which somebody asks."""
    return request.client.host if request.client else ""


def _cookie(request: Request) -> str:
    """Return the name of the cookie; browsers keep one called ``__Host-`` to this host and https."""
    return "__Host-staff" if request.url.scheme == "https" else "staff"


def _at_least(role: Role) -> Callable[[Request, Site], SignedIn]:
    def asked(request: Request, site: Here) -> SignedIn:
        found = signed_in(request, site)
        if found is None:
            raise NotSignedInError("sign in to see this")
        if not found.may(role):
            raise NotAllowedError(
                f"this is for the role {role.value}, and you are {found.account.role.value}"
            )
        return found

    return asked


LETS_VIEWERS_IN = Depends(_at_least(Role.VIEWER))
"""For routes that need not know who has signed in."""

Viewer = Annotated[SignedIn, LETS_VIEWERS_IN]
"""Whoever has signed in."""

Analyst = Annotated[SignedIn, Depends(_at_least(Role.ANALYST))]
"""Whoever may make and publish plans."""

Admin = Annotated[SignedIn, Depends(_at_least(Role.ADMIN))]
"""Whoever may see to accounts."""
