"""For makers of devices: the payloads."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sensors.schemas import payload_schemas
from web.encoding import Content, answer
from web.site import Here

router = APIRouter(prefix="/api/v1/devices", tags=["devices"])


@router.get(
    "/schemas",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "JSON Schemas by domain"}},
)
def schemas(request: Request, site: Here) -> Response:
    """Return the JSON Schema of the payloads of every domain, with an example of each reading."""
    content = site.live.kept.get(("schemas",), lambda: _content(payload_schemas(site.live.domains)))
    return answer(request, content)


def _content(schemas: dict[str, Any]) -> Content:
    import json

    return Content(json.dumps(schemas, ensure_ascii=False, indent=1).encode(), "application/json")
