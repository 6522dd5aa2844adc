"""The register of algorithms, to read: one entry for each figure and each model."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Language
from web.api.privacy import algorithms_about
from web.pages.text import text_page, to_language
from web.site import Here

router = APIRouter(include_in_schema=False)


@router.get("/algorithms")
def algorithms_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_language(request, "algorithms")


@router.get("/{language}/algorithms")
def algorithms(request: Request, language: Language, site: Here) -> Response:
    """Show what `/api/v1/algorithms` says."""
    about = algorithms_about(site, language)
    return text_page(request, site, language, "algorithms", about=about)
