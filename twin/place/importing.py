"""Importing a place: from the files that a request names to a checked `City`."""

from collections.abc import Callable, Mapping

import numpy as np
import pyproj
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import make_valid

from twin.city import City
from twin.domains.domain import CellRule
from twin.errors import PlaceError
from twin.layers import LAYERS
from twin.place.assumptions import ASSUMPTIONS, Assumptions
from twin.place.cells import add_cells
from twin.place.check import check_city
from twin.place.edges import Edges, Way, clip_edges
from twin.place.kerb import read_kerb
from twin.place.layering import Layering
from twin.place.names import name_sidewalks
from twin.place.network import Network, build_network
from twin.place.origins import layer_sources
from twin.place.osm import OsmObject, OsmWays
from twin.place.own_layers import own_edges, to_city
from twin.place.request import PlaceRequest
from twin.place.shapes import array_of, bounds_of, parts_of, project, union
from twin.place.sources import DEGREES, Sources, choose_crs, read_sources
from twin.place.street import assumed_street, read_street

Progress = Callable[[str, float], None]

_MARGIN_M = 20.0


def import_place(
    request: PlaceRequest,
    *,
    cell_rules: Mapping[str, CellRule],
    progress: Progress = lambda _what, _share: None,
    assume: Assumptions = ASSUMPTIONS,
) -> City:
    """Import a place.

    Parameters
    ----------
    cell_rules
        How big the cells of each domain must be.
    progress
        Called with what is being done and the share (0 to 1) that is finished.

    Raises
    ------
    PlaceError
        With everything that is wrong with the request and its files.
    """
    progress("Reading the files", 0.0)
    sources = read_sources(request)
    progress("Building the street network", 0.3)
    crs = request.crs or _crs_of(sources)
    objects = _objects(sources, crs)
    edges = _edges(sources, crs, assume)
    boundary = _boundary(request, sources, crs, edges, objects)
    network = _network(clip_edges(edges, boundary), crs)
    progress("Placing bays, buildings and the rest", 0.5)
    layering = Layering(network, boundary, assume)
    layers = layering.fill(sources, objects)
    if layering.faults:
        raise PlaceError(f"The place {request.name!r} cannot be imported", layering.faults)
    progress("Drawing the cells", 0.8)
    city = City(
        name=request.name,
        title=request.title,
        timezone=request.timezone,
        crs=crs,
        boundary=boundary,
        layers={layer.name: layers[layer.name] for layer in LAYERS},
        sources=layer_sources(request, layers),
        notes=(*layering.notes,),
    )
    city = add_cells(city, cell_rules)
    progress("Checking", 0.95)
    check_city(city)
    progress("Done", 1.0)
    return city


def _crs_of(sources: Sources) -> str:
    """Choose the CRS by the middle of the boundary, else of the streets."""
    if sources.boundary is not None:
        crs, shapes = sources.boundary
    elif "streets" in sources.own:
        rows = sources.own["streets"]
        crs, shapes = rows.crs, rows.geometries
    elif sources.osm is not None:
        crs, shapes = DEGREES, sources.osm[0].lines
    else:
        raise PlaceError("The place cannot be imported", ["there are no streets"])
    west, south, east, north = bounds_of(shapes)
    transformer = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
    return choose_crs(*transformer.transform((west + east) / 2, (south + north) / 2))


def _objects(sources: Sources, crs: str) -> list[OsmObject]:
    if sources.osm is None:
        return []
    objects = sources.osm[1]
    shapes = project(array_of([each.geometry for each in objects]), _from_degrees(crs))
    return [
        OsmObject(each.key, each.tags, shape if shape.is_valid else _mended(shape))
        for each, shape in zip(objects, shapes, strict=True)
    ]


def _mended(shape: BaseGeometry) -> BaseGeometry:
    """Return a valid shape; of an area that falls apart, only what is still area."""
    valid = make_valid(shape)
    areas = [part for part in parts_of(valid) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return union(array_of(areas)) if areas else valid


def _from_degrees(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(DEGREES, crs, always_xy=True)


def _edges(sources: Sources, crs: str, assume: Assumptions) -> Edges:
    own = sources.own.get("streets")
    osm = None
    if sources.osm is not None and (own is None or own.file.mode == "add"):
        osm = _osm_edges(sources.osm[0], crs, assume)
    if own is not None:
        return own_edges(own, crs, assume, osm)
    if osm is None:
        raise PlaceError("The place cannot be imported", ["there are no streets"])
    return osm


def _osm_edges(ways: OsmWays, crs: str, assume: Assumptions) -> Edges:
    """Return the edges of an extract that people may use."""
    streets = [read_street(tags, assume) for tags in ways.tags]
    unused = assumed_street("footway", assume)
    edges = Edges(
        ways.u,
        ways.v,
        project(ways.lines, _from_degrees(crs)),
        ways.way,
        [
            Way(key, street or unused, read_kerb(tags))
            for key, street, tags in zip(ways.keys, streets, ways.tags, strict=True)
        ],
    )
    return edges.pick(np.array([streets[way] is not None for way in ways.way.tolist()], bool))


def _boundary(
    request: PlaceRequest,
    sources: Sources,
    crs: str,
    edges: Edges,
    objects: list[OsmObject],
) -> Polygon:
    """Return the place's outline: the areas asked for, else a hull of streets and buildings."""
    if sources.boundary is None or request.boundary is None:
        shapes = [*edges.lines, *(each.geometry for each in objects if "building" in each.tags)]
        if "buildings" in sources.own:
            shapes += list(to_city(sources.own["buildings"], crs))
        return union(array_of(shapes)).convex_hull.buffer(_MARGIN_M, join_style="mitre")
    source_crs, areas = sources.boundary
    transformer = pyproj.Transformer.from_crs(source_crs, crs, always_xy=True)
    together = union(project(areas, transformer))
    together = together.convex_hull if request.boundary.is_hull else together
    outline = together.buffer(request.boundary.buffer_m)
    if outline.geom_type != "Polygon":
        raise PlaceError(
            f"The place {request.name!r} cannot be imported",
            [
                f"{request.boundary.path.name} (boundary): its areas do not touch one another;"
                " a buffer may join them"
            ],
        )
    return outline


def _network(edges: Edges, crs: str) -> Network:
    if not len(edges):
        raise PlaceError("The place cannot be imported", ["no street lies within the boundary"])
    return name_sidewalks(build_network(edges, crs))
