"""The web process: one FastAPI application, wired from its parts."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from twin.domains import Domain
from twin.errors import WijktwinError
from twin.privacy.public import PublicReader
from web.api import DESCRIPTION, TAGS, add_api
from web.assets import Assets
from web.errors import add_error_answers
from web.feed import Feed
from web.guard import Guard
from web.headers import SecurityHeaders
from web.live import Live
from web.pages import add_pages
from web.plans.model import Model
from web.plans.tries import Tries
from web.proposals.store import Proposals
from web.site import Broker, Pages, Site
from web.staff.passwords import RFC_9106
from web.staff.staff import Staff
from web.studies.calibrating import Calibrating
from web.studies.workbench import Workbench

_log = logging.getLogger(__name__)

TEND_S = 60.0
"""How often is looked whether something is kept no longer."""

THREADS = 8
"""How many requests are worked on at once: each thread has a cursor of its own."""


def create_app(
    *,
    place_directory: Path,
    domains: Sequence[Domain],
    now: Callable[[], datetime],
    mqtt_host: str = "127.0.0.1",
    mqtt_port: int = 1883,
    poll_s: float = 1.0,
    processes: int = 2,
    prepares_plans: bool = False,
    hasher: PasswordHasher = RFC_9106,
) -> FastAPI:
    """Return the application for one place.

    Parameters
    ----------
    place_directory
        The place's directory; of the city process, only ``public/`` and ``ops/`` are ever read.
        What people bring in here is kept in ``staff/``.
    now
        The wall's time, in UTC.
    mqtt_host, mqtt_port
        The broker's address, as the page for makers of devices names it.
    poll_s
        How often the files are looked at for new figures.
    processes
        How many processes work out what plans do; with 1, it is done in this one.
    prepares_plans
        Whether to compile the model, and live its first days, before anybody asks: about a minute
        of work the first time.
    hasher
        How the passwords of staff are hashed.
    """
    reader = PublicReader(place_directory, domains)
    live = Live(reader, domains, now)
    assets = Assets()
    tries = Tries(processes=processes)
    model = Model(place_directory, live, tries)
    staff = Staff(place_directory, hasher=hasher)
    proposals = Proposals(staff.database, staff.secret)
    broker = Broker(mqtt_host, mqtt_port)
    calibrating = Calibrating(staff.database, place_directory, domains, now, processes=processes)
    workbench = Workbench.of(staff, place_directory, model, tries, calibrating)
    site = Site(
        live,
        assets,
        Pages(live, assets),
        Feed(),
        broker,
        model,
        staff,
        proposals,
        place_directory / "public",
        workbench,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        await run_in_threadpool(staff.open)
        await run_in_threadpool(site.refresh)
        tending = asyncio.create_task(_tend(site))
        watching = asyncio.create_task(_watch(site, poll_s, prepares_plans=prepares_plans))
        warming = asyncio.create_task(run_in_threadpool(assets.warm))
        tries.open()
        await run_in_threadpool(workbench.open)
        yield
        watching.cancel()
        tending.cancel()
        await run_in_threadpool(tries.close)
        await run_in_threadpool(workbench.close)
        site.feed.close()
        for task in (watching, tending):
            with suppress(asyncio.CancelledError):
                await task
        await warming
        staff.close()
        reader.close()

    app = FastAPI(
        title="Wijktwin",
        version="1",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.site = site
    add_api(app)
    add_pages(app)
    add_error_answers(app)
    app.add_middleware(Guard)
    app.add_middleware(SecurityHeaders)
    return app


async def _tend(site: Site) -> None:
    """Delete what is kept no longer, from the start on and every minute."""
    while True:
        try:
            await run_in_threadpool(tend, site)
        except (WijktwinError, SQLAlchemyError):
            _log.exception("what is kept no longer could not be deleted; trying again")
        await asyncio.sleep(TEND_S)


def tend(site: Site) -> None:
    """Delete what is kept no longer today."""
    if site.live.has_place:
        now = site.live.now()
        site.proposals.expire(now.astimezone(site.live.zone).date(), now)


async def _watch(site: Site, every_s: float, *, prepares_plans: bool) -> None:
    """Take up new files, and tell open pages what changed; prepare plans once all is running."""
    said, prepared = site.said(), ""
    changed: set[str] = set()
    while True:
        await asyncio.sleep(every_s)
        try:
            changed |= await run_in_threadpool(site.refresh)
            if prepares_plans and site.is_running and prepared != site.live.geography.version:
                prepared = site.live.geography.version
                await run_in_threadpool(site.model.prepare)
            before, said = said, site.said()
        except Exception:  # noqa: BLE001 whatever happens once, open pages must go on hearing of changes
            _log.exception("the public files could not be read; trying again")
            continue
        if changed:
            site.feed.changed(changed)
            changed = set()
        if said != before:
            site.feed.tell("status", said)
