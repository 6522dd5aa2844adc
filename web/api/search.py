"""Finding streets, addresses and names; offline, nothing that is typed is kept."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from twin.words import Language
from web.search import MOST, kind_words
from web.site import Here

router = APIRouter(prefix="/api/v1", tags=["place"])


class Found(BaseModel):
    """One thing found."""

    title: str = Field(examples=["Fredrikinkatu 12"])
    kind: str = Field(examples=["address"])
    kind_title: str
    layer: str
    key: str
    lon: float
    lat: float


class FoundAnswer(BaseModel):
    """What was found, the likeliest first."""

    found: list[Found]


@router.get("/search")
def search(
    site: Here,
    q: Annotated[str, Query(min_length=1, max_length=100, description="A name or a part of it")],
    language: Annotated[Language, Query(description="Language of the kinds")] = "nl",
    limit: Annotated[int, Query(ge=1, le=50)] = MOST,
) -> FoundAnswer:
    """Find streets, addresses, shops, stops and other names; small typos are forgiven."""
    words = site.pages.words(language)
    return FoundAnswer(
        found=[
            Found(
                title=hit.label,
                kind=hit.kind,
                kind_title=kind_words(words, hit.kind),
                layer=hit.layer,
                key=hit.key,
                lon=round(hit.lon, 6),
                lat=round(hit.lat, 6),
            )
            for hit in site.live.search.find(q, limit)
        ]
    )
