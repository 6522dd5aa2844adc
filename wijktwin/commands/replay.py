"""``wijktwin replay``: recorded real data, published as if it were measured at the place."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from sensors.replay import Recording, Report
    from wijktwin.clock import Clock
    from wijktwin.folder import PlaceFolder

RECORDINGS = ("auckland-footfall", "aarhus-garages", "amsterdam-scans")
"""The names of `sensors.replay.SOURCES`, for the help, which must not take long to load."""


@with_settings("data", "place", "broker", "mqtt_host", "mqtt_port", "mqtt_username", "mqtt_ca_file")
def replay(
    settings: Settings,
    source: Annotated[str, typer.Argument(help=f"One of: {', '.join(RECORDINGS)}")],
    *,
    file: Annotated[
        Path | None, typer.Option(help="The recording, where it does not come installed")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="TOML: what was recorded where, and where it is shown", exists=True),
    ] = None,
    suggest_mapping: Annotated[
        bool, typer.Option("--suggest", help="Print a mapping onto this place, and end")
    ] = False,
    until: Annotated[
        datetime | None,
        typer.Option(
            help="Local date and time at which to stop", formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"]
        ),
    ] = None,
) -> None:
    """Publish recorded real data through MQTT, each reading when the place's clock reaches it.

    Start the city with a clock in the recorded period first, such as
    wijktwin up --no-simulated --start 2024-03-01T00:00 --speed 600
    """
    from sensors.replay import SOURCES, Recording, load_mapping, suggest, to_toml
    from twin.errors import UnknownNameError
    from twin.place import load_city
    from wijktwin.folder import PlaceFolder

    if source not in SOURCES:
        raise UnknownNameError(f"there is no recording {source!r}; there are {', '.join(SOURCES)}")
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    city, found = load_city(folder.city), SOURCES[source]
    chosen = load_mapping(mapping) if mapping else suggest(city, found, file)
    if suggest_mapping:
        typer.echo(to_toml(chosen, comment=f"{found.title} on {city.title}"))
        return
    _play(Recording(source=found, city=city, mapping=chosen, path=file), settings, folder, until)


def _play(
    recording: "Recording", settings: Settings, folder: "PlaceFolder", until: datetime | None
) -> None:
    from sensors.registry import Registry
    from sensors.replay import Player, Tally, mapped_devices, summarise
    from wijktwin.clock import load_clock
    from wijktwin.connection import connection_as
    from wijktwin.screen import say, showing

    clock, city, title = load_clock(folder.clock), recording.city, recording.source.title
    start, end = _period(recording, clock, until)
    with Registry(folder.registry) as registry:
        registry.add(mapped_devices(city, recording.mapping, recording.source), since=start)
    tally = Tally()
    with showing(title) as tell:

        def report(now: "Report") -> None:
            reached = now.reached or start
            local = reached.astimezone(city.zone)
            tell(f"{title}: {local:%Y-%m-%d}", (reached - start) / (end - start))

        with Player(
            connection_as(settings, "wijktwin-replay"),
            domain=recording.source.domain,
            boot=recording.boot,
            now=clock.now,
            progress=report,
        ) as player:
            played = player.play(recording.read(start=start, end=end, tally=tally))
    for line in summarise(recording.source, tally, played):
        say(f"  • {line}")
    if played.unsettled:
        raise typer.Exit(1)


def _period(
    recording: "Recording", clock: "Clock", until: datetime | None
) -> tuple[datetime, datetime]:
    """Return what can be replayed: from the place's now to the end of the recording."""
    from datetime import UTC

    from sensors.errors import RecordingError

    first, last = recording.period()
    now = clock.now()
    start = max(first, now)
    if until is not None:
        last = min(last, until.replace(tzinfo=recording.city.zone))
    if start >= last:
        raise RecordingError(
            f"it is {now:%Y-%m-%d %H:%M} at the place, after the recording ({first:%Y-%m-%d} to"
            f" {last:%Y-%m-%d}): start the city with --start {first:%Y-%m-%d}"
        )
    return start.astimezone(UTC), last.astimezone(UTC)
