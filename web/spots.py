"""What a browser needs of a whole place to tell of one spot in it, so that choosing asks nothing.

A page takes these files before anybody chooses: which spot they want to know of stays with them.
Segments are named by their position, in the order of the city's segments.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.day.cars import RESIDENT, VISITOR
from scenarios.day.kerb import TAKES
from scenarios.indicators import STREETS
from twin.city import City
from twin.place.frames import flags, geometries, numbers, texts
from twin.place.shapes import (
    Geometries,
    array_of,
    coordinates,
    distances_m,
    halfway,
    pairs_nearest,
    project,
)
from web.geography import NEAR_M, Geography
from web.layers import encode
from web.plans.result import STANDING, Result
from web.shapes import shapes

FREE = {
    "free_night": ("parked_night", RESIDENT),
    "free_day": ("parked_afternoon", RESIDENT),
    "free_evening": ("parked_evening", RESIDENT),
    "free_shopping": ("parked_afternoon", VISITOR),
}
"""Free spaces at 3:00, 15:00 and 20:00: of what they are the rest, and whom they are for. Cars on bays
that those may not take count as if they stood on the others: never too many are said to be free."""

LEFT = ("loose", "dumped")
PASSING = ("walked", "driven")
LINES = ("search_residents", "walk_residents")

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""One a pair of days: the last stands for so many or more."""


def spots_file(city: City) -> bytes:
    """Return the addresses, named buildings, spaces, stands and green of a place."""
    at = _positions(city)
    lon, lat = _degrees(city, "addresses")
    streets = texts(city.addresses, "street")
    names = sorted({name for name in streets if name})
    number_of = {name: number for number, name in enumerate(names)}
    house = texts(city.addresses, "number")
    segment, along_m = _on_street(city, "addresses", at)
    addresses: dict[tuple[str, str], list[Any]] = {}
    for n, (street, number) in enumerate(zip(streets, house, strict=True)):
        if street and number and segment[n] >= 0:
            row = [number_of[street], number, lon[n], lat[n], segment[n], along_m[n]]
            addresses.setdefault((street, number), row)
    walk = flags(city.segments, "walk")
    return encode(
        {
            "streets": names,
            "addresses": list(addresses.values()),
            "buildings": _buildings(city, at),
            "racks": _racks(city, at),
            "spaces": _sparse(_spaces(city, at, VISITOR)),
            "no_walk": np.flatnonzero(~walk).tolist(),
            "green_m": _green_m(city),
        }
    )


def shops_file(city: City, geography: Geography) -> bytes:
    """Return what people go to, and the units of publication that it and each segment lie in.

    A shop has its kind, name, position, segment and how far along it; units are positions in the
    list of their domain, -1 where there is none near.
    """
    at = _positions(city)
    lon, lat = _degrees(city, "attractors")
    segment, along_m = _on_street(city, "attractors", at)
    kinds, names = texts(city.attractors, "kind"), texts(city.attractors, "name")
    used = sorted({kind for kind in kinds if kind})
    rows = [
        [used.index(kind), names[n] or "", lon[n], lat[n], segment[n], along_m[n]]
        for n, kind in enumerate(kinds)
        if kind and segment[n] >= 0
    ]
    middles = project(halfway(geometries(city.segments)), city.to_degrees)
    units = {
        domain: {"units": list(known), "of_segment": _units_near(geography, domain, middles)}
        for domain, known in geography.units.items()
        if domain != "garages" and known
    }
    garages = [
        [unit.unit, unit.name or "", *(round(v, 6) for v in unit.middle)]
        for unit in geography.units.get("garages", {}).values()
    ]
    return encode({"kinds": used, "shops": rows, "units": units, "garages": garages})


