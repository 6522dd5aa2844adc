"""``wijktwin replay``: recorded real data, published as if it were measured at the place."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from sensors.errors import RecordingError
from sensors.ingest import Connection
from sensors.registry import Registry
from sensors.replay import (
    SOURCES,
    Player,
    Recording,
    Report,
    Tally,
    load_mapping,
    mapped_devices,
    suggest,
    summarise,
    to_toml,
)
from twin.domains import load_domains
from twin.errors import UnknownNameError
from twin.place import load_city
from wijktwin.clock import Clock, load_clock
from wijktwin.commands import options
from wijktwin.commands.screen import console
from wijktwin.folder import PlaceFolder
from wijktwin.settings import load_settings


def replay(  # noqa: PLR0913
    source: Annotated[str, typer.Argument(help=f"One of: {', '.join(SOURCES)}")],
    *,
    file: Annotated[Path | None, typer.Option(help="The recording, where it does not come installed")] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="TOML: what was recorded where, and where it is shown", exists=True)
    ] = None,
    suggest_mapping: Annotated[
        bool, typer.Option("--suggest", help="Print a mapping onto this place, and end")
    ] = False,
    until: Annotated[str | None, typer.Option(help="Local date and time at which to stop")] = None,
    data: options.Data = None,
    place: options.PlaceName = None,
    mqtt_host: options.MqttHost = None,
    mqtt_port: options.MqttPort = None,
    broker: options.Broker = None,
) -> None:
    """Publish recorded real data through MQTT, each reading when the place's clock reaches it.

    Start the city with a clock in the recorded period first:
    ``wijktwin up --start 2024-03-01T00:00 --speed 600``.
    """
    settings = load_settings(
        data=data, place=place, mqtt_host=mqtt_host, mqtt_port=mqtt_port, broker=broker
    )
    if source not in SOURCES:
        raise UnknownNameError(f"there is no recording {source!r}; there are {', '.join(SOURCES)}")
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    city, found = load_city(folder.city), SOURCES[source]
    if suggest_mapping:
        typer.echo(to_toml(suggest(city, found, file), comment=f"{found.title} on {city.title}"))
        return
    chosen = load_mapping(mapping) if mapping else suggest(city, found, file)
    clock = load_clock(folder.clock)
    recording = Recording(source=found, city=city, mapping=chosen, path=file)
    start, end = _period(recording, clock, until)
    devices = mapped_devices(city, chosen, found)
    with Registry(folder.registry) as registry:
        registry.add(devices, since=start)
    connection = Connection(
        host=settings.mqtt_host,
        port=settings.mqtt_port,
        username=settings.mqtt_username,
        password=settings.mqtt_password,
        protocol=4 if settings.broker == "embedded" else 5,
        ca_file=settings.mqtt_ca_file,
    )
    domain = next(d.name for d in load_domains() if any(d.name == device.domain for device in devices))
    tally = Tally()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(found.title, total=(end - start).total_seconds())

        def tell(report: Report) -> None:
            reached = report.reached or start
            progress.update(
                task,
                completed=(reached - start).total_seconds(),
                description=f"{found.title}: {reached.astimezone(city.zone):%Y-%m-%d %H:%M},"
                f" {report.published} published, {report.settled} settled",
            )

        with Player(
            connection, domain=domain, boot=recording.boot, now=clock.now, progress=tell
        ) as player:
            report = player.play(recording.read(start=start, end=end, tally=tally))
    for line in summarise(found, tally, report):
        console.print(f"  • {line}", highlight=False, markup=False)


def _period(recording: Recording, clock: Clock, until: str | None) -> tuple[datetime, datetime]:
    """Return what can be replayed: from the place's now to the end of the recording."""
    first, last = recording.period()
    now = clock.now()
    start = max(first, now)
    if until is not None:
        try:
            moment = datetime.fromisoformat(until)
        except ValueError as err:
            raise RecordingError(f"--until: {until!r} is not a date and time like 2024-03-01T06:00") from err
        last = min(last, moment if moment.tzinfo else moment.replace(tzinfo=recording.city.zone))
    if start >= last:
        raise RecordingError(
            f"it is {now:%Y-%m-%d %H:%M} at the place, after the recording ({first:%Y-%m-%d} to"
            f" {last:%Y-%m-%d}): start the city with --start {first:%Y-%m-%d}"
        )
    return start.astimezone(UTC), last.astimezone(UTC)
