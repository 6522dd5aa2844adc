"""What plans do, as tables and lines in the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from scenarios.indicators import GROUPS
from scenarios.parking_balance import MOMENTS
from scenarios.report.side_by_side import shown
from scenarios.shown import displaced, lines, rounded
from twin.place.frames import texts

if TYPE_CHECKING:
    from scenarios.comparison import Comparison
    from scenarios.contributions import Contributions
    from scenarios.ensemble import Effects
    from scenarios.shown import Line
    from scenarios.study import Study

_COLOURS = {True: "green", False: "red", None: "default"}


def effects_table(studies: Sequence["Study"], effects: Sequence["Effects"]) -> Table:
    """Return every indicator now, and its change by each plan."""
    table = Table("", "now", *(study.scenario.name for study in studies), box=None)
    found = list(zip(*(lines(one) for one in effects), strict=True))
    for group, title in GROUPS.items():
        table.add_row(f"[bold]{title.en}[/]")
        for rows in found:
            one = rows[0].indicator
            if one.group == group:
                now = f"{rounded(rows[0].before.middle, 3)} {one.unit.en}"
                table.add_row(f"  {one.title.en}", now, *(_cell(line) for line in rows))
    return table


def futures_tables(comparison: "Comparison") -> list[Table]:
    """Return for each plan every indicator in each future, marked where it holds in all."""
    tables: list[Table] = []
    for number, plan in enumerate(comparison.plans):
        table = Table(f"[bold]{plan}[/]", *comparison.futures, "in all futures", box=None)
        for one in comparison.held(number):
            colour = _COLOURS[one.is_good]
            mark = f"[bold {colour}]● {one.words('en')}[/]" if one.holds else ""
            table.add_row(one.indicator.title.en, *(_cell(line) for line in one.lines), mark)
        tables.append(table)
    return tables


def balance_table(studies: Sequence["Study"]) -> Table:
    """Return the parking balance now and with each plan: spaces left, and asked for of those there."""
    names = [study.scenario.name for study in studies]
    table = Table("parking balance by norms (spaces left)", "now", *names, box=None)
    balances = [studies[0].balances[0], *(study.balances[1] for study in studies)]
    for at, moment in enumerate(MOMENTS.values()):
        cells = [
            f"[{'red' if one.left[at] < 0 else 'default'}]{one.left[at]:+,.0f}"
            f" ({one.asked[at]:,.0f} of {one.supply:,})[/]"
            for one in balances
        ]
        table.add_row(moment.en, *cells)
    return table


def sweep_table(
    over: str, values: Sequence[float], effects: Sequence["Effects"], show: Sequence[str]
) -> Table:
    """Return the indicators that change clearly somewhere, or those named, for each value."""
    table = Table(over, *(f"{value:g}" for value in values), box=None)
    for row in shown(effects, show):
        one = row[0].indicator
        table.add_row(f"{one.title.en} ({one.unit.en})", *(_cell(line) for line in row))
    return table


def parts_table(effects: "Effects", parts: "Contributions") -> Table:
    """Return what each measure contributes to the indicators that change clearly."""
    table = Table("part of each measure", *parts.measures, "together", box=None)
    for line in lines(effects):
        if line.is_clear:
            cells = [
                f"{parts.of(measure, line.indicator.name).middle:+.3g}"
                for measure in parts.measures
            ]
            table.add_row(line.indicator.title.en, *cells, f"{line.change.middle:+.3g}")
    return table


def moves(study: "Study", effects: "Effects") -> list[str]:
    """Return where things go: changes within the plan's footprint and elsewhere."""
    found = ["Where it goes (here: within 60 m of what changes):"]
    names = texts(study.before.segments, "name")
    streets = dict(zip(map(str, study.before.segments["segment"]), names, strict=True))
    for moved in displaced(effects, study.is_inside(), study.length_m):
        named = {streets.get(segment) or segment: change for segment, change in moved.most}
        most = ", ".join(f"{name} {change.middle:+.3g}" for name, change in named.items())
        found.append(
            f"  {moved.figure.title.en}: {moved.inside.middle:+.3g} {moved.unit.en} here,"
            f" {moved.outside.middle:+.3g} elsewhere{f' (most: {most})' if most else ''}"
        )
    return found


def _cell(line: "Line") -> str:
    """Return a change with its interval, green where it is for the better and red where it is not."""
    change = line.change
    text = (
        f"{change.middle:+.3g} ({change.low:+.3g} to {change.high:+.3g})"
        if line.is_clear
        else line.words("en")
    )
    return f"[{_COLOURS[line.is_good]}]{text}[/]"
