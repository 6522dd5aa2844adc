"""Pages of text: they come in both languages, and without one in the address the browser decides."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twin.words import Language
from web.encoding import Content, answer
from web.pages.home import HTML, VARY
from web.site import Site, language_of


def to_language(request: Request, name: str) -> Response:
    """Send people to a page in the language that their browser asks for."""
    return RedirectResponse(f"/{language_of(request)}/{name}", status_code=307, headers=VARY)


def text_page(
    request: Request, site: Site, language: Language, name: str, **values: Any
) -> Response:
    """Answer with a page of text."""
    html = site.pages.render(language, f"{name}.html", path=f"/{language}/{name}", **values)
    return answer(request, Content(html.encode(), HTML))
