"""``wijktwin scenario sweep``: a plan over a range of one of its numbers."""

from typing import Annotated

import typer

from wijktwin.commands import plans
from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings


@with_settings("data", "place")
def sweep(
    settings: Settings,
    file: plans.File,
    over: Annotated[
        str,
        typer.Argument(help="What to vary: measure.field=first..last/step, as bays.count=0..40/4"),
    ],
    *,
    show: Annotated[
        list[str] | None, typer.Option(help="Indicators to show (by default those that change)")
    ] = None,
    runs: plans.Runs = 20,
    run_seed: plans.Seed = 1,
    workers: plans.Processes = None,
    prices: plans.PriceFile = None,
    out: plans.OutTables = None,
    language: plans.Spoken = "nl",
) -> None:
    """Simulate a plan over a range of one of its numbers."""
    from scenarios.errors import ScenarioError
    from scenarios.faults import Fault
    from scenarios.indicators import BY_NAME
    from scenarios.output import write_sweep
    from scenarios.sweep import Sweep, variants
    from twin.words import Text
    from wijktwin.commands.plan_tables import sweep_table
    from wijktwin.screen import console, say

    shown = show or []
    unknown = sorted(set(shown) - set(BY_NAME))
    if unknown:
        known = ", ".join(BY_NAME)
        message = Text(f"er zijn: {known}", f"there are: {known}")
        raise ScenarioError(f"There is no indicator {unknown[0]!r}", [Fault("", message)])
    first = plans.open_settings(settings).study(file, runs=runs, seed=run_seed, prices=prices)
    found = list(variants(first.scenario, Sweep.read(over)))
    values, field = [value for value, _ in found], over.partition("=")[0]
    studies = [first.of_variant(plan) for _, plan in found]
    with plans.pool(workers) as pool:
        effects = [plans.run_study(study, pool) for study in studies]
    console.print(sweep_table(field, values, effects, shown))
    if out is not None:
        for path in write_sweep(field, values, studies, effects, out, language, show=shown):
            say(f"Wrote {path}")