def _units_near(geography: Geography, domain: str, points: Geometries) -> list[int]:
    """Return the unit in which each point lies, or the nearest at most `NEAR_M` away; -1 for none."""
    areas = geography.all_metres(shapes([unit.shape for unit in geography.units[domain].values()]))
    places = geography.all_metres(points)
    here, nearest = pairs_nearest(places, areas)
    found = np.full(len(points), -1)
    near = distances_m(places[here], areas[nearest]) <= NEAR_M
    found[here[near]] = nearest[near]
    return found.tolist()


def effects_around(before: City, after: City, result: Result) -> dict[str, Any]:
    """Return what each spot needs of a plan: levels and changes by segment, and what is new."""
    at = _positions(before)
    free = {
        name: _by_pair(
            _left(_spaces(before, at, who), _standing(result.stands_before, of)),
            _left(_spaces(after, at, who), _standing(result.stands_after, of)),
        )
        for name, (of, who) in FREE.items()
    }
    left = {
        name: _by_pair(_standing(result.stands_before, name), _standing(result.stands_after, name))
        for name in LEFT
    }
    green_before, green_after = _green_m(before), _green_m(after)
    return {
        "runs": result.runs,
        "stands": {**free, **left},
        "passes": {name: _passing(result, name) for name in PASSING},
        "lines": {
            line.indicator.name: {
                "now": [line.before.low, line.before.middle, line.before.high],
                "change": [line.change.low, line.change.middle, line.change.high],
            }
            for line in result.lines
            if line.indicator.name in LINES
        },
        "spaces": _sparse(_spaces(after, at, VISITOR)) if after.bays is not before.bays else None,
        "racks": _racks(after, at) if after.racks is not before.racks else None,
        "buildings": _new_buildings(before, after, at),
        "green": [
            [n, new]
            for n, (old, new) in enumerate(zip(green_before, green_after, strict=True))
            if new != old
        ]
        if after.green is not before.green
        else [],
        "felt": _felt(after, at),
    }


def _positions(city: City) -> dict[str, int]:
    return {str(name): n for n, name in enumerate(texts(city.segments, "segment"))}


def _on_street(city: City, layer: str, at: dict[str, int]) -> tuple[list[int], list[float]]:
    """Return the segment of each row, -1 for none, and how far along it that is."""
    frame = city.layers[layer]
    segment = [at.get(name or "", -1) for name in texts(frame, "segment")]
    return segment, np.nan_to_num(numbers(frame, "along_m")).round(1).tolist()


def _degrees(city: City, layer: str) -> tuple[list[float], list[float]]:
    """Return the longitude and latitude of a point of each row."""
    points = array_of([shape.representative_point() for shape in geometries(city.layers[layer])])
    if not len(points):
        return [], []
    lonlat = coordinates(project(points, city.to_degrees)).round(6)
    return lonlat[:, 0].tolist(), lonlat[:, 1].tolist()


def _buildings(city: City, at: dict[str, int]) -> list[list[Any]]:
    """Return the buildings that have a name."""
    lon, lat = _degrees(city, "buildings")
    segment, along_m = _on_street(city, "buildings", at)
    return [
        [name, lon[n], lat[n], segment[n], along_m[n]]
        for n, name in enumerate(texts(city.buildings, "name"))
        if name and segment[n] >= 0
    ]


def _new_buildings(before: City, after: City, at: dict[str, int]) -> list[dict[str, Any]]:
    """Return the buildings that a plan adds, with their outline."""
    known = set(texts(before.buildings, "building"))
    segment, along_m = _on_street(after, "buildings", at)
    height_m, floors = numbers(after.buildings, "height_m"), numbers(after.buildings, "floors")
    found: list[dict[str, Any]] = []
    for n, key in enumerate(texts(after.buildings, "building")):
        if key in known or segment[n] < 0:
            continue
        shape = geometries(after.buildings)[n : n + 1]
        ring = coordinates(project(shape, after.to_degrees)[0].exterior).round(6)
        found.append(
            {
                "name": texts(after.buildings, "name")[n] or "",
                "p": [ring.tolist()],
                "h": round(float(height_m[n]), 1),
                "floors": int(floors[n]),
                "segment": segment[n],
                "along_m": along_m[n],
            }
        )
    return found


