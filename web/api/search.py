"""Finding streets, addresses and names."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Language
from web.api.answers import INVALID, NOT_READY, as_json
from web.api.models import Found, SearchAnswer
from web.encoding import answer
from web.search import MOST, kind_words
from web.site import Here

router = APIRouter(tags=["place"])


@router.get("/search", response_model=SearchAnswer, responses={**NOT_READY, **INVALID})
def search(
    request: Request,
    site: Here,
    q: Annotated[str, Query(max_length=100, description="What to look for; also while typing")],
    language: Annotated[Language, Query(description="For the kinds of what is found")] = "en",
    limit: Annotated[int, Query(ge=1, le=50)] = MOST,
) -> Response:
    """Find streets, addresses, stops, shops and names, the best first. Nothing leaves this site."""
    words = site.pages.words(language)
    found = [
        Found(
            kind=hit.kind,
            kind_title=kind_words(words, hit.kind),
            label=hit.label,
            layer=hit.layer,
            key=hit.key,
            lon=hit.lon,
            lat=hit.lat,
        )
        for hit in site.live.search.find(q, limit)
    ]
    return answer(request, as_json(SearchAnswer(found=found)), cache="no-store")
