"""``wijktwin device``: register devices, and check what they would send."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.words import Origin
from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from twin.city import City
    from twin.domains import Domain
    from twin.readings import Device

device = typer.Typer(help="Register devices, and check what they would send.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the device: letters, digits and . _ : -")]


@device.command("add")
@with_settings("data", "place", "broker", "mqtt_host", "mqtt_port")
def add(
    settings: Settings,
    name: Name,
    domain: Annotated[str, typer.Argument(help="What it measures: parking, bikes, footfall…")],
    *,
    target: Annotated[
        str | None,
        typer.Option(help="What it watches: the name of a bay group, garage, rack or counter"),
    ] = None,
    layer: Annotated[
        str | None, typer.Option(help="The layer of the target, where names repeat")
    ] = None,
    lon: Annotated[
        float | None, typer.Option(help="Longitude, for a device at a place of its own")
    ] = None,
    lat: Annotated[float | None, typer.Option(help="Latitude")] = None,
    origin: Annotated[Origin, typer.Option(help="Where its figures come from")] = Origin.MEASURED,
) -> None:
    """Register a device; print its password (once), its topics, and a message to try out.

    A city process that runs lets it in within a few seconds.
    """
    from sensors.errors import DeviceError
    from sensors.registration import register
    from sensors.registry import Registry
    from twin.domains import load_domains
    from twin.place import load_city
    from wijktwin.clock import load_clock
    from wijktwin.folder import PlaceFolder

    folder = PlaceFolder(settings.data / settings.place).must_exist()
    city, now = load_city(folder.city), load_clock(folder.clock).now()
    found = {each.name: each for each in load_domains()}
    if domain not in found:
        what = [f"there is no domain {domain!r}; there are {', '.join(found)}"]
        raise DeviceError(f"device {name!r} cannot be registered", what)
    made = register(
        city, found[domain], name, origin=origin, layer=layer, target=target, lon=lon, lat=lat
    )
    with Registry(folder.registry) as registry:
        if name in registry.devices():
            what = ["there is one of that name: remove it first, or choose another name"]
            raise DeviceError(f"device {name!r} cannot be registered", what)
        registry.add([made], since=now)
        password = registry.issue_password(name)
    _say_how(settings, made, password)
    _say_first_message(settings, city, found[domain], made, password)


@device.command("list")
@with_settings("data", "place")
def list_(
    settings: Settings,
    *,
    domain: Annotated[str | None, typer.Option(help="Only this domain")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array")] = False,
) -> None:
    """List the registered devices."""
    from rich.table import Table

    from wijktwin.screen import console, say

    found = [each for each in _devices(settings) if domain in {None, each.domain}]
    if as_json:
        typer.echo(json.dumps([_facts(each) for each in found], indent=1))
        return
    if not found:
        say("No device is registered.")
        return
    table = Table("device", "domain", "origin", "watches", "capacity", box=None)
    for each in found:
        table.add_row(
            each.device,
            each.domain,
            each.origin.value,
            _watches(each),
            str(each.capacity or ""),
        )
    console.print(table)


@device.command("remove")
@with_settings("data", "place")
def remove(settings: Settings, name: Name) -> None:
    """End a device: its readings are refused from now on, its figures stay."""
    from sensors.registry import Registry
    from wijktwin.clock import load_clock
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import say

    folder = PlaceFolder(settings.data / settings.place).must_exist()
    with Registry(folder.registry) as registry:
        registry.remove([name], until=load_clock(folder.clock).now())
    say(f"Removed {name}.")


@device.command("check")
@with_settings("data", "place")
def check(
    settings: Settings,
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON: one reading or a list; or lines, one message each",
            exists=True,
            dir_okay=False,
        ),
    ],
    *,
    name: Annotated[str, typer.Option("--device", help="The device that would send it")],
) -> None:
    """Say what of a file would be accepted, and of the rest why not. Nothing is stored."""
    from sensors.adapters import load_adapters
    from sensors.check import check_file
    from twin.domains import load_domains
    from twin.errors import UnknownNameError
    from twin.place import load_city
    from wijktwin.clock import load_clock
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import say

    folder = PlaceFolder(settings.data / settings.place).must_exist()
    devices = {each.device: each for each in _devices(settings)}
    if name not in devices:
        raise UnknownNameError(f"there is no device {name!r}: register it first (device add)")
    report = check_file(
        file,
        devices[name],
        city=load_city(folder.city),
        domains=load_domains(),
        adapters=load_adapters(),
        now=load_clock(folder.clock).now(),
    )
    for line in report.lines:
        say(line)
    say(f"{report.accepted} would be accepted, {report.rejected} refused.")
    if report.rejected:
        raise typer.Exit(1)


@device.command("owners")
@with_settings("data", "place")
def owners(
    settings: Settings,
    file: Annotated[
        Path,
        typer.Argument(help="A TOML file: see docs/operations.md", exists=True, dir_okay=False),
    ],
) -> None:
    """Say whose the devices are, what for and until when, on the page about privacy.

    The file is checked as a whole, and put where the pages read it; what it said before is gone.
    """
    from twin.domains import load_domains
    from twin.privacy.sensor_register import publish_sensor_register
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import say

    folder = PlaceFolder(settings.data / settings.place).must_exist()
    register = publish_sensor_register(file.read_bytes(), folder.public, load_domains())
    kinds = len(register.sensors)
    say(f"Published who is behind {kinds} kind{'' if kinds == 1 else 's'} of sensor.")


def _devices(settings: Settings) -> "list[Device]":
    from sensors.registry import Registry
    from wijktwin.folder import PlaceFolder

    folder = PlaceFolder(settings.data / settings.place).must_exist()
    if not folder.registry.exists():
        return []
    with Registry(folder.registry) as registry:
        return list(registry.devices().values())


def _watches(each: "Device") -> str:
    if each.target is not None:
        return f"{each.layer} {each.target}"
    return "moves about" if each.hex is None else "stands by itself"


def _facts(each: "Device") -> dict[str, object]:
    return {
        "device": each.device,
        "domain": each.domain,
        "origin": each.origin.value,
        "layer": each.layer,
        "target": each.target,
        "capacity": each.capacity or None,
    }


def _say_how(settings: Settings, made: "Device", password: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from sensors.topics import reading_topic, receipt_topic, status_topic
    from wijktwin.screen import console, say

    say(f"Registered {made.device} ({made.domain}, {made.origin.value}, {_watches(made)}).")
    table = Table(box=None, show_header=False)
    for what, value in (
        ("broker", f"{settings.mqtt_host}:{settings.mqtt_port}"),
        ("user name", made.device),
        ("password", f"{password}  (shown this once)"),
        ("publish readings to", reading_topic(made.domain, made.device)),
        ("last will on", status_topic(made.device)),
        ("receipts come on", receipt_topic(made.device)),
    ):
        table.add_row(what, Text(value))
    console.print(table)


def _say_first_message(
    settings: Settings, city: "City", domain: "Domain", made: "Device", password: str
) -> None:
    from sensors.sample import first_reading
    from sensors.topics import reading_topic
    from wijktwin.clock import load_clock
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import say

    now = load_clock(PlaceFolder(settings.data / settings.place).clock).now()
    reading = first_reading(city, domain, made, now=now)
    if reading is None:
        return
    words = ["mosquitto_pub", "-h", settings.mqtt_host, "-p", str(settings.mqtt_port), "-q", "1"]
    words += ["-u", made.device, "-P", password, "-t", reading_topic(made.domain, made.device)]
    words += ["-m", json.dumps(reading)]
    say("Try it out while the city process runs:\n")
    say(shlex.join(words))
    say(f"\nMore is on the page http://localhost:{settings.port}/devices")
