"""``wijktwin device``: register devices, and check what they would send."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from sensors.adapters import load_adapters
from sensors.check import check_file
from sensors.registration import register
from sensors.registry import Registry
from sensors.topics import reading_topic, receipt_topic, status_topic
from twin.domains import load_domains
from twin.errors import UnknownNameError
from twin.place import load_city
from twin.words import Origin
from wijktwin.clock import load_clock
from wijktwin.commands import options
from wijktwin.commands.screen import console
from wijktwin.folder import PlaceFolder
from wijktwin.settings import load_settings

device = typer.Typer(help="Register devices, and check what they would send.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the device: letters, digits and . _ : -")]


@device.command("add")
def add(  # noqa: PLR0913
    name: Name,
    domain: Annotated[str, typer.Argument(help="What it measures: parking, bikes, footfall…")],
    *,
    data: options.Data = None,
    place: options.PlaceName = None,
    target: Annotated[
        str | None, typer.Option(help="What it watches: the name of a bay group, garage, rack or counter")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="The layer of the target, where names repeat")] = None,
    lon: Annotated[float | None, typer.Option(help="Longitude, for a device at a place of its own")] = None,
    lat: Annotated[float | None, typer.Option(help="Latitude")] = None,
    origin: Annotated[Origin, typer.Option(help="Where its figures come from")] = Origin.MEASURED,
) -> None:
    """Register a device; print its password (once) and its topics."""
    settings = load_settings(data=data, place=place)
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    domains = {found.name: found for found in load_domains()}
    if domain not in domains:
        raise UnknownNameError(f"there is no domain {domain!r}; there are {', '.join(domains)}")
    city = load_city(folder.city)
    made = register(
        city, domains[domain], name, origin=origin, layer=layer, target=target, lon=lon, lat=lat
    )
    with Registry(folder.registry) as registry:
        registry.add([made], since=load_clock(folder.clock).now())
        password = registry.issue_password(name)
    console.print(f"Registered [bold]{name}[/bold] ({domain}, {origin.value}).", highlight=False)
    table = Table(box=None, show_header=False)
    table.add_row("broker", f"{settings.mqtt_host}:{settings.mqtt_port}")
    table.add_row("user name", name)
    table.add_row("password", f"{password}  (shown this once)")
    table.add_row("publish readings to", reading_topic(domain, name))
    table.add_row("last will on", status_topic(name))
    table.add_row("receipts come on", receipt_topic(name))
    console.print(table)
    console.print(f"Try it: the page http://localhost:{settings.port}/devices has lines to paste.")


@device.command("list")
def list_(
    *,
    data: options.Data = None,
    place: options.PlaceName = None,
    domain: Annotated[str | None, typer.Option(help="Only this domain")] = None,
) -> None:
    """List the registered devices."""
    settings = load_settings(data=data, place=place)
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    with Registry(folder.registry) as registry:
        found = [d for d in registry.devices().values() if domain in {None, d.domain}]
    if not found:
        console.print("No device is registered.")
        return
    table = Table("device", "domain", "origin", "watches", "capacity", box=None)
    for each in found:
        watches = f"{each.layer} {each.target}" if each.target else "moves about"
        table.add_row(each.device, each.domain, each.origin.value, watches, str(each.capacity or ""))
    console.print(table)


@device.command("remove")
def remove(name: Name, *, data: options.Data = None, place: options.PlaceName = None) -> None:
    """End a device: its readings are refused from now on, its figures stay."""
    settings = load_settings(data=data, place=place)
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    with Registry(folder.registry) as registry:
        registry.remove([name], until=load_clock(folder.clock).now())
    console.print(f"Removed {name}.", highlight=False)


@device.command("check")
def check(
    file: Annotated[
        Path, typer.Argument(help="JSON: one reading or a list; or lines, one message each", exists=True)
    ],
    *,
    name: Annotated[str, typer.Option("--device", help="The registered device that would send it")],
    data: options.Data = None,
    place: options.PlaceName = None,
) -> None:
    """Say what of a file would be accepted, and of the rest why not. Nothing is stored."""
    settings = load_settings(data=data, place=place)
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    with Registry(folder.registry) as registry:
        devices = registry.devices()
    if name not in devices:
        raise UnknownNameError(f"there is no device {name!r}: register it first (wijktwin device add)")
    report = check_file(
        file,
        devices[name],
        city=load_city(folder.city),
        domains=load_domains(),
        adapters=load_adapters(),
        now=load_clock(folder.clock).now(),
    )
    for line in report.lines:
        console.print(line, highlight=False, markup=False)
    console.print(f"{report.accepted} would be accepted, {report.rejected} refused.")
    if report.rejected:
        raise typer.Exit(1)
