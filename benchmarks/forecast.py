"""Forecasts of real series beside the usual baselines: Auckland's counters and Aarhus's garages.

On every fifth (Aarhus: every) midnight of the part that was held out, the coming week is forecast
from what was known then: by ours, by the same hour last week, and by the mean of that hour of the
week in the whole past. Mean absolute errors are over the same hours for all three; an 80 % interval
should hold 80 % of them. ``python -m benchmarks forecast`` also writes the tables in
``docs/backtests.md``.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from scenarios.backtest.rolling import HORIZONS, Score, pooled
from wijktwin.recorded_series import RECORDED_FORECASTS, RecordedForecast, backtest_recorded

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "backtests.md"
FILES = {"aarhus-garages": ROOT.parent / "shared" / "data" / "aarhus-garages" / "occupancy.csv"}
"""Where recordings are that come with no package."""


def measure() -> dict[str, object]:
    found: dict[str, object] = {}
    for one in RECORDED_FORECASTS:
        path = FILES.get(one.source.name)
        if path is not None and not path.is_file():
            found[one.source.title] = f"not measured: there is no {path.relative_to(ROOT.parent)}"
            continue
        scores = backtest_recorded(one, path)
        found |= _summary(one, scores)
        _write(one.source.name, _tables(one, scores))
    return found


def _summary(one: RecordedForecast, scores: Sequence[Score]) -> dict[str, object]:
    return {
        f"{one.source.title}, {total.horizon}": (
            f"{_count([score for score in scores if score.horizon == total.horizon])}; MAE"
            f" {total.mae:.1f} {one.unit}, last week {total.mae_last_week:.1f}, seasonal mean"
            f" {total.mae_seasonal_mean:.1f}; interval holds {100 * total.held:.0f} %"
        )
        for total in pooled(scores)
    }


def _count(scores: Sequence[Score]) -> str:
    worse = [score.series for score in scores if not score.is_better]
    names = f" (not {', '.join(worse)})" if worse else ""
    return f"better than both at {len(scores) - len(worse)} of {len(scores)}{names}"


def _tables(one: RecordedForecast, scores: Sequence[Score]) -> list[str]:
    lines: list[str] = []
    for horizon in HORIZONS:
        of = [score for score in scores if score.horizon == horizon.name]
        lines += [
            f"**{horizon.name.capitalize()}** (hours {horizon.after + 1} to {horizon.until}):"
            f" {_count(of)}.",
            "",
            f"| series | ours ({one.unit}) | last week | seasonal mean | relative | interval holds |",
            "| --- | --- | --- | --- | --- | --- |",
            *(_row(score) for score in [*of, *pooled(of)]),
            "",
        ]
    return lines


def _row(score: Score) -> str:
    errors = (score.mae, score.mae_last_week, score.mae_seasonal_mean)
    cells = [score.series, *(f"{error:.1f}" for error in errors)]
    return f"| {' | '.join(cells)} | {score.relative:.2f} | {100 * score.held:.0f} % |"


def _write(name: str, lines: list[str]) -> None:
    """Put lines between the marks of that name in the page."""
    marks = re.compile(rf"(<!-- measured: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    filled = marks.sub(lambda at: at[1] + "\n".join(["", *lines]) + at[2], text)
    PAGE.write_text(filled, encoding="utf-8")
