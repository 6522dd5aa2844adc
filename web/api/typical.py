"""The typical week, from published figures only."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Origin
from web.api.answers import JSON, NOT_READY, USUAL, as_json, kept_answer
from web.api.asked import QuantityName
from web.api.models import Typical, TypicalLevel
from web.encoding import Content
from web.layers import encode
from web.site import Here, Site
from web.usual_file import typical_weeks

router = APIRouter(tags=["figures"])


@router.get("/typical", responses=NOT_READY)
def whole_weeks(request: Request, site: Here) -> Response:
    """Return the typical week of passers-by, parking and bicycle stands in every unit at once.

    Shares are per cents. `low` and `high` are where a usual week's figure lies nine times out of
    ten, and not how far off the mean may be.
    """
    return kept_answer(
        request, site, ("typical weeks",), lambda: Content(encode(typical_weeks(site.live)), JSON)
    )


@router.get("/typical/{quantity}", response_model=Typical, responses=USUAL)
def typical(
    request: Request,
    site: Here,
    quantity: QuantityName,
    origin: Annotated[Origin | None, Query(description="By default the first there is")] = None,
) -> Response:
    """Return what is usual in each unit at each hour of the week.

    It is the mean over all published weeks of the value as a share of what was covered, or
    scaled to what was not covered, with its standard error. On workdays it is weighed with what
    the other workdays say of that hour.
    """
    chosen = site.live.origin(quantity, origin)
    return kept_answer(
        request, site, ("typical", quantity, chosen), lambda: _typical(site, quantity, chosen)
    )


def _typical(site: Site, quantity: str, origin: Origin | None) -> Content:
    levels: list[TypicalLevel] = []
    if origin is not None:
        usual = site.live.usual(quantity, origin)
        for slot in usual.slots:
            units = usual.units(slot)
            at = usual.shown(slot, units)
            shown = at.levels()
            levels += [
                TypicalLevel(
                    unit=unit,
                    slot=slot,
                    weeks=int(weeks),
                    mean=round(mean, 6),
                    standard_error=round(sd, 6),
                )
                for unit, weeks, mean, sd in zip(
                    units, at.weeks.tolist(), shown.level.tolist(), shown.sd.tolist(), strict=True
                )
            ]
    return as_json(Typical(quantity=quantity, origin=origin, levels=levels))
