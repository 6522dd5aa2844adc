"""``wijktwin scenario``: run plans, compare them, list and show them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.contributions import Contributions
    from scenarios.ensemble import Effects
    from scenarios.opened import OpenPlace
    from scenarios.shown import Line
    from scenarios.study import Study
    from scenarios.workers import Workers

scenario = typer.Typer(help="Try out plans: what would they do?", no_args_is_help=True)

_File = Annotated[
    str, typer.Argument(help="A plan: a YAML or JSON file, or the name of one that `list` shows")
]
_Runs = Annotated[int, typer.Option(help="Pairs of days to simulate", min=1, max=1000)]
_Seed = Annotated[int, typer.Option("--run-seed", help="Seed of all luck", min=0)]
_Workers = Annotated[
    int | None, typer.Option(help="Processes (by default as many as cores)", min=1)
]
_Prices = Annotated[
    Path | None, typer.Option(help="Table of costs of your own (TOML)", exists=True, dir_okay=False)
]


@scenario.command()
@with_settings("data", "place")
def run(
    settings: Settings,
    file: _File,
    *,
    runs: _Runs = 20,
    run_seed: _Seed = 1,
    workers: _Workers = None,
    prices: _Prices = None,
    each: Annotated[
        bool, typer.Option("--each", help="Say also what each measure contributes")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for tables, map data, report and record")
    ] = None,
    language: Annotated[
        Literal["nl", "en"], typer.Option(help="Language of the report: nl or en")
    ] = "nl",
) -> None:
    """Simulate the place with and without a plan, and say what the plan does."""
    from scenarios.output import write_all
    from wijktwin.screen import console, say

    study = _place(settings).study(file, runs=runs, seed=run_seed, prices=prices)
    with _pool(workers) as pool:
        effects = _run(study, pool)
        parts = _taken_apart(study, pool) if each else None
    for line in _heading(study, len(effects)):
        say(line)
    console.print(_table([study], [effects]))
    for line in _moves(study, effects):
        say(line)
    if parts is not None:
        console.print(_parts(effects, parts))
    if out is not None:
        for path in write_all(study, effects, out, language):
            say(f"Wrote {path}")


@scenario.command()
@with_settings("data", "place")
def compare(
    settings: Settings,
    files: Annotated[list[str], typer.Argument(help="Plans: files, or names that `list` shows")],
    *,
    runs: _Runs = 20,
    run_seed: _Seed = 1,
    workers: _Workers = None,
    prices: _Prices = None,
) -> None:
    """Simulate several plans and put their effects side by side."""
    from wijktwin.screen import console, say

    place = _place(settings)
    studies = [place.study(file, runs=runs, seed=run_seed, prices=prices) for file in files]
    _must_share_a_day(studies)
    with _pool(workers) as pool:
        effects = [_run(study, pool) for study in studies]
    for study, found in zip(studies, effects, strict=True):
        for line in _heading(study, len(found)):
            say(line)
    console.print(_table(studies, effects))


@scenario.command()
@with_settings("data", "place")
def sweep(
    settings: Settings,
    file: _File,
    over: Annotated[
        str,
        typer.Argument(help="What to vary: measure.field=first..last/step, as bays.count=0..40/4"),
    ],
    *,
    show: Annotated[
        list[str] | None, typer.Option(help="Indicators to show (by default those that change)")
    ] = None,
    runs: _Runs = 20,
    run_seed: _Seed = 1,
    workers: _Workers = None,
    prices: _Prices = None,
) -> None:
    """Simulate a plan over a range of one of its numbers."""
    from rich.table import Table

    from scenarios.errors import ScenarioError
    from scenarios.indicators import BY_NAME
    from scenarios.shown import lines
    from scenarios.sweep import Sweep, variants
    from wijktwin.screen import console

    unknown = sorted(set(show or ()) - set(BY_NAME))
    if unknown:
        raise ScenarioError(
            f"There is no indicator {unknown[0]!r}", [f"there are: {', '.join(BY_NAME)}"]
        )
    first = _place(settings).study(file, runs=runs, seed=run_seed, prices=prices)
    plans = list(variants(first.scenario, Sweep.read(over)))
    studies = [first.of_variant(plan) for _, plan in plans]
    with _pool(workers) as pool:
        found = [lines(_run(study, pool)) for study in studies]
    table = Table(over.partition("=")[0], *(f"{value:g}" for value, _ in plans), box=None)
    for rows in zip(*found, strict=True):
        one = rows[0].indicator
        if one.name in show if show else any(line.is_clear for line in rows):
            table.add_row(f"{one.title.en} ({one.unit.en})", *(_cell(line) for line in rows))
    console.print(table)


@scenario.command("list")
@with_settings("data", "place")
def list_(settings: Settings) -> None:
    """List the plans of the place: the built-in examples, and those in its plans folder."""
    from scenarios.errors import ScenarioError
    from scenarios.files import read_scenario
    from wijktwin.screen import say

    place = _place(settings)
    found = False
    for path in place.plans():
        try:
            plan = read_scenario(path)
        except ScenarioError as err:
            say(f"{path.stem:<40}{err.what}")
            continue
        if plan.place in {None, place.city.name}:
            found = True
            say(f"{path.stem:<40}{_words(plan.title) or plan.name}")
    if not found:
        say(
            f"No plans for {place.city.title} yet."
            f" Put files in {place.folder / 'plans'}; see docs/scenarios.md."
        )


@scenario.command()
@with_settings("data", "place")
def show(settings: Settings, file: _File, *, prices: _Prices = None) -> None:
    """Say what a plan changes and costs, without running it."""
    from scenarios.applying import cities
    from wijktwin.screen import say

    place = _place(settings)
    study = place.study(file, runs=1, prices=prices)
    for line in _heading(study, None):
        say(line)
    for measure, before in zip(
        study.scenario.measures, cities(study.scenario, place.city), strict=False
    ):
        say(f"  {measure.id}: {measure.describe(before).en}.")


def _place(settings: Settings) -> "OpenPlace":
    from scenarios.opened import open_place
    from wijktwin.folder import PlaceFolder

    return open_place(PlaceFolder(settings.data / settings.place).must_be_published().root)


def _pool(workers: int | None) -> "Workers":
    from scenarios.workers import Workers

    return Workers(workers or os.cpu_count() or 1)


def _run(study: "Study", pool: "Workers") -> "Effects":
    from wijktwin.screen import showing

    title = f"Simulating {study.scenario.name}"
    with showing(title) as report:
        return study.run(pool, lambda done, of: report(f"{title}: {done} of {of}", done / of))


def _taken_apart(study: "Study", pool: "Workers") -> "Contributions":
    from scenarios.contributions import contributions
    from wijktwin.screen import showing

    title = "Taking the measures apart"
    with showing(title) as report:
        return contributions(
            study, pool, lambda done, of: report(f"{title}: {done} of {of}", done / of)
        )


def _heading(study: "Study", pairs: int | None) -> list[str]:
    from scenarios.ensemble import FEW_RUNS
    from scenarios.shown import rounded

    plan = study.scenario
    lines = [f"{_words(plan.title) or plan.name} ({study.before.title}, {plan.day})"]
    if not study.calibration.is_calibrated:
        lines.append(
            "Not calibrated: everything about people here is assumed. Run wijktwin calibrate."
        )
    lines.append(
        f"Costs € {rounded(study.cost.investment_eur)} once and"
        f" € {rounded(study.cost.yearly_eur)} a year."
    )
    if pairs is not None:
        lines.append(
            f"Change: the median of {pairs} pairs of days and, in brackets, what 8 in 10 lie between."
        )
        if pairs < FEW_RUNS:
            lines.append(
                f"With only {pairs} pairs an effect looks clear sooner than it is: a first impression."
            )
    return lines


def _words(text: Any) -> str:
    return text if isinstance(text, str) else str(text.en)


def _table(studies: "Sequence[Study]", effects: "Sequence[Effects]") -> Any:
    from rich.table import Table

    from scenarios.indicators import GROUPS
    from scenarios.shown import lines, rounded

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


def _must_share_a_day(studies: "Sequence[Study]") -> None:
    """Raise ScenarioError where plans are about different days: their effects cannot be compared."""
    from scenarios.errors import ScenarioError

    if len({study.scenario.day for study in studies}) > 1:
        raise ScenarioError(
            "These plans are about different days; give them the same `day:` first",
            [f"{study.scenario.name}: {study.scenario.day}" for study in studies],
        )


def _cell(line: "Line") -> str:
    """Return a change with its interval, green where it is for the better and red where it is not."""
    change = line.change
    text = (
        f"{change.middle:+.3g} ({change.low:+.3g} to {change.high:+.3g})"
        if line.is_clear
        else line.words("en")
    )
    colour = {True: "green", False: "red", None: "default"}[line.is_good]
    return f"[{colour}]{text}[/]"


def _moves(study: "Study", effects: "Effects") -> list[str]:
    """Return where things go: changes within the plan's footprint and elsewhere."""
    from scenarios.shown import displaced
    from twin.place.frames import texts

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


def _parts(effects: "Effects", parts: "Contributions") -> Any:
    """Return what each measure contributes to the indicators that change clearly."""
    from rich.table import Table

    from scenarios.shown import lines

    table = Table("part of each measure", *parts.measures, "together", box=None)
    for line in lines(effects):
        if line.is_clear:
            cells = [
                f"{parts.of(measure, line.indicator.name).middle:+.3g}"
                for measure in parts.measures
            ]
            table.add_row(line.indicator.title.en, *cells, f"{line.change.middle:+.3g}")
    return table
