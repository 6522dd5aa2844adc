"""``wijktwin scenario``: run plans, compare them, list and show them."""

from typing import TYPE_CHECKING, Annotated

import typer

from wijktwin.commands import plans
from wijktwin.commands.options import with_settings
from wijktwin.commands.sweep import sweep
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from scenarios.comparison import Comparison
    from scenarios.contributions import Contributions
    from scenarios.future import Future
    from scenarios.study import Study
    from scenarios.workers import Workers

scenario = typer.Typer(help="Try out plans: what would they do?", no_args_is_help=True)


@scenario.command()
@with_settings("data", "place")
def run(
    settings: Settings,
    file: plans.File,
    *,
    runs: plans.Runs = 20,
    run_seed: plans.Seed = 1,
    workers: plans.Processes = None,
    prices: plans.PriceFile = None,
    norms: plans.NormFile = None,
    each: Annotated[
        bool, typer.Option("--each", help="Say also what each measure contributes")
    ] = False,
    out: plans.Out = None,
    language: plans.Spoken = "nl",
) -> None:
    """Simulate the place with and without a plan, and say what the plan does."""
    from scenarios.output import write_all
    from wijktwin.commands.plan_tables import balance_table, effects_table, moves, parts_table
    from wijktwin.screen import console, say

    place = plans.open_settings(settings)
    study = place.study(file, runs=runs, seed=run_seed, prices=prices, norms=norms)
    with plans.pool(workers) as pool:
        effects = plans.run_study(study, pool)
        parts = _taken_apart(study, pool) if each else None
    for line in plans.heading(study, len(effects)):
        say(line)
    console.print(effects_table([study], [effects]))
    for line in moves(study, effects):
        say(line)
    console.print(balance_table([study]))
    if parts is not None:
        console.print(parts_table(effects, parts))
    if out is not None:
        for path in write_all(study, effects, out, language, contributions=parts):
            say(f"Wrote {path}")


@scenario.command()
@with_settings("data", "place")
def compare(
    settings: Settings,
    files: Annotated[list[str], typer.Argument(help="Plans: files, or names that `list` shows")],
    *,
    future: Annotated[
        list[str] | None,
        typer.Option(
            help="A future to compare them in: a file, or a name that `list` shows; several, for"
            " what holds in all of them (by default each plan's own)"
        ),
    ] = None,
    runs: plans.Runs = 20,
    run_seed: plans.Seed = 1,
    workers: plans.Processes = None,
    prices: plans.PriceFile = None,
    norms: plans.NormFile = None,
    out: plans.OutTables = None,
    language: plans.Spoken = "nl",
) -> None:
    """Simulate several plans, in one future or several, and put their effects side by side."""
    from scenarios.output import write_comparison
    from wijktwin.commands.plan_tables import balance_table, effects_table, futures_tables
    from wijktwin.screen import console, say

    place = plans.open_settings(settings)
    studies = [
        place.study(file, runs=runs, seed=run_seed, prices=prices, norms=norms) for file in files
    ]
    futures = [place.future(name) for name in future or []]
    with plans.pool(workers) as pool:
        found = _compared(studies, futures, pool)
    for study in studies:
        for line in plans.heading(study, runs):
            say(line)
    if len(found.futures) > 1:
        for table in futures_tables(found):
            console.print(table)
        say("● is clear, and the same way, in all of these futures.")
    else:
        of_plans = [of_plan[0] for of_plan in found.effects]
        console.print(effects_table([of_plan[0] for of_plan in found.studies], of_plans))
    console.print(balance_table(studies))
    if out is not None:
        for path in write_comparison(found, out, language):
            say(f"Wrote {path}")


scenario.command()(sweep)


@scenario.command("list")
@with_settings("data", "place")
def list_(settings: Settings) -> None:
    """List the plans and futures of the place: the built-in ones, and those in its own folders."""
    from scenarios.errors import ScenarioError
    from scenarios.files import read_scenario
    from wijktwin.screen import say

    place = plans.open_settings(settings)
    found = False
    for path in place.plans():
        try:
            plan = read_scenario(path)
        except ScenarioError as err:
            say(f"{path.stem:<40}{err.what}")
            continue
        if plan.place in {None, place.city.name}:
            found = True
            say(f"{path.stem:<40}{plans.title_of(plan)}")
    if not found:
        say(
            f"No plans for {place.city.title} yet."
            f" Put files in {place.folder / 'plans'}; see docs/scenarios.md."
        )
    say(f"Futures: {', '.join(dict.fromkeys(path.stem for path in place.futures()))}")


@scenario.command()
@with_settings("data", "place")
def show(
    settings: Settings,
    file: plans.File,
    *,
    prices: plans.PriceFile = None,
    norms: plans.NormFile = None,
) -> None:
    """Say what a plan changes and costs, without running it."""
    from wijktwin.commands.plan_tables import balance_table
    from wijktwin.screen import console, say

    study = plans.open_settings(settings).study(file, runs=1, prices=prices, norms=norms)
    for line in plans.heading(study, None):
        say(line)
    for measure, sentence in zip(study.scenario.measures, study.described, strict=True):
        say(f"  {measure.id}: {sentence.en}.")
    console.print(balance_table([study]))


def _compared(studies: list["Study"], futures: list["Future"], pool: "Workers") -> "Comparison":
    from scenarios.comparison import compare
    from wijktwin.screen import showing

    with showing("Simulating") as report:
        return compare(
            studies,
            futures,
            pool,
            lambda what, done, of: report(f"Simulating {what}: {done} of {of}", done / of),
        )


def _taken_apart(study: "Study", pool: "Workers") -> "Contributions":
    from scenarios.contributions import contributions
    from wijktwin.screen import showing

    title = "Taking the measures apart"
    with showing(title) as report:
        return contributions(
            study, pool, lambda done, of: report(f"{title}: {done} of {of}", done / of)
        )
