"""``wijktwin place``: import, list and show neighbourhoods."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from twin.city import City
    from twin.place import PlaceRequest
    from wijktwin.folder import PlaceFolder

place = typer.Typer(help="Import, list and show neighbourhoods.", no_args_is_help=True)

_COUNTED = ("segments", "buildings", "bays", "racks")


def _own(layer: str) -> Any:
    text = f"Own {layer}: a file that GeoPandas reads, and which of its columns are ours"
    return typer.Option(
        f"--{layer}", help=f"{text} [dim]\\[FILE:ours=theirs,…][/dim]", rich_help_panel="Own layers"
    )


@place.command("import")
@with_settings("data")
def import_(  # noqa: PLR0913
    settings: Settings,
    name: Annotated[
        str | None, typer.Argument(help="Name of the place; 'helsinki' is built in")
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option(help="A TOML file that describes the place", exists=True, dir_okay=False),
    ] = None,
    files: Annotated[
        Path | None, typer.Option(help="Folder to which the paths in that file are relative")
    ] = None,
    osm: Annotated[
        Path | None, typer.Option(help="An OpenStreetMap extract (.osm.pbf)", exists=True)
    ] = None,
    title: Annotated[str | None, typer.Option(help="What people call the place")] = None,
    timezone: Annotated[
        str | None,
        typer.Option(help="Time zone of the place (by default Europe/Amsterdam)"),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Replace a place that has figures or devices: what is there is moved aside",
        ),
    ] = False,
    streets: Annotated[str | None, _own("streets")] = None,
    bays: Annotated[str | None, _own("bays")] = None,
    garages: Annotated[str | None, _own("garages")] = None,
    racks: Annotated[str | None, _own("racks")] = None,
    counters: Annotated[str | None, _own("counters")] = None,
    buildings: Annotated[str | None, _own("buildings")] = None,
    addresses: Annotated[str | None, _own("addresses")] = None,
    attractors: Annotated[str | None, _own("attractors")] = None,
    dwellings: Annotated[str | None, _own("dwellings")] = None,
    surfaces: Annotated[str | None, _own("surfaces")] = None,
) -> None:
    """Import a neighbourhood from OpenStreetMap, from files of your own, or from both.

    Nothing is kept of an import that fails; the message lists every fault.
    """
    own = {
        "streets": streets,
        "bays": bays,
        "garages": garages,
        "racks": racks,
        "counters": counters,
        "buildings": buildings,
        "addresses": addresses,
        "attractors": attractors,
        "dwellings": dwellings,
        "surfaces": surfaces,
    }
    request = _request(
        name, file=file, files=files, osm=osm, title=title, timezone=timezone, own=own
    )
    _import_into(request, settings.data, may_replace=replace)


@place.command("list")
@with_settings("data")
def list_(settings: Settings) -> None:
    """List the imported places."""
    from rich.table import Table

    from twin.place import load_city
    from wijktwin.folder import places
    from wijktwin.screen import console, say

    found = places(settings.data)
    if not found:
        say(f"No place has been imported into {settings.data} yet.")
        return
    table = Table("name", "title", "segments", "bays", "racks", box=None)
    for folder in found:
        city = load_city(folder.city)
        table.add_row(
            city.name,
            city.title,
            str(len(city.layers["segments"])),
            str(int(city.layers["bays"]["capacity"].sum())),
            str(len(city.layers["racks"])),
        )
    console.print(table)


@place.command("show")
@with_settings("data")
def show(
    settings: Settings, name: Annotated[str, typer.Argument(help="Name of the place")]
) -> None:
    """Show what was imported: layers, sources, licences, and what is assumed."""
    from rich.table import Table

    from twin.layers import LAYERS
    from twin.place import load_city
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import console, say

    city = load_city(PlaceFolder(settings.data / name).must_exist().city)
    say(f"{city.title} ({city.name}, {city.crs}, {city.timezone})")
    table = Table("layer", "rows", "assumed", "source and licence", box=None)
    for layer in LAYERS:
        frame = city.layers[layer.name]
        has_share = "is_assumed" in layer.columns and len(frame)
        assumed = f"{float(frame['is_assumed'].mean()):.0%}" if has_share else ""
        sources = [source for source in city.sources if source.layer == layer.name]
        said = "; ".join(f"{source.title} ({source.licence})" for source in sources)
        table.add_row(layer.name, str(len(frame)), assumed, said)
    console.print(table)
    for note in city.notes:
        say(f"  • {note}")


@place.command("restored")
@with_settings("data", "store")
def restored(
    settings: Settings, name: Annotated[str, typer.Argument(help="Name of the place")]
) -> None:
    """Say that an older copy of the whole folder was put back: today's figures are left out.

    The copy does not know what was published since it was made. Nothing of before tomorrow is
    drawn again.
    """
    from datetime import datetime, time, timedelta

    from twin.domains import load_domains
    from twin.place import load_city
    from twin.privacy.release import leave_out
    from twin.store import Store
    from wijktwin import lock
    from wijktwin.clock import load_clock, wall_now
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import say

    folder = PlaceFolder(settings.data / name).must_exist()
    city, domains = load_city(folder.city), load_domains()
    now = load_clock(folder.clock).now().astimezone(city.zone)
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), city.zone)
    location = folder.store(settings.store)
    with (
        lock.holding(folder, "wijktwin place restored"),
        Store.open(location, crs=city.crs, domains=domains, now=wall_now()) as store,
    ):
        leave_out(store, domains, until=midnight)
        store.checkpoint()
    say(f"Figures of {name} are made again from {midnight:%d %B %Y}, 00:00.")


def _request(
    name: str | None,
    *,
    file: Path | None,
    files: Path | None,
    osm: Path | None,
    title: str | None,
    timezone: str | None,
    own: dict[str, str | None],
) -> "PlaceRequest":
    from twin.errors import PlaceError
    from twin.place import PlaceRequest, helsinki, parse_layer, read_place_file

    given = {layer: parse_layer(text) for layer, text in own.items() if text is not None}
    if file is not None:
        also = [f"--{layer}" for layer in given]
        also += [flag for flag, value in (("--osm", osm), ("--title", title)) if value is not None]
        also += ["--timezone"] if timezone is not None else []
        also += [repr(name)] if name is not None else []
        if also:
            what = [f"{each} is not for use with --file, which says it all" for each in also]
            raise PlaceError("the place cannot be imported", what)
        return read_place_file(file, files=files)
    if files is not None:
        raise PlaceError("the place cannot be imported", ["--files is for use with --file"])
    if osm is None and not given:
        if name not in {None, "helsinki"}:
            what = ["say from what: --osm, --file or own layers"]
            raise PlaceError(f"the place {name!r} cannot be imported", what)
        return helsinki()
    if name is None:
        raise PlaceError("the place cannot be imported", ["give it a name"])
    return PlaceRequest(
        name=name,
        title=title or name,
        timezone=timezone or "Europe/Amsterdam",
        osm=osm,
        layers=given,
    )


def _import_into(request: "PlaceRequest", data: Path, *, may_replace: bool) -> None:
    from twin.domains import load_domains
    from twin.place import import_place, save_city, write_public
    from wijktwin import lock
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import showing

    folder = PlaceFolder(data / request.name)
    with lock.holding(folder, "wijktwin place import"):
        has_more = _must_be_replaceable(folder, may_replace=may_replace)
        with showing(f"Importing {request.title}") as report:
            city = import_place(
                request,
                cell_rules={domain.name: domain.cells for domain in load_domains()},
                progress=lambda what, share: report(f"Importing {request.title}: {what}", share),
            )
        if has_more:
            _move_aside(folder)
        save_city(city, folder.city)
        write_public(city, folder.public)
    _say_what(city, folder)


def _must_be_replaceable(folder: "PlaceFolder", *, may_replace: bool) -> bool:
    """Tell whether there is more than a place in the folder; refuse it unless it may be replaced."""
    from wijktwin.errors import PlaceUsedError

    kept = {
        "devices": folder.registry,
        "readings": folder.root / "store",
        "figures": folder.public / "release",
    }
    found = [what for what, path in kept.items() if path.exists()]
    if found and not may_replace:
        raise PlaceUsedError(
            f"the place {folder.root.name!r} has {' and '.join(found)}, which belong to the streets"
            " and cells it has now: import it under another name, or with --replace to begin anew"
            f" (what is there is moved into {folder.root.parent / 'replaced'}, nothing is deleted)"
        )
    return bool(found)


def _move_aside(folder: "PlaceFolder") -> None:
    from wijktwin.clock import wall_now
    from wijktwin.screen import say

    aside = folder.aside(wall_now())
    aside.parent.mkdir(exist_ok=True)
    folder.root.rename(aside)
    say(f"What was there is now in {aside}.")


def _say_what(city: "City", folder: "PlaceFolder") -> None:
    from wijktwin.screen import say

    counts = ", ".join(f"{len(city.layers[name])} {name}" for name in _COUNTED)
    say(f"Imported {city.title} into {folder.root}: {counts}.")
    for note in city.notes:
        say(f"  • {note}")
