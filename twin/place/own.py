"""Own files: anything geopandas reads, checked as a whole before a single row is used."""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pyproj
from numpy.typing import NDArray
from shapely.validation import explain_validity

from twin.layers import ATTRACTOR_KINDS, BAY_KINDS, LAYER_BY_NAME
from twin.place.frames import cells, geometries, is_missing
from twin.place.request import OWN_LAYERS, LayerFile
from twin.place.shapes import Geometries, bounds_of, coordinates_and_owners, flat, is_valid, project
from twin.place.street import CLASSES

_MOST_SHOWN = 5
_EAST, _NORTH = 180, 90
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._:-]+")
_gpd = cast("Any", gpd)
_ALLOWED: Mapping[tuple[str, str], frozenset[str]] = {
    ("bays", "kind"): frozenset(BAY_KINDS),
    ("attractors", "kind"): frozenset(ATTRACTOR_KINDS),
    ("streets", "highway"): CLASSES,
}
RESERVED_PLATE = "reserved_plate"
"""What a user's file may call a bay for one number plate; it is published as a disabled bay."""


@dataclass(frozen=True, slots=True)
class _Range:
    """A number's limits; ``is_whole`` for counts."""

    least: float
    most: float
    is_whole: bool = False


_NUMBERS: Mapping[str, _Range] = {
    "capacity": _Range(1, 10_000, is_whole=True),
    "dwellings": _Range(0, 1_000_000, is_whole=True),
    "floors": _Range(1, 200, is_whole=True),
    "height_m": _Range(1, 1_000),
    "price_eur_h": _Range(0, 1_000),
    "speed_kmh": _Range(1, 150),
    "width_m": _Range(0.5, 60),
}


@dataclass(frozen=True, slots=True)
class OwnRows:
    """The rows of one file: its geometries in the file's CRS, and the mapped columns."""

    file: LayerFile
    crs: str
    geometries: Geometries
    columns: Mapping[str, list[Any]]
    source: Mapping[str, list[Any]]


def read_own(layer: str, file: LayerFile, faults: list[str]) -> OwnRows | None:
    """Read one file; everything that is wrong with it is added to ``faults``."""
    say = fault_sayer(f"{file.path.name} ({layer})", faults)
    frame = read_frame(file.path, say)
    before = len(faults)
    _check_mapping(layer, file, frame, say)
    if frame is None or len(faults) > before:
        return None
    shapes = _checked_shapes(frame, OWN_LAYERS[layer].shapes, say)
    columns = {
        ours: _values(layer, ours, theirs, cells(frame, theirs), file, say)
        for ours, theirs in file.columns.items()
    }
    for ours, value in file.constants.items():
        columns[ours] = _values(layer, ours, "(constant)", [value] * len(frame), file, say)
    _check_keys(layer, columns, say)
    source = {ours: cells(frame, theirs) for ours, theirs in file.columns.items()}
    if len(faults) > before:
        return None
    return OwnRows(file, str(frame.crs), shapes, columns, source)


def fault_sayer(label: str, faults: list[str]) -> Callable[[str], None]:
    """Return what adds a fault of one file to the list of all faults."""

    def say(fault: str) -> None:
        faults.append(f"{label}: {fault}")

    return say


def read_frame(path: Path, say: Callable[[str], None]) -> gpd.GeoDataFrame | None:
    """Read any file that geopandas can, or say why not."""
    if not path.exists():
        say("there is no such file")
        return None
    try:
        is_parquet = path.suffix in {".parquet", ".geoparquet"}
        with warnings.catch_warnings():
            # Drivers warn of what does not matter here, or else shows in the checks below.
            warnings.simplefilter("ignore")
            frame: Any = _gpd.read_parquet(path) if is_parquet else _gpd.read_file(path)
    except Exception as err:  # noqa: BLE001 - every driver has errors of its own
        say(f"cannot be read: {_one_line(err)}")
        return None
    if not isinstance(frame, gpd.GeoDataFrame):
        say("has no geometry")
        return None
    if frame.crs is None:
        say("does not say its coordinate reference system (CRS)")
    if not len(frame):
        say("is empty")
    return frame if frame.crs is not None and len(frame) else None


def _one_line(err: Exception) -> str:
    return " ".join(str(err).split())[:200] or type(err).__name__


def _check_mapping(
    layer: str, file: LayerFile, frame: gpd.GeoDataFrame | None, say: Callable[[str], None]
) -> None:
    known = OWN_LAYERS[layer]
    for ours in [*file.columns, *file.constants]:
        if ours not in known.columns:
            say(f"{ours!r} is no column of {layer}; allowed: {', '.join(known.columns)}")
    for ours in known.required:
        if ours not in file.columns and ours not in file.constants:
            say(f"needs {ours}=<a column of the file>")
    if frame is None:
        return
    present = [str(name) for name in cast("list[Any]", list(frame.columns)) if name != "geometry"]
    missing = [theirs for theirs in file.columns.values() if theirs not in present]
    if missing:
        say(f"has no column {', '.join(map(repr, missing))}; it has {', '.join(present)}")


