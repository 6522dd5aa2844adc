"""The trade-off between privacy and accuracy, drawn over ρ, cell size and number of snapshots.

Exact counts are taken from the hidden truth once; noise of the right σ is added many times, and
the typical week is made of it as people see it. Devices' faults take no part.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.panels import Line, Panel, svg
from benchmarks.truth import Floats, TruePlace, Truth, cells_of
from twin.city import City
from twin.domains import CellRule, Quantity, load_domains
from twin.domains.parking import COUNT_HOURS
from twin.place.cells import build_cells
from twin.privacy.usual_week import UsualWeek

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "privacy-tradeoff.svg"

RHOS = (0.005, 0.01, 0.02, 0.05, 0.1)
DUMPED_RHOS = (0.02, 0.05, 0.1, 0.25, 0.5)
SIZES = (50, 100, 150, 200, 300)
SNAPSHOTS = {
    2: (3, 15),
    4: COUNT_HOURS,
    6: (3, 7, 10, 13, 16, 20),
    8: (0, 3, 6, 9, 12, 15, 18, 21),
}
RACK_SIZES = (40, 60, 80, 100, 160)
AREAS = (40, 80, 160)
DUMPED = 30
BUSY = 100
DRAWS = 20
WEEK_DAYS = 7
CELLS = 90
"""Percentile of cells: so many per cent of them are at or below what is drawn."""


def draw_tradeoff(city: City, true: TruePlace, *, first: int, days: int) -> dict[str, object]:
    """Draw the picture from the truth of some days; return what it shows."""
    quantities = {q.name: q for domain in load_domains() for q in domain.quantities}
    span = slice(first, first + days)
    panels = [
        _by_size(
            {size: true.parking(_cells(city, "parking", CellRule("bays", size))) for size in SIZES},
            span,
            quantities["parking_occupied"],
            title="Parking",
            what="spaces",
            today=_size("parking"),
        ),
        _by_snapshots(city, true, span, quantities["parking_occupied"]),
        _by_size(
            {
                size: true.racks(_cells(city, "bikes", CellRule("racks", size)))
                for size in RACK_SIZES
            },
            span,
            quantities["bikes_racked"],
            title="Bikes in racks",
            what="places",
            today=_size("bikes"),
        ),
        _footfall(city, true, span, quantities["footfall_passages"]),
        _dumped(city, quantities["bikes_dumped"]),
    ]
    PICTURE.write_text(
        svg(
            "What privacy costs in accuracy",
            "Central Helsinki, simulated: four weeks of exact counts with noise, against the truth"
            " of the same weeks. Smaller ρ: more privacy.",
            panels,
        ),
        encoding="utf-8",
    )
    return {
        f"{panel.title}: {line.name}": ", ".join(
            f"ρ {rho:g}: {value:.1f}" for rho, value in zip(panel.x, line.y, strict=True)
        )
        for panel in panels
        for line in panel.lines
    }


def _by_size(
    true: Mapping[int, Truth], span: slice, quantity: Quantity, *, title: str, what: str, today: int
) -> Panel:
    """Draw how big cells are: the truth by the least size of cells, and the size that is used."""
    hours = quantity.windows.hours
    lines = [
        Line(
            f"≥ {size} {what} ({len(truth.units)})",
            [_points(truth, span, hours, rho) for rho in RHOS],
        )
        for size, truth in true.items()
    ]
    often = "one count" if len(hours) == 1 else f"{len(hours)} snapshots"
    return Panel(
        title=f"{title}, typical week: how big cells are",
        note=f"{often} a day; number of cells in brackets",
        x_title="ρ a day (zCDP)",
        y_title="RMSE in 90 % of cells (points)",
        x=RHOS,
        lines=lines,
        required=5,
        today=(list(true).index(today), RHOS.index(quantity.rho_per_day)),
        y_step=2,
        y_top=14,
    )


def _by_snapshots(city: City, true: TruePlace, span: slice, quantity: Quantity) -> Panel:
    truth = true.parking(cells_of(city, "parking"))
    lines = [
        Line(f"{count} a day", [_points(truth, span, hours, rho) for rho in RHOS])
        for count, hours in SNAPSHOTS.items()
    ]
    return Panel(
        title="Parking, typical week: how many snapshots",
        note=f"cells of {_size('parking')} spaces or more",
        x_title="ρ a day (zCDP)",
        y_title="RMSE in 90 % of cells (points)",
        x=RHOS,
        lines=lines,
        required=5,
        today=(
            list(SNAPSHOTS).index(len(quantity.windows.hours)),
            RHOS.index(quantity.rho_per_day),
        ),
        y_step=2,
        y_top=14,
    )


def _dumped(city: City, quantity: Quantity) -> Panel:
    """Noise of a week in an area with 30 of them, in one cell or in many, and with 30 sightings."""

    def error(units: int, rho: float, of: float) -> float:
        return 100 * (units / (2 * rho) / WEEK_DAYS) ** 0.5 / of

    counts = {size: len(_cells(city, "bikes", CellRule("racks", size))) for size in AREAS}
    lines = [
        Line(f"{count} cells (≥ {size})", [error(count, rho, DUMPED) for rho in DUMPED_RHOS])
        for size, count in counts.items()
    ]
    lines.append(Line("one cell", [error(1, rho, DUMPED) for rho in DUMPED_RHOS]))
    in_week = [error(1, rho, DUMPED / WEEK_DAYS) for rho in DUMPED_RHOS]
    lines.append(Line("30 sightings", in_week))
    return Panel(
        title="Dumped bikes, a week: noise where there are 30",
        note="30 in an area of so many cells; or 30 sightings in a week in one cell",
        x_title="ρ a day (zCDP)",
        y_title="noise (% of the week’s figure)",
        x=DUMPED_RHOS,
        lines=lines,
        required=15,
        today=(len(lines) - 1, DUMPED_RHOS.index(quantity.rho_per_day)),
        y_step=5,
        y_top=50,
    )


def _footfall(city: City, true: TruePlace, span: slice, quantity: Quantity) -> Panel:
    truth = true.passages(cells_of(city, "footfall"))
    hours = range(24)
    these = _mean_week(truth.levels[span], hours)
    around = np.concatenate([truth.levels[: span.start], truth.levels[span.stop :]])
    other = _mean_week(around, hours)
    these_y: list[float] = []
    other_y: list[float] = []
    for rho in RHOS:
        level = _seen(truth, span, hours, (1 / (2 * rho)) ** 0.5, DRAWS // 4, is_share=False)
        these_y.append(_busy(level, these))
        other_y.append(_busy(level, other))
    return Panel(
        title="Footfall, typical week: hours above 100",
        note="32 cells of one hexagon; other weeks: six before, six after",
        x_title="ρ a passage (zCDP)",
        y_title="RMSE in 90 % of cells (%)",
        x=RHOS,
        lines=[Line("these weeks", these_y), Line("other weeks", other_y)],
        required=10,
        today=(0, RHOS.index(quantity.rho_per_day)),
        y_step=5,
        y_top=30,
    )


def _points(truth: Truth, span: slice, hours: Sequence[int], rho: float) -> float:
    """Return the RMSE, in points, of the typical week that 90 % of the cells stay within."""
    sigma = (len(hours) / (2 * rho)) ** 0.5
    level = _seen(truth, span, hours, sigma, DRAWS, is_share=True)
    off = level - _mean_week(truth.levels[span], hours)
    return 100 * float(np.percentile(np.sqrt((off**2).mean(axis=1)), CELLS))


def _busy(level: Floats, truth: Floats) -> float:
    is_busy = truth > BUSY
    off = np.where(is_busy, level / np.where(is_busy, truth, 1.0) - 1, np.nan)
    off = off[:, :, is_busy.any(axis=0)]
    return 100 * float(np.percentile(np.sqrt(np.nanmean(off**2, axis=1)), CELLS))


def _seen(
    truth: Truth, span: slice, hours: Sequence[int], sigma: float, draws: int, *, is_share: bool
) -> Floats:
    """Return typical weeks as people see them: (draws, slots, units)."""
    rng = np.random.default_rng(1)
    units = list(truth.units)
    exact = truth.counts[span][:, list(hours)]
    made: list[Floats] = []
    for _ in range(draws):
        noisy = exact + np.rint(rng.normal(0, sigma, exact.shape))
        weeks = (noisy / truth.capacity).reshape(-1, WEEK_DAYS, len(hours), len(units))
        slots = [24 * day + hour for day in range(WEEK_DAYS) for hour in hours]
        shape = (len(slots), len(units))
        noise = np.broadcast_to((sigma / truth.capacity) ** 2, shape)
        columns = {
            "weeks": np.full(shape, float(len(weeks))),
            "mean": weeks.mean(axis=0).reshape(shape),
            "spread": weeks.var(axis=0, ddof=1).reshape(shape),
            "noise": noise,
            "capacity": np.broadcast_to(truth.capacity, shape),
        }
        table = pa.table(
            {
                "slot": np.repeat(slots, len(units)),
                "unit": units * len(slots),
                **{name: np.ascontiguousarray(values).ravel() for name, values in columns.items()},
            }
        )
        week = UsualWeek(table, is_share=is_share)
        made.append(np.array([week.shown(slot, units).mean for slot in slots]))
    return np.array(made)


def _mean_week(levels: Floats, hours: Sequence[int]) -> Floats:
    """Return the mean week of whole weeks from a Monday on: (slots, units)."""
    chosen = levels[:, list(hours)]
    weeks = chosen.reshape(-1, WEEK_DAYS * len(hours), chosen.shape[2])
    return weeks.mean(axis=0)


def _cells(city: City, domain: str, rule: CellRule) -> dict[str, list[str]]:
    frame = build_cells(city, domain, rule)
    return {
        str(cell): list(hexes) for cell, hexes in zip(frame["cell"], frame["hexes"], strict=True)
    }


def _size(domain: str) -> int:
    return next(one.cells.at_least for one in load_domains() if one.name == domain)
