"""How far the model can be believed: its errors on days held out, backtests, and fitting it anew."""

import logging
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from scenarios.backtest.kept import Backtests, backtests_file
from scenarios.calibration.calibration import ALL_DAYS, Calibration
from scenarios.errors import BacktestError
from scenarios.report.belief import days, judged
from scenarios.report.speech import Speech
from scenarios.shown import plain
from twin.words import Language
from web.pages.staff.parts import done, staff_page
from web.site import Here, Site
from web.staff.door import Analyst, Viewer

router = APIRouter(include_in_schema=False)

_log = logging.getLogger(__name__)


@router.get("/{language}/staff/calibration")
def calibration(request: Request, language: Language, site: Here, me: Viewer) -> Response:
    """Show what is known of the model's errors."""
    found, say = site.model.calibration, Speech(language)
    return staff_page(
        request, site, language, me, "calibration",
        fitted=days(found, say),
        rows=_rows(found, say),
        state=site.workbench.calibrating.state,
        backtests=_backtests(site),
        number=partial(plain, digits=2, language=language),
    )  # fmt: skip


@router.post("/{language}/staff/calibration")
def calibrate(
    language: Language,
    site: Here,
    me: Analyst,
    do: Annotated[Literal["start", "stop"], Form()],
) -> Response:
    """Begin to fit the model to the published figures, or stop that."""
    if do == "start":
        site.workbench.calibrating.start(by=me.name)
    else:
        site.workbench.calibrating.stop(by=me.name)
    return done(language, "/calibration")


def _rows(found: Calibration, say: Speech) -> list[tuple[Any, str]]:
    """Return how each figure did, and by how much a typical week is off, in the same unit."""
    whole = [fit for fit in found.fits if fit.day == ALL_DAYS]
    parts = [fit.usual / fit.rmse if fit.rmse else 0.0 for fit in whole]
    return list(zip(judged(found.fits, say), [say.number(part, 2) for part in parts], strict=True))


def _backtests(site: Site) -> Backtests | None:
    path = backtests_file(site.model.place.folder)
    if not path.exists():
        return None
    try:
        return Backtests.read(path)
    except BacktestError:
        _log.exception("the backtests cannot be shown")
        return None
