"""Reading everything that a request names, and refusing it as a whole if anything is wrong."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyproj
from pyproj.exceptions import CRSError

from twin.errors import PlaceError
from twin.place.frames import cells, geometries
from twin.place.osm import OsmObject, OsmWays, read_osm
from twin.place.own import OwnRows, fault_sayer, read_frame, read_own
from twin.place.request import OWN_LAYERS, BoundaryFile, PlaceRequest
from twin.place.shapes import Geometries, array_of, is_valid

DEGREES = "EPSG:4326"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DUTCH = "EPSG:28992"
_UTM_ZONE_DEGREES = 6
_AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the files hold, each in its own CRS; `osm` is None where no extract is given."""

    own: Mapping[str, OwnRows]
    osm: tuple[OsmWays, list[OsmObject]] | None
    boundary: tuple[str, Geometries] | None


def read_sources(request: PlaceRequest) -> Sources:
    """Read all files of a request.

    Raises
    ------
    PlaceError
        With every fault of every file, and of the request itself.
    """
    faults = _request_faults(request)
    own = {
        layer: rows
        for layer, file in request.layers.items()
        if layer in OWN_LAYERS and (rows := read_own(layer, file, faults)) is not None
    }
    boundary = None if request.boundary is None else _read_boundary(request.boundary, faults)
    osm = None
    if request.osm is not None:
        osm = _read_osm(request.osm, request.bounding_box, faults)
    if faults:
        raise PlaceError(f"The place {request.name!r} cannot be imported", faults)
    return Sources(own, osm, boundary)


def choose_crs(lon: float, lat: float) -> str:
    """Return the metric CRS of a position: the Dutch grid in its own area, else UTM.

    >>> choose_crs(4.9, 52.4), choose_crs(24.94, 60.17)
    ('EPSG:28992', 'EPSG:32635')
    """
    area = pyproj.CRS(_DUTCH).area_of_use
    if area and area.west <= lon <= area.east and area.south <= lat <= area.north:
        return _DUTCH
    zone = int((lon + 180) // _UTM_ZONE_DEGREES) + 1
    return f"EPSG:{32600 + zone if lat >= 0 else 32700 + zone}"


def _request_faults(request: PlaceRequest) -> list[str]:
    faults: list[str] = []
    if not _NAME.fullmatch(request.name):
        faults.append(
            f"name {request.name!r}: use small letters, digits and -, at most 40, a letter first"
        )
    try:
        ZoneInfo(request.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(f"time zone {request.timezone!r} is not known; e.g. Europe/Amsterdam")
    if request.crs is not None:
        faults.extend(_crs_faults(request.crs))
    if request.osm is None and "streets" not in request.layers:
        faults.append("there are no streets: give an OpenStreetMap extract or a file of streets")
    faults.extend(
        f"{layer!r} is no layer of one's own; allowed: {', '.join(OWN_LAYERS)}"
        for layer in request.layers
        if layer not in OWN_LAYERS
    )
    return faults


def _crs_faults(text: str) -> list[str]:
    try:
        crs = pyproj.CRS(text)
    except CRSError:
        return [f"CRS {text!r} is not known; e.g. EPSG:28992"]
    in_metres = crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info)
    return [] if in_metres else [f"CRS {text!r} is not in metres; e.g. EPSG:28992"]


def _read_osm(
    path: Path, box: tuple[float, float, float, float] | None, faults: list[str]
) -> tuple[OsmWays, list[OsmObject]] | None:
    if not path.exists():
        faults.append(f"{path.name} (osm): there is no such file")
        return None
    try:
        ways, objects = read_osm(path, box)
    except Exception as err:  # noqa: BLE001 - pyrosm passes on what its parsers raise
        reason = " ".join(str(err).split())[:200] or type(err).__name__
        faults.append(f"{path.name} (osm): cannot be read as .osm.pbf: {reason}")
        return None
    if not len(ways.u):
        faults.append(f"{path.name} (osm): has no streets")
    return ways, objects


def _read_boundary(file: BoundaryFile, faults: list[str]) -> tuple[str, Geometries] | None:
    say = fault_sayer(f"{file.path.name} (boundary)", faults)
    frame = read_frame(file.path, say)
    if frame is None:
        return None
    which = np.ones(len(frame), bool)
    for column, wanted in file.where.items():
        if column not in frame.columns:
            say(f"has no column {column!r}")
            return None
        values = [str(value) for value in cells(frame, column)]
        absent = [value for value in wanted if value not in values]
        if absent:
            say(f"no row has {column} {', '.join(map(repr, absent))}")
        which &= np.isin(values, list(wanted))
    shapes = geometries(frame)[which]
    if not len(shapes) or any(shape is None or shape.is_empty for shape in shapes):
        say("has rows without a geometry")
        return None
    if not file.is_hull and not all(shape.geom_type in _AREAS for shape in shapes):
        say(f"must hold areas ({', '.join(_AREAS)}), or be drawn around with hull")
        return None
    if not file.is_hull and not is_valid(shapes).all():
        say("has areas that are not valid")
    return str(frame.crs), array_of(list(shapes))


def repeated(keys: list[str]) -> list[str]:
    """Return the keys that occur more than once, in order."""
    return sorted(key for key, count in Counter(keys).items() if count > 1)
