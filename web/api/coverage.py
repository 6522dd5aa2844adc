"""How much was measured: which units had enough devices alive, per period."""

from itertools import groupby
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from twin.privacy.columns import rows
from web.api.answers import USUAL, as_json, kept_answer
from web.api.asked import Asked, AskedFigures
from web.api.models import Coverage, WindowCoverage
from web.encoding import Content
from web.site import Here, Site

router = APIRouter(tags=["figures"])


@router.get("/coverage/{quantity}", response_model=Coverage, responses=USUAL)  # noqa: FAST003
def coverage(request: Request, site: Here, asked: Asked) -> Response:
    """Return how much was measured in each period, and which units were silent.

    It follows from devices' heartbeats only, never from what they saw.
    """
    return kept_answer(request, site, ("coverage", asked), lambda: _coverage(site, asked))


def _coverage(site: Site, asked: AskedFigures) -> Content:
    windows = [
        _window(list(group))
        for _, group in groupby(
            rows(asked.read(site)),
            key=lambda row: (row["window_start"], row["window_end"], row["origin"]),
        )
    ]
    return as_json(Coverage(quantity=asked.quantity, windows=windows))


def _window(units: list[dict[str, Any]]) -> WindowCoverage:
    capacity = sum(row["capacity"] for row in units)
    silent = [row["unit"] for row in units if row["value"] is None]
    return WindowCoverage(
        window_start=units[0]["window_start"],
        window_end=units[0]["window_end"],
        origin=units[0]["origin"],
        units=len(units),
        measured=len(units) - len(silent),
        share_covered=round(sum(row["covered"] for row in units) / capacity, 6)
        if capacity
        else 0.0,
        silent=silent,
    )
