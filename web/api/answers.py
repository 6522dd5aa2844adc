"""Answers that are made once and kept until figures change."""

from collections.abc import Callable, Hashable
from typing import Any, Final

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from web.api.models import Fault
from web.encoding import Content, answer
from web.site import Site

JSON: Final = "application/json"

Responses = dict[int | str, dict[str, Any]]

NOT_FOUND: Final[Responses] = {
    404: {"model": Fault, "description": "There is nothing of that name"}
}
NOT_READY: Final[Responses] = {
    503: {"model": Fault, "description": "No place has been imported yet"}
}
INVALID: Final[Responses] = {422: {"model": Fault, "description": "What is wrong with the request"}}
USUAL: Final[Responses] = {**NOT_FOUND, **NOT_READY, **INVALID}


def as_json(model: BaseModel) -> Content:
    """Write an answer as JSON."""
    return Content(model.model_dump_json().encode(), JSON)


def kept_answer(
    request: Request,
    site: Site,
    key: tuple[Hashable, ...],
    make: Callable[[], Content],
    *,
    headers: dict[str, str] | None = None,
) -> Response:
    """Send an answer, made only if data changed since it was last asked for."""
    whole_key = ("api", *key, site.live.moment_of_change())
    return answer(request, site.live.kept.get(whole_key, make), headers=headers)
