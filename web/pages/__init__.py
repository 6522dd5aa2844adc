"""The pages: server-rendered, in Dutch and English, readable without script."""

from fastapi import FastAPI

from web.pages import (
    about,
    algorithms,
    devices,
    home,
    my_home,
    privacy,
    programs,
    proposals,
    shops,
    staff,
    static,
    street,
    street_feeds,
    try_out,
)

ROUTERS = (
    static.router,
    home.router,
    my_home.router,
    shops.router,
    try_out.router,
    proposals.router,
    street.router,
    street_feeds.router,
    about.router,
    privacy.router,
    algorithms.router,
    devices.router,
    programs.router,
    *staff.ROUTERS,
)


def add_pages(app: FastAPI) -> None:
    """Add every page to the application."""
    for router in ROUTERS:
        app.include_router(router)
