"""A study as files, and how far it is: downloads, and server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from scenarios.comparison import AS_PLANNED, Comparison
from scenarios.files import scenario_yaml
from scenarios.output import (
    as_geopackage,
    as_geoparquet,
    comparison_csv,
    indicators_csv,
    streets_frame,
    sweep_csv,
)
from scenarios.report.page import report_html
from scenarios.report.pdf import report_pdf
from scenarios.report.side_by_side import comparison_html, sweep_html
from twin.errors import UnknownNameError
from twin.words import Language
from web.encoding import Content, answer
from web.site import Here
from web.staff.door import LETS_VIEWERS_IN
from web.studies.queue import Queue
from web.studies.results import Found, read
from web.studies.study import KeptStudy, State
from web.studies.workbench import Workbench

router = APIRouter(include_in_schema=False, dependencies=[LETS_VIEWERS_IN])

EVERY_S, QUIET_S = 0.4, 10.0

_HTML = "text/html; charset=utf-8"
_CSV = "text/csv; charset=utf-8"

Make = Callable[[Found, Language], bytes]

OF_VARIANT: Mapping[str, tuple[str, Make]] = {
    "report.html": (_HTML, lambda one, said: report_html(one.study, one.effects, said).encode()),
    "report.pdf": ("application/pdf", lambda one, said: report_pdf(one.study, one.effects, said)),
    "one-page.pdf": (
        "application/pdf",
        lambda one, said: report_pdf(one.study, one.effects, said, is_short=True),
    ),
    "indicators.csv": (_CSV, lambda one, _: indicators_csv(one.effects).encode()),
    "streets.parquet": (
        "application/vnd.apache.parquet",
        lambda one, _: as_geoparquet(streets_frame(one.study, one.effects)),
    ),
    "streets.gpkg": (
        "application/geopackage+sqlite3",
        lambda one, _: as_geopackage(streets_frame(one.study, one.effects)),
    ),
    "record.json": (
        "application/json",
        lambda one, _: json.dumps(one.study.record(), indent=2, ensure_ascii=False).encode(),
    ),
}
"""Files of a variant in a future, by their name."""


@router.get("/{language}/staff/studies/{study}/events")
async def events(
    request: Request,
    language: Language,  # noqa: ARG001 part of the address
    site: Here,
    study: str,
) -> StreamingResponse:
    """Say how far a study is, until it is no longer worked on."""
    queue = site.workbench.queue
    await run_in_threadpool(queue.progress, study)
    return StreamingResponse(
        _progress(request, queue, study),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _progress(request: Request, queue: Queue, study: str) -> AsyncIterator[str]:
    said, quiet_s = "", 0.0
    while not await request.is_disconnected():
        try:
            now = await run_in_threadpool(queue.progress, study)
        except UnknownNameError:
            return
        content = {"state": now.state, "done": now.done, "of": now.of, "ahead": now.ahead}
        text = json.dumps(content, separators=(",", ":"))
        if text != said:
            yield f"event: progress\ndata: {text}\n\n"
            said, quiet_s = text, 0.0
        elif quiet_s > QUIET_S:
            yield ": still here\n\n"
            quiet_s = 0.0
        if not now.state.is_busy:
            return
        await asyncio.sleep(EVERY_S)
        quiet_s += EVERY_S


@router.get("/{language}/staff/studies/{study}/variants/{variant}/plan.yaml")
def plan_file(
    request: Request,
    language: Language,  # noqa: ARG001 part of the address
    site: Here,
    study: str,
    variant: str,
) -> Response:
    """Send the plan of a variant as a file."""
    plan = site.workbench.studies.get(study).variant(variant).plan
    content = scenario_yaml(plan).encode()
    return _file(request, content, "application/yaml; charset=utf-8", f"{plan.name}.yaml")


@router.get("/{language}/staff/studies/{study}/variants/{variant}/{name}")
def variant_file(
    request: Request,
    language: Language,
    site: Here,
    study: str,
    variant: str,
    name: str,
    future: str = "",
) -> Response:
    """Send a file of a variant in a future."""
    if name not in OF_VARIANT:
        raise UnknownNameError(f"there is no such file; there are: {', '.join(OF_VARIANT)}")
    kept = _finished(site.workbench, study)
    one = kept.variant(variant)
    chosen = next((each for each in kept.futures if each.name == future), None)
    if kept.futures and chosen is None:
        chosen = kept.futures[0]
    found = read(site.model, kept, one, chosen, site.workbench.studies.folder(study))
    media_type, make = OF_VARIANT[name]
    in_future = f"-{chosen.name}" if chosen else ""
    return _file(request, make(found, language), media_type, f"{one.plan.name}{in_future}-{name}")


@router.get("/{language}/staff/studies/{study}/files/{name}")
def study_file(request: Request, language: Language, site: Here, study: str, name: str) -> Response:
    """Send a file of all variants side by side."""
    kept = _finished(site.workbench, study)
    comparison = _comparison(site.workbench, kept)
    made: dict[str, tuple[str, Callable[[], str]]] = {
        "comparison.html": (_HTML, lambda: comparison_html(comparison, language)),
        "comparison.csv": (_CSV, lambda: comparison_csv(comparison)),
        "sweep.html": (_HTML, lambda: _sweep(kept, comparison, language)["html"]),
        "sweep.csv": (_CSV, lambda: _sweep(kept, comparison, language)["csv"]),
    }
    if name not in made:
        raise UnknownNameError(f"there is no such file; there are: {', '.join(made)}")
    media_type, make = made[name]
    return _file(request, make().encode(), media_type, name)


def _finished(bench: Workbench, study: str) -> KeptStudy:
    kept = bench.studies.get(study)
    if kept.state is not State.DONE:
        raise UnknownNameError("this study has not been worked out")
    return kept


def _comparison(bench: Workbench, kept: KeptStudy) -> Comparison:
    folder = bench.studies.folder(kept.id)
    found = [
        [read(bench.model, kept, variant, future, folder) for future in kept.futures or (None,)]
        for variant in kept.variants
    ]
    return Comparison(
        [one.name for one in kept.futures] or [AS_PLANNED],
        [[one.study for one in of_plan] for of_plan in found],
        [[one.effects for one in of_plan] for of_plan in found],
    )


def _sweep(kept: KeptStudy, comparison: Comparison, language: Language) -> dict[str, Any]:
    """Return the first range of values of a study as a page and a table."""
    rows = sorted(
        (one.value, at)
        for at, one in enumerate(kept.variants)
        if one.sweep and one.value is not None
    )
    if not rows:
        raise UnknownNameError("there is no range of values in this study")
    over = next(one.sweep for one in kept.variants if one.sweep)
    chosen = [at for _, at in rows if kept.variants[at].sweep == over]
    values = [value for value, at in rows if at in chosen]
    studies = [comparison.studies[at][0] for at in chosen]
    effects = [comparison.effects[at][0] for at in chosen]
    return {
        "html": sweep_html(over, values, studies, effects, language),
        "csv": sweep_csv(over, values, effects),
    }


def _file(request: Request, content: bytes, media_type: str, name: str) -> Response:
    sent = {"Content-Disposition": f'attachment; filename="{name}"'}
    return answer(request, Content(content, media_type), cache="no-store", headers=sent)