def _racks(city: City, at: dict[str, int]) -> list[list[Any]]:
    lon, lat = _degrees(city, "racks")
    segment, along_m = _on_street(city, "racks", at)
    room = np.nan_to_num(numbers(city.racks, "capacity")).astype(int).tolist()
    return [
        [room[n], lon[n], lat[n], segment[n], along_m[n]]
        for n in range(len(room))
        if segment[n] >= 0
    ]


def _green_m(city: City) -> list[int]:
    """Return how far the nearest green is from the middle of each segment; none: -1."""
    middles, green = halfway(geometries(city.segments)), geometries(city.green)
    if not len(green):
        return [-1] * len(middles)
    here, nearest = pairs_nearest(middles, green)
    far = np.full(len(middles), np.inf)
    np.minimum.at(far, here, distances_m(middles[here], green[nearest]))
    return np.rint(far).astype(int).tolist()


def _felt(city: City, at: dict[str, int]) -> list[list[float]]:
    """Return the segments that benches and green make more pleasant, and how long a metre feels."""
    felt: dict[int, float] = {}
    for comfort in city.rules.comforts:
        for name in comfort.segments:
            if name in at:
                felt[at[name]] = felt.get(at[name], 1.0) * comfort.felt
    return [[n, round(value, 3)] for n, value in sorted(felt.items())]


def _spaces(city: City, at: dict[str, int], who: int) -> NDArray[np.int64]:
    """Return the spaces along each segment of the kinds that such a driver may take."""
    segment = np.array(_on_street(city, "bays", at)[0], np.int64)
    room = np.nan_to_num(numbers(city.bays, "capacity"))
    may = np.array([TAKES[kind or "public"][who] > 0 for kind in texts(city.bays, "kind")], bool)
    there = (segment >= 0) & may
    return np.bincount(segment[there], room[there], minlength=len(at)).astype(np.int64)


def _sparse(counts: NDArray[np.int64]) -> list[list[int]]:
    """Return the segments that have any, each with how many."""
    return [[n, count] for n, count in enumerate(counts.tolist()) if count]


def _standing(stands: NDArray[np.uint8], name: str) -> NDArray[np.int64]:
    """Return one figure of what stands, (pairs, segments)."""
    at = [STREETS[position].name for position in STANDING].index(name)
    return stands[:, at].astype(np.int64)


def _left(room: NDArray[np.int64], taken: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many are left; none can be where there is no room at all."""
    return np.maximum(room - taken, 0)


def _by_pair(before: NDArray[np.int64], after: NDArray[np.int64]) -> dict[str, Any]:
    """Return counts in each pair of days as a text a segment: only segments that have any."""
    at = np.flatnonzero(before.any(axis=0) | after.any(axis=0))
    changed = np.flatnonzero((before != after).any(axis=0)[at])
    return {
        "at": at.tolist(),
        "now": [_digits(before[:, n]) for n in at.tolist()],
        "changed": changed.tolist(),
        "then": [_digits(after[:, n]) for n in at[changed].tolist()],
    }


def _digits(counts: NDArray[np.int64]) -> str:
    return "".join(DIGITS[min(count, len(DIGITS) - 1)] for count in counts.tolist())


def _passing(result: Result, name: str) -> dict[str, Any]:
    at = result.street(name)
    moved = np.flatnonzero((result.low[at] != 0) | (result.high[at] != 0))
    return {
        "now": _whole(result.before[at]),
        "low": _whole(result.before_low[at]),
        "high": _whole(result.before_high[at]),
        "changed": moved.tolist(),
        "change": _whole(result.change[at][moved]),
        "change_low": _whole(result.low[at][moved]),
        "change_high": _whole(result.high[at][moved]),
    }


def _whole(values: Sequence[float] | NDArray[np.float32]) -> list[int]:
    return np.rint(np.asarray(values)).astype(int).tolist()
