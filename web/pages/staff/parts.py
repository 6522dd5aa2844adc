"""What pages of staff have in common."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twin.words import Language
from web.encoding import Content, answer
from web.pages.home import HTML
from web.site import Site
from web.staff.door import SignedIn
from web.staff.errors import RefusedError


def staff_page(
    request: Request,
    site: Site,
    language: Language,
    me: SignedIn | None,
    name: str,
    *,
    faults: Sequence[str] = (),
    status: int = 200,
    **values: Any,
) -> Response:
    """Answer with the template ``staff/{name}.html``, which is kept nowhere.

    The template knows ``me`` and ``faults``, which the page shows above everything else.
    """
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    html = site.pages.render(
        language,
        f"staff/{name}.html",
        path=f"{request.url.path}{query}",
        me=me,
        faults=tuple(faults),
        now=site.live.now(),
        **values,
    )
    return answer(request, Content(html.encode(), HTML), status=status, cache="no-store")


def status_of(err: RefusedError) -> int:
    """Return the status with which a page says why something was refused."""
    from web.errors import status_of as of_error

    return of_error(err).value


def done(language: Language, page: str = "") -> Response:
    """Send the browser to a page of staff, after something was done."""
    return RedirectResponse(f"/{language}/staff{page}", status_code=303)
