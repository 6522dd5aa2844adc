"""Imported places on disk: one GeoParquet file per layer, written whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import shapely
from shapely import Polygon

from twin.city import City, Source
from twin.errors import PlaceError, PlaceNotFoundError
from twin.layers import LAYERS, Layer
from twin.place.frames import as_column, cells, flags
from twin.place.shapes import array_of, project

_ABOUT = "city.json"
_PUBLIC_ABOUT = "place.json"
_VERSION = 1


def save_city(city: City, directory: Path) -> None:
    """Write a city to ``directory``; one that was there is replaced in one step."""
    about = {
        "version": _VERSION,
        "name": city.name,
        "title": city.title,
        "timezone": city.timezone,
        "crs": city.crs,
        "boundary": shapely.to_wkt(city.boundary, rounding_precision=3),
        "sources": [asdict(source) for source in city.sources],
        "notes": list(city.notes),
    }

    def write(target: Path) -> None:
        for layer in LAYERS:
            _write_layer(city.layers[layer.name], layer, list(layer.columns), target)
        _write_json(target / _ABOUT, about)

    _replace_directory(directory, write)


def load_city(directory: Path) -> City:
    """Read a city that `save_city` wrote."""
    about = _read_about(directory / _ABOUT)
    return _city(about, directory, _outline(about))


def write_public(city: City, public_directory: Path) -> None:
    """Write what everybody may see of a city to ``public_directory/city``.

    Only public columns of public layers are written, chosen from the declaration and never
    from what a frame happens to hold.
    """
    about = public_about(city)

    def write(target: Path) -> None:
        for layer in LAYERS:
            if layer.is_public:
                _write_layer(city.layers[layer.name], layer, layer.public_columns, target)
        _write_json(target / _PUBLIC_ABOUT, about)

    _replace_directory(public_directory / "city", write)


def load_public(public_directory: Path) -> City:
    """Read what `write_public` wrote, as a city that has only public layers and columns."""
    directory = public_directory / "city"
    about = _read_about(directory / _PUBLIC_ABOUT)
    return _city(about, directory, _outline(about))


def public_about(city: City) -> dict[str, Any]:
    """Return the facts about a place that pages and API show."""
    west, south, east, north = _degrees(city)
    return {
        "version": _VERSION,
        "name": city.name,
        "title": city.title,
        "timezone": city.timezone,
        "crs": city.crs,
        "boundary": shapely.to_wkt(city.boundary, rounding_precision=3),
        "bbox": [west, south, east, north],
        "centre": [round((west + east) / 2, 6), round((south + north) / 2, 6)],
        "area_km2": round(city.boundary.area / 1e6, 3),
        "layers": [_about_layer(city, layer) for layer in LAYERS if layer.is_public],
        "sources": [asdict(source) for source in city.sources],
        "notes": list(city.notes),
    }


def _about_layer(city: City, layer: Layer) -> dict[str, Any]:
    frame = city.layers[layer.name]
    sources = [source for source in city.sources if source.layer == layer.name]
    assumed = (
        round(float(flags(frame, "is_assumed").mean()), 3)
        if "is_assumed" in layer.columns and len(frame)
        else None
    )
    return {
        "name": layer.name,
        "rows": len(frame),
        "sources": _unique(source.title for source in sources),
        "licences": _unique(source.licence for source in sources),
        "attributions": _unique(source.attribution for source in sources),
        "share_assumed": assumed,
    }


def _unique(texts: Any) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _degrees(city: City) -> list[float]:
    bounds = project(array_of([city.boundary]), city.to_degrees)[0].bounds
    return [round(value, 6) for value in bounds]


def _write_layer(frame: gpd.GeoDataFrame, layer: Layer, columns: list[str], target: Path) -> None:
    chosen = frame[[*columns, "geometry"]]
    cast("Any", chosen).to_parquet(target / f"{layer.name}.parquet", index=False)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _read_about(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise PlaceNotFoundError(f"no imported place in {path.parent}")
    about = json.loads(path.read_text(encoding="utf-8"))
    if about.get("version") != _VERSION:
        raise PlaceError(
            f"The place in {path.parent} cannot be read",
            [f"it has version {about.get('version')}, this is {_VERSION}: import it again"],
        )
    return about


def _outline(about: dict[str, Any]) -> Polygon:
    return cast("Any", shapely).from_wkt(about["boundary"])


def _city(about: dict[str, Any], directory: Path, boundary: Polygon) -> City:
    return City(
        name=about["name"],
        title=about["title"],
        timezone=about["timezone"],
        crs=about["crs"],
        boundary=boundary,
        layers={
            layer.name: _read_layer(directory / f"{layer.name}.parquet", layer)
            for layer in LAYERS
            if (directory / f"{layer.name}.parquet").exists()
        },
        sources=tuple(Source(**source) for source in about["sources"]),
        notes=tuple(about["notes"]),
    )


def _read_layer(path: Path, layer: Layer) -> gpd.GeoDataFrame:
    frame = cast("gpd.GeoDataFrame", cast("Any", gpd).read_parquet(path))
    for name, column in layer.columns.items():
        if column.kind in {"texts", "hexes"} and name in frame.columns:
            frame[name] = as_column(cells(frame, name), column)
    return frame


def _replace_directory(directory: Path, write: Callable[[Path], None]) -> None:
    """Fill a new directory and put it in place of ``directory`` once it is complete."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        made.chmod(0o755)
        write(made)
        for path in made.iterdir():
            _to_disk(path)
        _swap(made, directory)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _swap(made: Path, directory: Path) -> None:
    if not directory.exists():
        made.rename(directory)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{directory.name}-old-", dir=directory.parent))
    directory.rename(old / "old")
    made.rename(directory)
    shutil.rmtree(old, ignore_errors=True)


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
