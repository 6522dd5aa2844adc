"""``wijktwin place``: import, list and show neighbourhoods."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from twin.domains import load_domains
from twin.errors import PlaceError
from twin.layers import LAYERS
from twin.place import (
    PlaceRequest,
    helsinki,
    import_place,
    load_city,
    parse_layer,
    read_place_file,
    save_city,
    write_public,
)
from wijktwin.commands import options
from wijktwin.commands.screen import console
from wijktwin.folder import PlaceFolder, places
from wijktwin.settings import load_settings

place = typer.Typer(help="Import, list and show neighbourhoods.", no_args_is_help=True)

_OWN = "a file that GeoPandas reads, with our columns from its columns: FILE:ours=theirs,…"


def _own(layer: str) -> typer.models.OptionInfo:
    return typer.Option(f"--{layer}", metavar="FILE[:ours=theirs,…]", help=f"Own {layer}: {_OWN}")


@place.command("import")
def import_(
    name: Annotated[str | None, typer.Argument(help="Name of the place; 'helsinki' is built in")] = None,
    *,
    data: options.Data = None,
    file: Annotated[
        Path | None, typer.Option(help="A TOML file that describes the place", exists=True, dir_okay=False)
    ] = None,
    files: Annotated[
        Path | None, typer.Option(help="Folder to which the paths in that file are relative")
    ] = None,
    osm: Annotated[Path | None, typer.Option(help="An OpenStreetMap extract (.osm.pbf)")] = None,
    title: Annotated[str | None, typer.Option(help="What people call the place")] = None,
    timezone: Annotated[
        str, typer.Option(help="Time zone of the place, such as Europe/Amsterdam")
    ] = "Europe/Amsterdam",
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
    settings = load_settings(data=data)
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
    given = {layer: parse_layer(text) for layer, text in own.items() if text is not None}
    if file is not None:
        request = read_place_file(file, files=files)
    elif osm is None and not given:
        if name not in {None, "helsinki"}:
            raise PlaceError(
                f"the place {name!r} cannot be imported", ["say from what: --osm, --file or own layers"]
            )
        request = helsinki()
    elif name is None:
        raise PlaceError("the place cannot be imported", ["give it a name"])
    else:
        request = PlaceRequest(
            name=name, title=title or name, timezone=timezone, osm=osm, layers=given
        )
    import_into(request, settings.data)


def import_into(request: PlaceRequest, data: Path) -> None:
    """Import a place into the data folder, showing progress."""
    folder = PlaceFolder(data / request.name)
    rules = {domain.name: domain.cells for domain in load_domains()}
    with _progress(f"Importing {request.title}") as report:
        city = import_place(request, cell_rules=rules, progress=report)
        save_city(city, folder.city)
        write_public(city, folder.public)
    counts = ", ".join(f"{len(city.layers[n])} {n}" for n in ("segments", "buildings", "bays", "racks"))
    console.print(f"Imported [bold]{city.title}[/bold] into {folder.root}: {counts}.", highlight=False)
    for note in city.notes:
        console.print(f"  • {note}", highlight=False, markup=False)


@place.command("list")
def list_(*, data: options.Data = None) -> None:
    """List the imported places."""
    settings = load_settings(data=data)
    found = places(settings.data)
    if not found:
        console.print(f"No place has been imported into {settings.data} yet.")
        return
    table = Table("name", "title", "segments", "bays", "racks", box=None)
    for folder in found:
        city = load_city(folder.city)
        table.add_row(
            city.name,
            city.title,
            str(len(city.segments)),
            str(int(city.bays["capacity"].sum())),
            str(len(city.racks)),
        )
    console.print(table)


@place.command("show")
def show(
    name: Annotated[str, typer.Argument(help="Name of the place")], *, data: options.Data = None
) -> None:
    """Show what was imported: layers, sources, licences, and what is assumed."""
    settings = load_settings(data=data)
    city = load_city(PlaceFolder(settings.data / name).must_exist().city)
    console.print(f"[bold]{city.title}[/bold]  ({city.name}, {city.crs}, {city.timezone})")
    table = Table("layer", "rows", "assumed", "source and licence", box=None)
    for layer in LAYERS:
        frame = city.layers[layer.name]
        assumed = f"{frame['is_assumed'].mean():.0%}" if "is_assumed" in frame and len(frame) else ""
        sources = "; ".join(
            f"{source.title} ({source.licence})" for source in city.sources if source.layer == layer.name
        )
        table.add_row(layer.name, str(len(frame)), assumed, sources)
    console.print(table)
    for note in city.notes:
        console.print(f"  • {note}", highlight=False, markup=False)


@contextmanager
def _progress(title: str) -> Iterator[Callable[[str, float], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(title, total=1.0)

        def report(what: str, share: float) -> None:
            progress.update(task, description=f"{title}: {what}", completed=share)

        yield report
        progress.update(task, description=title, completed=1.0)
