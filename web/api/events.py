"""Server-sent events: which quantities have new figures, and whether the city process runs."""

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from web.api.answers import NOT_READY
from web.site import Here

router = APIRouter(tags=["live"])


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={
        **NOT_READY,
        200: {
            "content": {"text/event-stream": {}},
            "description": "Events, as long as one listens",
        },
    },
)
async def events(site: Here) -> StreamingResponse:
    """Keep the connection open and send an event when figures change.

    `changed` carries the names of the quantities with new figures (and `place` when the place
    was imported again); `status` says whether figures are being kept up to date.
    """
    return StreamingResponse(
        site.feed.listen(site.said()),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
