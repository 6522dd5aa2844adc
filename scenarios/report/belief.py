"""How far a report can be trusted, in words: calibration, held-out errors, what is assumed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan

from scenarios.calibration.calibration import ALL_DAYS, Calibration, Fit
from scenarios.future import Future
from scenarios.report.speech import Speech
from scenarios.report.streets import shares_assumed
from scenarios.report.words import LAYERS, NBSP, ORIGINS, QUANTITIES, day
from scenarios.shown import signed
from twin.city import City
from twin.words import Text

PER_CENT = Text("%", "%")
_POINTS = "percentage points"


@dataclass(frozen=True, slots=True)
class Judged:
    """One quantity on the days held out, in words."""

    title: str
    count: str
    off_by: str
    bias: str
    explained: str
    held: str


def judged(fits: Sequence[Fit], say: Speech) -> list[Judged]:
    """Return how the played day did on days that it had not seen."""
    return [_judged(fit, say) for fit in fits if fit.day == ALL_DAYS]


def _judged(fit: Fit, say: Speech) -> Judged:
    title, unit = QUANTITIES.get(fit.quantity, (Text(fit.quantity, fit.quantity), Text("", "")))
    times = 100.0 if unit.en == _POINTS else 1.0
    bias = "–" if isnan(fit.bias) else signed(fit.bias * times, 2, say.language)
    return Judged(
        title=say.text(title),
        count=say.number(float(fit.count), 6),
        off_by=say.amount(fit.rmse * times, unit, 2),
        bias=f"{bias}{NBSP}{say.text(unit)}",
        explained=say.number(fit.r2, 2),
        held=say.amount(100 * fit.held, PER_CENT, 2),
    )


def days(calibration: Calibration, say: Speech) -> str:
    """Return on which days the played day was set and judged; empty if on none."""
    if calibration.fitted is None or calibration.held_out is None:
        return ""
    spans = [_span(*period, say) for period in (calibration.fitted, calibration.held_out)]
    origins = [say.text(ORIGINS.get(one, Text(one, one))) for one in calibration.origins]
    return say("fitted", fitted=spans[0], held=spans[1], origins=say.listing(origins))


def _span(since: str, until: str, say: Speech) -> str:
    """Return the days [since, until) as people count them, the last one included."""
    first, last = date.fromisoformat(since), date.fromisoformat(until) - timedelta(days=1)
    return say("until", since=day(first, say.language), until=day(last, say.language))


def assumptions(city: City, say: Speech) -> str:
    """Return which parts of the map are assumed; empty if none are."""
    parts = [
        say(
            "assumed_share",
            share=say.amount(100 * share, PER_CENT, 2),
            layer=say.text(LAYERS[name]),
        )
        for name, share in shares_assumed(city, list(LAYERS)).items()
    ]
    return say("assumed", layers=say.listing(parts)) if parts else ""


def future_words(future: Future | None, say: Speech) -> str:
    """Return which demand is supposed; empty if today's."""
    if future is None:
        return ""
    changed = [
        ("future_cars", future.car_ownership),
        ("future_people", future.population),
        ("future_shopping", future.shopping),
    ]
    parts = [say(name, x=say.number(value)) for name, value in changed if value != 1]
    name = f"{future.name} ({future.year})" if future.year else future.name
    return say("future", future="; ".join([name, *parts]))
