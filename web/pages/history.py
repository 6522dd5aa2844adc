"""The chosen place's recent figures, laid out as a chart and as a table."""

from dataclasses import dataclass
from math import isnan
from typing import Final

from twin.windows import WindowKind
from web.charts import Chart, Point, lay_out
from web.i18n import Words
from web.live import Live
from web.moments import At, period_words, short_words, slot_of
from web.pages.view import View
from web.scene import Certainty
from web.wording import figure_words

PERIODS: Final[dict[WindowKind, int]] = {"hour": 24, "snapshot": 28, "day": 28}
TICK_EVERY: Final[dict[WindowKind, int]] = {"hour": 3, "snapshot": 4, "day": 7}


@dataclass(frozen=True, slots=True)
class History:
    """A chart of the recent figures of one place, with a line for what is usual there."""

    chart: Chart
    rows: tuple[tuple[str, str], ...]
    title: str


def make_history(live: Live, words: Words, view: View) -> History | None:
    """Return the recent figures of the chosen place; None where there are none."""
    if view.chosen is None or view.origin is None or view.scene is None:
        return None
    name, kind, unit = view.quantity.name, view.quantity.windows.kind, view.chosen.unit
    periods = live.periods(name, view.origin)[-PERIODS[kind] :]
    usual = live.usual(name, view.origin)
    points: list[Point] = []
    rows: list[tuple[str, str]] = []
    for index, period in enumerate(periods):
        moment = At(period.start)
        mark = live.scene(name, view.origin, moment).mark(unit)
        if mark is None:
            continue
        start = period.start.astimezone(live.zone)
        mean = float(usual.shown(slot_of(period.start, live.zone), [unit]).mean[0])
        said = figure_words(words, view.quantity, mark)
        called = period_words(words, kind, period, live.zone)
        rows.append((called, said))
        is_tick = (
            start.hour % TICK_EVERY[kind] == 0 if kind == "hour" else index % TICK_EVERY[kind] == 0
        )
        label = short_words(words, kind, start)
        if kind == "snapshot":
            label = words.weekday(start.weekday())[:2]
        elif kind == "day":
            label = (
                f"{start.day}-{start.month}"
                if words.language == "nl"
                else f"{start.day}/{start.month}"
            )
        points.append(
            Point(
                label=label,
                title=f"{called}: {said}",
                level=None if mark.certainty is Certainty.SILENT else mark.level,
                low=0.0 if isnan(mark.low) else mark.low,
                high=0.0 if isnan(mark.high) else mark.high,
                usual=None if isnan(mean) else mean,
                is_chosen=moment == view.scene.moment,
                has_tick=is_tick,
            )
        )
    if not points:
        return None
    return History(_laid_out(words, view, points), tuple(reversed(rows)), _title(words, kind))


def _laid_out(words: Words, view: View, points: list[Point]) -> Chart:
    if view.quantity.is_share:
        top = 1.0
        labels = [(share, words.percent(share)) for share in (0.0, 0.5, 1.0)]
    else:
        top = max(
            [
                view.scene.breaks[1] if view.scene else 1.0,
                *(p.high for p in points),
                *(p.usual or 0.0 for p in points),
            ]
        )
        step = _step(top)
        labels = [(n * step, words.number(n * step)) for n in range(int(top / step) + 1)]
    return lay_out(points, top=top, y_labels=labels)


def _step(top: float) -> float:
    """Return a round step that divides an axis in two to five."""
    size = 1.0
    while True:
        for factor in (1, 2, 5):
            if top / (size * factor) <= 4:  # noqa: PLR2004
                return size * factor
        size *= 10


def _title(words: Words, kind: WindowKind) -> str:
    return {
        "hour": words.text("The last 24 hours"),
        "snapshot": words.text("The last seven days, four times a day"),
        "day": words.text("The last four weeks, day by day"),
    }[kind]
