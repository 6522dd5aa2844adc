"""The API: the same public figures for programs."""

from fastapi import FastAPI


def add_api(app: FastAPI) -> None:
    """Add the API to the application."""
    from web.api import devices, events, health, place, releases, search

    for part in (health, place, releases, devices, search, events):
        app.include_router(part.router)
