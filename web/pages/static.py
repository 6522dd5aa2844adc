"""Files that never change under their address, and the few that browsers ask for by name."""

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from web.assets import PREFIX
from web.encoding import IMMUTABLE, answer
from web.site import Here

router = APIRouter(include_in_schema=False)


@router.get(PREFIX + "/{mark}/{name}")
def asset(request: Request, site: Here, mark: str, name: str) -> Response:
    """Send a file."""
    content = site.assets.find(mark, name)
    if content is None:
        raise HTTPException(404)
    return answer(request, content, cache=IMMUTABLE)


@router.get("/robots.txt")
def robots() -> PlainTextResponse:
    """Let search engines read the pages, and leave the API alone."""
    return PlainTextResponse("User-agent: *\nDisallow: /api/\n")
