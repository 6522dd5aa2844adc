"""``wijktwin doctor``: what is wrong, and what to do about it."""

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings


@with_settings(
    "data",
    "place",
    "host",
    "port",
    "broker",
    "mqtt_host",
    "mqtt_port",
    "mqtt_username",
    "mqtt_ca_file",
    "store",
)
def doctor(settings: Settings) -> None:
    """Check the installation, disk, clock, place, sensor register, store, broker and ports.

    It says what to do about each fault, and ends with 1 if there is one.
    """
    from wijktwin.doctor import examine
    from wijktwin.screen import console, say

    faults = 0
    for finding in examine(settings):
        mark = "[green]✓[/green]" if finding.is_fine else "[red]✗[/red]"
        console.print(f"{mark} [bold]{finding.what}[/bold]: ", end="")
        say(finding.found.replace("\n", "\n    • "))
        if not finding.is_fine:
            faults += 1
            say(f"    → {finding.advice}")
    if faults:
        raise typer.Exit(1)
