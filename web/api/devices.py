"""What devices send."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sensors.schemas import payload_schemas
from web.api.answers import as_json, kept_answer
from web.api.models import DeviceSchemas
from web.site import Here

router = APIRouter(tags=["devices"])


@router.get("/devices/schemas", response_model=DeviceSchemas)
def schemas(request: Request, site: Here) -> Response:
    """Return the JSON Schemas of the payloads, made from the models that check them."""
    return kept_answer(
        request,
        site,
        ("schemas",),
        lambda: as_json(DeviceSchemas(schemas=payload_schemas(site.live.domains))),
    )
