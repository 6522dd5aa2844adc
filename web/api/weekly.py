"""Weekly figures, from published figures only."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from twin.privacy.columns import rows
from twin.words import Origin
from web.api.answers import USUAL, as_json, kept_answer
from web.api.asked import QuantityName
from web.api.models import Weekly, WeeklyLevel
from web.encoding import Content
from web.site import Here, Site

router = APIRouter(tags=["figures"])


@router.get("/weekly/{quantity}", response_model=Weekly, responses=USUAL)
def weekly(
    request: Request,
    site: Here,
    quantity: QuantityName,
    origin: Annotated[Origin | None, Query(description="By default the first there is")] = None,
) -> Response:
    """Return the mean level of each unit in each week, the week that is under way included.

    It is the mean over the days on which it was measured, with its standard error. Of something
    that stays, such as a bike left behind, it is how many there were on a day of that week.
    """
    chosen = site.live.origin(quantity, origin)
    return kept_answer(
        request, site, ("weekly", quantity, chosen), lambda: _weekly(site, quantity, chosen)
    )


def _weekly(site: Site, quantity: str, origin: Origin | None) -> Content:
    if origin is None:
        return as_json(Weekly(quantity=quantity, origin=None, levels=[]))
    found = site.live.reader.weekly(quantity, origin, site.live.geography.place.timezone)
    levels = [
        WeeklyLevel(
            unit=row["unit"],
            week=row["week"],
            level=round(row["level"], 6),
            standard_error=round(row["sd"], 6),
            days=row["days"],
        )
        for row in rows(found)
    ]
    return as_json(Weekly(quantity=quantity, origin=origin, levels=levels))
