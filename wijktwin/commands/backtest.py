"""``wijktwin backtest``: what would have been predicted, beside what then happened."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from scenarios.backtest.published import Case, Observed


@with_settings("data", "place")
def backtest(
    settings: Settings,
    *,
    aarhus: Annotated[
        Path | None,
        typer.Option(help="Recording of Aarhus's garages, to test forecasts on", exists=True),
    ] = None,
    forecasts: Annotated[
        bool, typer.Option(help="Test forecasts on recorded series too (about a minute)")
    ] = True,
    workers: Annotated[
        int | None, typer.Option(help="Processes (by default as many as cores)", min=1)
    ] = None,
) -> None:
    """Run published before-and-after cases on the place set up alike, and forecasts of recordings.

    Misses are printed as misses. What came of the published cases is kept for the workbench.
    """
    from scenarios.backtest.kept import Backtests, backtests_file
    from scenarios.backtest.published import CASES
    from scenarios.workers import Workers
    from twin.domains import load_domains
    from twin.privacy.public import PublicReader
    from twin.privacy.public_city import public_city
    from wijktwin.clock import wall_now
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import say, showing

    folder = PlaceFolder(settings.data / settings.place).must_be_published()
    city = public_city(PublicReader(folder.root, load_domains()))
    outcomes: list[tuple[Case, list[Observed]]] = []
    with Workers(workers or os.cpu_count() or 1) as pool:
        for case in CASES:
            with showing(case.title):
                rows = case.run(city, pool)
            outcomes.append((case, rows))
            say(f"{case.title} ({case.source})")
            say(f"  {city.title}, set up alike: {case.set_up}.")
            say(f"  {'change in %':<48}{'predicted (8 in 10)':>26}{'observed':>16}")
            for row in rows:
                found = row.predicted
                predicted = f"{found.middle:+.1f} ({found.low:+.1f} to {found.high:+.1f})"
                observed = (
                    f"{row.low:+.1f}"
                    if row.low == row.high
                    else f"{row.low:+.0f} to {row.high:+.0f}"
                )
                say(
                    f"  {row.what:<48}{predicted:>26}{observed:>16}"
                    f"  {'hit' if row.is_hit else 'MISS'}"
                )
    run_on = wall_now().astimezone(city.zone).date()
    Backtests.of(run_on, outcomes).write(backtests_file(folder.root))
    if forecasts:
        _say_forecasts(aarhus)


def _say_forecasts(aarhus: Path | None) -> None:
    from scenarios.backtest.rolling import pooled, table
    from wijktwin.recorded_series import RECORDED_FORECASTS, backtest_recorded
    from wijktwin.screen import say, showing

    for one in RECORDED_FORECASTS:
        if one.source.name == "aarhus" and aarhus is None:
            say(f"{one.source.title}: not tested; name its file with --aarhus.")
            continue
        with showing(one.source.title) as report:
            scores = backtest_recorded(
                one, aarhus, progress=lambda share, report=report: report("Forecasting", share)
            )
        say(one.source.title)
        for line in table([*scores, *pooled(scores)], unit=one.unit):
            say(f"  {line}")
