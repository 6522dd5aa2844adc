"""``wijktwin calibrate``: fit the simulated day to what a place has published."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scenarios.calibration.calibration import Calibration, Fit

OCCUPANCY_WITHIN, R2_FROM = 0.05, 0.8
REQUIRED: "Mapping[tuple[str, str], tuple[str, Callable[[Fit], bool]]]" = {
    ("parking_occupied", "weekday"): (
        f"at most {OCCUPANCY_WITHIN}",
        lambda fit: fit.rmse_without_noise <= OCCUPANCY_WITHIN,
    ),
    ("footfall_passages", "all"): (f"R² from {R2_FROM}", lambda fit: fit.r2 >= R2_FROM),
}
"""What the simulated day should reach on days held out."""


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
        "RMSE less noise, beside that of a typical week of the days fitted: as near as figures go.",
        f"{'quantity':<19}{'days':<9}{'figures':>7}{'RMSE':>8}{'less noise':>12}{'typical':>9}"
        f"{'bias':>9}{'R²':>7}{'in 80 %':>9}  required",
    ]
    lines += [
        f"{fit.quantity:<19}{fit.day:<9}{fit.count:>7}{fit.rmse:>8.3g}{fit.rmse_without_noise:>12.3g}"
        f"{fit.usual_without_noise:>9.3g}{fit.bias:>9.2g}{fit.r2:>7.2f}{100 * fit.held:>7.0f} %"
        f"  {_required(fit)}"
        for fit in found.fits
    ]
    return lines


def _required(fit: "Fit") -> str:
    """Return what is asked of a figure and whether it is so; nothing where nothing is asked."""
    asked = REQUIRED.get((fit.quantity, fit.day))
    if asked is None:
        return ""
    words, is_met = asked
    return f"{words}: {'met' if is_met(fit) else 'missed'}"
