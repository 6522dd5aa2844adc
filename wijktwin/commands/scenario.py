"""``wijktwin scenario``: run plans, compare them, list and show them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.ensemble import Effects
    from scenarios.opened import OpenPlace
    from scenarios.study import Study
    from scenarios.workers import Workers

scenario = typer.Typer(help="Try out plans: what would they do?", no_args_is_help=True)

_File = Annotated[
    str, typer.Argument(help="A plan: a YAML or JSON file, or the name of one that `list` shows")
]
_Runs = Annotated[int, typer.Option(help="Pairs of days to simulate", min=1, max=1000)]
_Seed = Annotated[int, typer.Option(help="Seed of all luck", min=0)]
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
    seed: _Seed = 1,
    workers: _Workers = None,
    prices: _Prices = None,
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

    study = _place(settings).study(file, runs=runs, seed=seed, prices=prices)
    with _pool(workers) as pool:
        effects = _run(study, pool)
    for line in _heading(study, len(effects)):
        say(line)
    console.print(_table([study], [effects]))
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
    seed: _Seed = 1,
    workers: _Workers = None,
    prices: _Prices = None,
) -> None:
    """Simulate several plans and put their effects side by side."""
    from wijktwin.screen import console, say

    place = _place(settings)
    studies = [place.study(file, runs=runs, seed=seed, prices=prices) for file in files]
    with _pool(workers) as pool:
        effects = [_run(study, pool) for study in studies]
    for study, found in zip(studies, effects, strict=True):
        for line in _heading(study, len(found)):
            say(line)
    console.print(_table(studies, effects))


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


def _heading(study: "Study", pairs: int | None) -> list[str]:
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
    return lines


def _words(text: Any) -> str:
    return text if isinstance(text, str) else str(text.en)


def _table(studies: "Sequence[Study]", effects: "Sequence[Effects]") -> Any:
    from rich.table import Table

    from scenarios.shown import lines, rounded

    table = Table("", "now", *(study.scenario.name for study in studies), box=None)
    for rows in zip(*(lines(found) for found in effects), strict=True):
        first = rows[0]
        cells: list[str] = []
        for line in rows:
            change = line.change
            text = (
                f"{change.middle:+.3g} ({change.low:+.3g} to {change.high:+.3g})"
                if line.is_clear
                else line.words("en")
            )
            good = {True: "green", False: "red", None: "default"}[line.is_good]
            cells.append(f"[{good}]{text}[/]")
        unit = first.indicator.unit.en
        table.add_row(first.indicator.title.en, f"{rounded(first.before.middle, 3)} {unit}", *cells)
    return table
