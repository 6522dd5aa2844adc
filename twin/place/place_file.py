"""Saying which place to import: a TOML place file, or the same on the command line."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from twin.errors import PlaceError
from twin.place.request import BoundaryFile, LayerFile, Mode, PlaceRequest


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Boundary(_Table):
    file: str
    where: dict[str, list[str]] = Field(default_factory=dict)
    hull: bool = False
    buffer_m: float = Field(0.0, ge=0, le=5_000)


class _Layer(_Table):
    file: str
    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    mode: Mode = "replace"
    title: str = ""
    licence: str = "not stated"
    attribution: str = ""


class _Place(_Table):
    name: str
    title: str
    timezone: str = "Europe/Amsterdam"
    crs: str | None = None
    osm: str | None = None
    osm_title: str = "OpenStreetMap"
    bounding_box: tuple[float, float, float, float] | None = None
    boundary: _Boundary | None = None
    layers: dict[str, _Layer] = Field(default_factory=dict)


def read_place_file(path: Path, files: Path | None = None) -> PlaceRequest:
    """Read a place file.

    Parameters
    ----------
    files
        The folder that the names of files in it are relative to; its own folder when None.

    Raises
    ------
    PlaceError
        With everything in it that is unknown or of the wrong type.
    """
    try:
        place = _Place.model_validate(_read_toml(path))
    except ValidationError as err:
        raise PlaceError(f"{path.name} is no place file", _faults(err)) from err
    folder = path.parent if files is None else files
    return PlaceRequest(
        name=place.name,
        title=place.title,
        timezone=place.timezone,
        crs=place.crs,
        osm=None if place.osm is None else folder / place.osm,
        osm_title=place.osm_title,
        bounding_box=place.bounding_box,
        boundary=None if place.boundary is None else _boundary(place.boundary, folder),
        layers={name: _layer(layer, folder) for name, layer in place.layers.items()},
    )


def parse_layer(text: str) -> LayerFile:
    """Read a layer as it is given on the command line: ``[+]FILE[:OURS=THEIRS,…]``.

    A plus sign adds to what OpenStreetMap has; without it the file replaces that.

    >>> layer = parse_layer("+bays.geojson:bay=id,capacity=aantal")
    >>> layer.path.name, layer.columns, layer.mode
    ('bays.geojson', {'bay': 'id', 'capacity': 'aantal'}, 'add')
    """
    mode: Mode = "add" if text.startswith("+") else "replace"
    path, columns = text.removeprefix("+"), {}
    head, colon, tail = path.rpartition(":")
    if colon and "=" in tail:
        path, columns = head, _columns(tail, text)
    if not path:
        raise PlaceError(f"{text!r} names no file", ["write FILE:OURS=THEIRS,OURS=THEIRS"])
    return LayerFile(path=Path(path), columns=columns, mode=mode)


def _columns(text: str, whole: str) -> dict[str, str]:
    columns: dict[str, str] = {}
    for pair in text.split(","):
        ours, is_pair, theirs = (part.strip() for part in pair.partition("="))
        if not (ours and is_pair and theirs):
            raise PlaceError(
                f"{whole!r} cannot be read", [f"{pair!r} is not of the form OURS=THEIRS"]
            )
        columns[ours] = theirs
    return columns


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise PlaceError(f"{path.name} cannot be read", [err.strerror or str(err)]) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise PlaceError(f"{path.name} is no TOML", [str(err)]) from err


def _faults(err: ValidationError) -> list[str]:
    return [
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
        for fault in err.errors(include_url=False)
    ]


def _boundary(table: _Boundary, folder: Path) -> BoundaryFile:
    return BoundaryFile(
        path=folder / table.file,
        where={column: tuple(values) for column, values in table.where.items()},
        is_hull=table.hull,
        buffer_m=table.buffer_m,
    )


def _layer(table: _Layer, folder: Path) -> LayerFile:
    return LayerFile(
        path=folder / table.file,
        columns=table.columns,
        values=table.values,
        constants=table.constants,
        mode=table.mode,
        title=table.title,
        licence=table.licence,
        attribution=table.attribution,
    )
