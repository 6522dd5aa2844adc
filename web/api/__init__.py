"""The API: the same public figures for programs."""

from fastapi import FastAPI


def add_api(app: FastAPI) -> None:
    """Add the API to the application."""
    from web.api import events

    app.include_router(events.router)