def _checked_shapes(
    frame: gpd.GeoDataFrame, allowed: Sequence[str], say: Callable[[str], None]
) -> Geometries:
    shapes = geometries(frame)
    empty = np.array([shape is None or shape.is_empty for shape in shapes], bool)
    if empty.any():
        say(f"{_rows(empty)} without a geometry")
    shapes = shapes[~empty]
    types = np.array([shape.geom_type for shape in shapes])
    wrong = ~np.isin(types, list(allowed))
    if wrong.any():
        found = ", ".join(sorted(set(types[wrong].tolist())))
        say(f"has {found}; allowed: {', '.join(allowed)}")
    points, owner = coordinates_and_owners(shapes)
    broken = np.zeros(len(shapes), bool)
    broken[owner[~np.isfinite(points).all(axis=1)]] = True
    if broken.any():
        say(f"{_rows(broken)} with coordinates that are no numbers")
    invalid = ~broken & ~is_valid(shapes)
    if invalid.any():
        why = explain_validity(shapes[invalid.argmax()])
        say(f"{_rows(invalid)} with a geometry that is not valid ({why})")
    if not (broken.any() or empty.any()):
        _check_places(shapes, str(frame.crs), say)
    return flat(shapes)


def _check_keys(layer: str, columns: Mapping[str, list[Any]], say: Callable[[str], None]) -> None:
    """Names of things must differ; streets may come in pieces of the same name."""
    if layer in {"streets", "dwellings"}:
        return
    keys = columns.get(LAYER_BY_NAME[layer].key)
    if keys is None:
        return
    empty = np.array([key is None for key in keys], bool)
    if empty.any():
        say(f"{_rows(empty)} without a name ({LAYER_BY_NAME[layer].key})")
    count = Counter(clean_key(key) for key in keys if key is not None)
    twice = sorted(key for key, times in count.items() if times > 1)
    if twice:
        more = f" and {len(twice) - _MOST_SHOWN} more" if len(twice) > _MOST_SHOWN else ""
        say(f"more than one row is called {', '.join(map(repr, twice[:_MOST_SHOWN]))}{more}")


def _check_places(shapes: Geometries, crs: str, say: Callable[[str], None]) -> None:
    """Refuse coordinates that lie nowhere on earth: most often those of another CRS."""
    transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    west, south, east, north = bounds_of(project(shapes, transformer))
    if not (-_EAST <= west <= east <= _EAST and -_NORTH <= south <= north <= _NORTH):
        say(f"has coordinates that do not fit its CRS ({crs})")


def _rows(which: NDArray[np.bool_]) -> str:
    """Return how many rows, and which: counted from 1, as a person counts them."""
    numbers = (np.flatnonzero(which) + 1).tolist()
    shown = ", ".join(map(str, numbers[:_MOST_SHOWN])) + (
        ", …" if len(numbers) > _MOST_SHOWN else ""
    )
    return f"{len(numbers)} row{'s' if len(numbers) > 1 else ''} ({shown})"


def _values(
    layer: str,
    ours: str,
    theirs: str,
    values: list[Any],
    file: LayerFile,
    say: Callable[[str], None],
) -> list[Any]:
    mapping = file.values.get(ours)
    if mapping:
        values = [mapping.get(_text(value), value) for value in values]
    if ours in _NUMBERS:
        return _numbers(ours, theirs, values, _NUMBERS[ours], say)
    allowed = _ALLOWED.get((layer, ours))
    if allowed is not None:
        values = ["disabled" if value == RESERVED_PLATE else value for value in values]
        _check_values(ours, theirs, values, allowed, say)
    return [None if is_missing(value) else _text(value) for value in values]


def clean_key(text: str) -> str:
    """Return ``text`` as a key: letters, digits and ``._:-``, at most 40.

    >>> clean_key("vak 12/a")
    'vak-12-a'
    """
    return _NOT_IN_KEYS.sub("-", text).strip("._:-")[:40] or "x"


def _text(value: object) -> str:
    """Return an id as text; a driver that reads 7 as 7.0 must not rename it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _numbers(
    ours: str, theirs: str, values: list[Any], limits: _Range, say: Callable[[str], None]
) -> list[float]:
    numbers: list[float] = []
    wrong: list[tuple[int, Any]] = []
    may_be_empty = ours not in {"capacity", "dwellings"}
    for row, value in enumerate(values, start=1):
        try:
            number = float("nan") if is_missing(value) else float(value)
        except (TypeError, ValueError):
            number = float("inf")
        is_empty = is_missing(value) and may_be_empty
        is_right = limits.least <= number <= limits.most and not (
            limits.is_whole and number != int(number)
        )
        if not (is_empty or is_right):
            wrong.append((row, value))
        numbers.append(number)
    if wrong:
        shown = ", ".join(f"row {row}: {value!r}" for row, value in wrong[:_MOST_SHOWN])
        what = "a whole number" if limits.is_whole else "a number"
        more = f" and {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
        say(
            f"column {theirs!r} must be {what} from {limits.least:g} to {limits.most:g} ({shown}{more})"
        )
    return numbers


def _check_values(
    ours: str,
    theirs: str,
    values: list[Any],
    allowed: frozenset[str],
    say: Callable[[str], None],
) -> None:
    unknown = sorted(
        {str(value) for value in values if not is_missing(value) and value not in allowed}
    )
    if unknown:
        say(
            f"column {theirs!r} has {', '.join(map(repr, unknown[:_MOST_SHOWN]))}, which is no {ours};"
            f" map it to one of {', '.join(sorted(allowed))}"
        )
