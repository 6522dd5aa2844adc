"""Whether the site is ready to use."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from web.api.models import Health
from web.site import Here, Site

router = APIRouter(tags=["live"])


@router.get(
    "/health",
    response_model=Health,
    responses={503: {"model": Health, "description": "Not ready, and why"}},
)
def health(site: Here) -> JSONResponse:
    """Answer 200 when there is a place and figures are being kept up to date; else 503 with why."""
    said = _health(site)
    return JSONResponse(
        said.model_dump(),
        status_code=200 if said.status == "ready" else 503,
        headers={"Cache-Control": "no-store"},
    )


def _health(site: Site) -> Health:
    status = site.live.status()
    if not site.live.has_place:
        reason = status.message.en if status else "no place has been imported yet"
        return Health(
            status="starting", reason=reason, progress=status.progress if status else None
        )
    if status is None:
        return Health(status="starting", reason="the city process has not started yet")
    if not status.is_running:
        reason = f"the city process does not run: it was last heard of at {status.updated_at}"
        return Health(status="stopped", reason=reason)
    if status.state == "stopping":
        return Health(status="stopped", reason=status.message.en)
    if status.state != "ready":
        return Health(status="starting", reason=status.message.en, progress=status.progress)
    return Health(status="ready", reason="")
