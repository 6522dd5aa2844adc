"""The API for whoever writes a program: a readable page, made from the OpenAPI description."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Language
from web.pages.text import text_page, to_language
from web.site import Here

router = APIRouter(include_in_schema=False)


@router.get("/api")
def programs_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_language(request, "api")


@router.get("/{language}/api")
def programs(request: Request, language: Language, site: Here) -> Response:
    """Describe every request of the API."""
    description: dict[str, Any] = request.app.openapi()
    requests = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["description"],
            "parameters": _parameters(operation),
        }
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
    origin = str(request.base_url).rstrip("/")
    return text_page(request, site, language, "api", requests=requests, origin=origin)


def _parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": one["name"], "description": one.get("description", ""), "where": one["in"]}
        for one in operation.get("parameters", [])
    ]
