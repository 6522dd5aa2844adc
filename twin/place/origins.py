"""Where each layer of a place comes from, and under which licence."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd

from twin.city import Source
from twin.place.request import PlaceRequest

_OF_OSM = [
    "junctions",
    "segments",
    "buildings",
    "addresses",
    "attractors",
    "bays",
    "garages",
    "racks",
    "stops",
    "green",
    "water",
]
_ALSO_OF = {"streets": ("segments", "junctions"), "dwellings": ("buildings",)}
_ODBL = "Open Database License (ODbL) 1.0"
_OSM_ATTRIBUTION = "© OpenStreetMap contributors"


def layer_sources(
    request: PlaceRequest, layers: Mapping[str, gpd.GeoDataFrame]
) -> tuple[Source, ...]:
    """Return the sources of every layer that has rows; a layer may have several."""
    found: list[Source] = []
    replaced = {
        target
        for layer, file in request.layers.items()
        if file.mode == "replace" and layer != "dwellings"
        for target in _ALSO_OF.get(layer, (layer,))
    }
    if request.osm is not None:
        digest = _digest(request.osm)
        found.extend(
            Source(layer, request.osm_title, _ODBL, _OSM_ATTRIBUTION, digest)
            for layer in _OF_OSM
            if layer not in replaced and len(layers[layer])
        )
    for layer, file in request.layers.items():
        digest = _digest(file.path)
        found.extend(
            Source(target, file.title or file.path.name, file.licence, file.attribution, digest)
            for target in _ALSO_OF.get(layer, (layer,))
        )
    return tuple(found)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
