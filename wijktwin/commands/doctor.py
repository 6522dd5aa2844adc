"""``wijktwin doctor``: what is wrong, and what to do about it."""

import typer

from wijktwin.commands import options
from wijktwin.commands.screen import console
from wijktwin.doctor import examine
from wijktwin.settings import load_settings


def doctor(
    *,
    data: options.Data = None,
    place: options.PlaceName = None,
    port: options.Port = None,
    broker: options.Broker = None,
    mqtt_host: options.MqttHost = None,
    mqtt_port: options.MqttPort = None,
) -> None:
    """Check extensions, disk, clock, place, store, broker and ports; say what to do about each fault."""
    settings = load_settings(
        data=data, place=place, port=port, broker=broker, mqtt_host=mqtt_host, mqtt_port=mqtt_port
    )
    faults = 0
    for finding in examine(settings):
        mark = "[green]✓[/green]" if finding.is_fine else "[red]✗[/red]"
        console.print(f"{mark} [bold]{finding.what}[/bold]: ", end="")
        console.print(finding.found, highlight=False, markup=False)
        if not finding.is_fine:
            faults += 1
            console.print(f"    → {finding.advice}", highlight=False, markup=False)
    if faults:
        raise typer.Exit(1)
