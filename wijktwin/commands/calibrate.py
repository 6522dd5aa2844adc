"""``wijktwin calibrate``: fit the simulated day to what a place has published."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from scenarios.calibration.calibration import Calibration


@with_settings("data", "place")
def calibrate(
    settings: Settings,
    *,
    members: Annotated[
        int, typer.Option(help="How many draws of the parameters to fit", min=16, max=1000)
    ] = 64,
    held_out_days: Annotated[
        int, typer.Option(help="Days at the end to judge by instead of fitting", min=7, max=28)
    ] = 7,
    run_seed: Annotated[int, typer.Option(help="Seed of the draws", min=0)] = 1,
    workers: Annotated[
        int | None, typer.Option(help="Processes (by default as many as cores)", min=1)
    ] = None,
) -> None:
    """Fit the simulated day to the figures a place has published, and judge it by days held out.

    Nothing but public files is read. What comes out is used by every plan from then on.
    """
    from scenarios.calibration.place import calibrate_place
    from scenarios.opened import calibration_file
    from scenarios.workers import Workers
    from twin.domains import load_domains
    from twin.privacy.public import PublicReader
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import say, showing

    folder = PlaceFolder(settings.data / settings.place).must_be_published()
    reader = PublicReader(folder.root, load_domains())
    reader.refresh()
    with Workers(workers or os.cpu_count() or 1) as pool, showing("Calibrating") as report:
        found = calibrate_place(
            reader,
            pool,
            members=members,
            held_out_days=held_out_days,
            seed=run_seed,
            progress=report,
        )
    found.write(calibration_file(folder.root))
    for line in describe(found):
        say(line)


def describe(found: "Calibration") -> list[str]:
    """Return what a calibration is and how it did, a line each."""
    if found.fitted is None or found.held_out is None:
        return ["Not calibrated: everything is assumed."]
    lines = [
        f"Fitted to {found.fitted[0]} up to {found.fitted[1]}, judged by {found.held_out[0]} up to"
        f" {found.held_out[1]} ({', '.join(found.origins)} figures).",
        f"{'quantity':<20}{'figures':>8}{'RMSE':>9}{'less noise':>12}{'bias':>9}{'R²':>7}{'in 80 %':>9}",
    ]
    lines += [
        f"{fit.quantity:<20}{fit.count:>8}{fit.rmse:>9.3g}{fit.rmse_without_noise:>12.3g}{fit.bias:>9.2g}{fit.r2:>7.2f}"
        f"{100 * fit.held:>7.0f} %"
        for fit in found.fits
    ]
    return lines
