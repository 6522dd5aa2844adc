"""Whether the place is ready to use, for supervisors and load balancers."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from twin.errors import NotReadyError
from web.site import Here, Site

router = APIRouter(prefix="/api/v1", tags=["health"])


class Health(BaseModel):
    """Whether the place is ready, and if not, why."""

    status: Literal["ready", "not ready"]
    reason: str = ""
    progress: float | None = None


@router.get(
    "/health",
    response_model=Health,
    responses={503: {"model": Health, "description": "Not ready yet, with the reason"}},
)
def health(site: Here) -> Response:
    """Say whether figures are there and are kept up to date."""
    found = examine(site)
    ready = found.status == "ready"
    headers = {"Cache-Control": "no-store"} | ({} if ready else {"Retry-After": "5"})
    return JSONResponse(found.model_dump(), status_code=200 if ready else 503, headers=headers)


def examine(site: Site) -> Health:
    """Return whether the place is ready: imported, and the city process running and ready."""
    try:
        site.live.geography  # noqa: B018
    except NotReadyError as err:
        return Health(status="not ready", reason=str(err))
    status = site.live.status()
    if status is None:
        return Health(status="not ready", reason="the city process has not started yet")
    if not status.is_running:
        return Health(status="not ready", reason="the city process is not running")
    if status.state != "ready":
        return Health(status="not ready", reason=status.message.en, progress=status.progress)
    return Health(status="ready")
