"""The pages: server-rendered, in Dutch and English, readable without script."""

from fastapi import FastAPI


def add_pages(app: FastAPI) -> None:
    """Add every page to the application."""
    from web.pages import home, static

    for router in (static.router, home.router):
        app.include_router(router)
