"""What the twin is for, and what it refuses to do."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Language
from web.pages.text import text_page, to_language
from web.site import Here

if TYPE_CHECKING:
    from twin.domains import Quantity

router = APIRouter(include_in_schema=False)


@router.get("/about")
def about_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_language(request, "about")


@router.get("/{language}/about")
def about(request: Request, language: Language, site: Here) -> Response:
    """Explain the twin."""
    protected: list[tuple[str, Quantity]] = [
        (domain.title.into(language), quantity)
        for domain in site.live.domains
        for quantity in domain.quantities
    ]
    layers = site.live.geography.place.layers.values() if site.live.has_place else ()
    return text_page(request, site, language, "about", protected=protected, layers=list(layers))
