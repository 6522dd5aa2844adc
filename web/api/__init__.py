"""The API: the same public figures for programs."""

from typing import Final

from fastapi import FastAPI

from web.api import (
    coverage,
    devices,
    effects,
    events,
    health,
    place,
    privacy,
    releases,
    search,
    typical,
    weekly,
)

ROUTERS: Final = (
    health.router,
    place.router,
    releases.router,
    typical.router,
    weekly.router,
    coverage.router,
    search.router,
    devices.router,
    privacy.router,
    effects.router,
    events.router,
)

TAGS: Final = [
    {"name": "place", "description": "The neighbourhood, its public layers and its subjects."},
    {"name": "figures", "description": "Protected figures, as published; they never change."},
    {"name": "devices", "description": "What devices send."},
    {
        "name": "privacy",
        "description": "Sensors and whose they are, algorithms, and what was spent.",
    },
    {"name": "plans", "description": "What a change to the neighbourhood would do: simulated."},
    {"name": "live", "description": "How the site is doing, and what changes."},
]

DESCRIPTION: Final = """
Protected figures about one neighbourhood, and the public layers they are about.

Every figure carries noise that was drawn once, when its period ended: the same request gives the
same answer, for ever. A value may therefore be below zero; that is how it stays unbiased. `null`
means that too few devices were alive to call it measured. No reading of any device can be had here.
"""


def add_api(app: FastAPI) -> None:
    """Add the API to the application."""
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
