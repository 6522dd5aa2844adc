"""Published figures."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from web.api.answers import USUAL, kept_answer
from web.api.asked import Asked
from web.api.formats import MEDIA_TYPES, Format, negotiated, write
from web.api.models import Release
from web.site import Here

router = APIRouter(tags=["figures"])

_IN_FORMATS = {  # pyright: ignore[reportUnknownVariableType]
    200: {
        "description": "The figures, ordered by period, origin and unit",
        "content": {media_type: {} for media_type in MEDIA_TYPES.values()},
    }
}


@router.get("/releases/{quantity}", response_model=Release, responses={**USUAL, **_IN_FORMATS})  # noqa: FAST003
def releases(
    request: Request,
    site: Here,
    asked: Asked,
    wanted: Annotated[
        Format | None,
        Query(alias="format", description="How to have them; otherwise the Accept header decides"),
    ] = None,
) -> Response:
    """Return figures as published: with their noise, unrounded and never clipped."""
    chosen = negotiated(request, wanted)
    quantity = site.live.reader.quantity(asked.quantity)
    return kept_answer(
        request,
        site,
        ("releases", asked, chosen),
        lambda: write(site, quantity, asked.read(site), chosen),
        headers={"Vary": "Accept"},
    )
