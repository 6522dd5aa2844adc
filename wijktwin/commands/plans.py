"""What the commands about plans have in common: their options, and running a plan with progress."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from wijktwin.screen import showing

if TYPE_CHECKING:
    from scenarios.ensemble import Effects
    from scenarios.opened import OpenPlace
    from scenarios.scenario import Scenario
    from scenarios.study import Study
    from scenarios.workers import Workers
    from wijktwin.settings import Settings

File = Annotated[
    str, typer.Argument(help="A plan: a YAML or JSON file, or the name of one that `list` shows")
]
Runs = Annotated[int, typer.Option(help="Pairs of days to simulate", min=1, max=1000)]
Seed = Annotated[int, typer.Option("--run-seed", help="Seed of all luck", min=0)]
Processes = Annotated[
    int | None, typer.Option("--workers", help="Processes (by default as many as cores)", min=1)
]
PriceFile = Annotated[
    Path | None, typer.Option(help="Table of costs of your own (TOML)", exists=True, dir_okay=False)
]
NormFile = Annotated[
    Path | None,
    typer.Option(help="Table of parking norms of your own (TOML)", exists=True, dir_okay=False),
]
Out = Annotated[Path | None, typer.Option(help="Folder for tables, map data, report and record")]
OutTables = Annotated[Path | None, typer.Option(help="Folder for a table and a page of the same")]
Spoken = Annotated[Literal["nl", "en"], typer.Option(help="Language of what is written: nl or en")]


def open_settings(settings: "Settings") -> "OpenPlace":
    """Open the place that the settings name."""
    from scenarios.opened import open_place
    from wijktwin.folder import PlaceFolder

    return open_place(PlaceFolder(settings.data / settings.place).must_be_published().root)


def pool(workers: int | None) -> "Workers":
    """Return processes to run days on."""
    from scenarios.workers import Workers

    return Workers(workers or os.cpu_count() or 1)


def run_study(study: "Study", workers: "Workers") -> "Effects":
    """Run a plan, and show how it gets on."""
    title = f"Simulating {study.scenario.name}"
    with showing(title) as report:
        return study.run(workers, lambda done, of: report(f"{title}: {done} of {of}", done / of))


def heading(study: "Study", pairs: int | None) -> list[str]:
    """Return what is said of a plan before its effects; ``pairs`` is None where none were run."""
    from scenarios.ensemble import FEW_RUNS
    from scenarios.shown import rounded

    lines = [f"{title_of(study.scenario)} ({study.before.title}, {study.scenario.day})"]
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


def title_of(plan: "Scenario") -> str:
    """Return what a plan is called."""
    return (plan.title if isinstance(plan.title, str) else plan.title.en) or plan.name
