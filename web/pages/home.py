"""The neighbourhood: words, a list, the map and a table, for one quantity at one moment."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twin.place.search import Hit
from twin.words import Language
from web.encoding import Content, answer
from web.pages.parts import page_parts
from web.pages.view import Asked, AskedQuery, View, make_view
from web.search import MOST, kind_words, spot
from web.site import Here, Site, address, language_of

router = APIRouter(include_in_schema=False)

HTML = "text/html; charset=utf-8"
VARY = {"Vary": "Accept-Language"}


@router.get("/")
def front(request: Request) -> Response:
    """Send people to the page in the language that their browser asks for."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{language_of(request)}/{query}", status_code=307, headers=VARY)


@router.get("/{language}/")
def home(request: Request, language: Language, site: Here, asked: AskedQuery) -> Response:
    """Show the neighbourhood."""
    return answer(request, _kept(site, language, asked, _page))


def _kept(
    site: Site,
    language: Language,
    asked: Asked,
    make: Callable[[Site, View], Content],
) -> Content:
    key = ("page", language, asked, site.live.moment_of_change())
    words = site.pages.words(language)
    return site.live.kept.get(key, lambda: make(site, make_view(site.live, words, asked)))


def _page(site: Site, view: View) -> Content:
    parts = page_parts(site, view)
    html = site.pages.render(
        view.language,
        "home.html",
        path=view.href(),
        found=_found(site, view),
        **parts,
    )
    return Content(html.encode(), HTML)


def _found(site: Site, view: View) -> list[tuple[Hit, str, str]] | None:
    """Return what was searched for, its kind and its address; None where nothing was."""
    if not view.asked.q:
        return None
    words = site.pages.words(view.language)
    return [
        (
            hit,
            kind_words(words, hit.kind),
            address(f"/{view.language}/", show=view.quantity.name, spot=spot(hit)),
        )
        for hit in site.live.search.find(view.asked.q, MOST)
    ]
