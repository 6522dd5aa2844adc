"""What plans do: progress while it is worked out, and figures by street."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from twin.errors import NotReadyError, UnknownNameError
from web.api.answers import INVALID, NOT_READY
from web.encoding import Content, answer
from web.plans.link import read_plan
from web.plans.model import Model
from web.plans.streets import FIGURES, street_values
from web.plans.tries import Try
from web.site import Here
from web.spots import effects_around

router = APIRouter(tags=["plans"])

Plan = Annotated[
    str,
    Query(
        max_length=20_000,
        description="The plan as links have it: its file as JSON, zlib, base64url",
    ),
]
EVERY_S, LATER_S = 0.15, 0.5
"""How often to look how far a plan is: before its first days have been lived, and after."""
QUIET_S = 10.0


@router.get(
    "/effects/events",
    response_class=StreamingResponse,
    responses={
        **NOT_READY,
        **INVALID,
        200: {"content": {"text/event-stream": {}}, "description": "Progress until it is done"},
    },
)
async def events(site: Here, plan: Plan) -> StreamingResponse:
    """Work a plan's effects out, and say how far that is; closing the connection cancels it.

    `progress` carries how many pairs of simulated days have been lived, of how many, and how
    many other plans go before this one; the last has the state `done` or `failed`.
    """
    one = await run_in_threadpool(lambda: site.model.effects(read_plan(plan)))
    return StreamingResponse(
        _progress(site.model, one),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _progress(model: Model, one: Try) -> AsyncIterator[str]:
    """Tell how far a plan is until it is done; whoever sends this stops it when nobody listens."""
    said, quiet_s = "", 0.0
    while True:
        now = model.progress(one)
        content = {"state": now.state, "done": now.done, "of": now.of, "ahead": now.ahead}
        text = json.dumps(content, separators=(",", ":"))
        if text != said:
            yield f"event: progress\ndata: {text}\n\n"
            said, quiet_s = text, 0.0
        elif quiet_s > QUIET_S:
            yield ": still here\n\n"
            quiet_s = 0.0
        if now.state != "waiting":
            return
        pause_s = LATER_S if now.done else EVERY_S
        await asyncio.sleep(pause_s)
        quiet_s += pause_s


@router.get("/effects/streets", responses={**NOT_READY, **INVALID})
def streets(
    request: Request,
    site: Here,
    plan: Plan,
    figure: Annotated[str, Query(max_length=40, description="Which figure by street")],
    runs: Annotated[int, Query(ge=0, le=1000, description="How many pairs the page knows of")] = 0,  # noqa: ARG001 keeps browsers from mixing two of them up
) -> Response:
    """Return a figure by street: as it is now, and its change where there is any, with intervals.

    The order is that of the place's segments (`/place/layers/segments`).
    """
    if figure not in FIGURES:
        raise UnknownNameError(f"there is no figure {figure!r}; there are: {', '.join(FIGURES)}")
    one = site.model.effects(read_plan(plan))
    if one.result is None:
        raise NotReadyError("the first days of this plan are still being lived")
    values: dict[str, Any] = street_values(one.result, figure)
    content = Content(json.dumps(values, separators=(",", ":")).encode(), "application/json")
    return answer(request, content, cache="no-store")


@router.get("/effects/around", responses={**NOT_READY, **INVALID})
def around(
    request: Request,
    site: Here,
    plan: Plan,
    runs: Annotated[int, Query(ge=0, le=1000, description="How many pairs the page knows of")] = 0,  # noqa: ARG001 keeps browsers from mixing two of them up
) -> Response:
    """Return what a plan does around every spot of the place, so that none has to be asked for.

    Segments are positions in `/place/layers/segments`. `stands` has for each figure the segments
    (`at`) with one digit a pair of days (0 to 9, then a to z for 10 to 35 or more), now and,
    where `changed`, with the plan. `passes` has people and cars a day, as a median and its 10th
    and 90th percentile.
    """
    one = site.model.effects(read_plan(plan))
    if one.result is None:
        raise NotReadyError("the first days of this plan are still being lived")
    study, result = one.study, one.result
    values = effects_around(study.before, study.after, result)
    content = Content(json.dumps(values, separators=(",", ":")).encode(), "application/json")
    return answer(request, content, cache="no-store")
