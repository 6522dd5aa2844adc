"""Hexagons: the H3 cells of resolution 10 (about 15,000 m² each) of which publication is made."""

from typing import Any, cast

import h3  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from twin.city import City

RESOLUTION = 10

_h3 = cast("Any", h3)  # The package has no types; every call to it is in this module.


def hex_at(lon: float, lat: float) -> str:
    """Return the name of the hexagon in which a position lies.

    >>> hex_at(4.9041, 52.3676)
    '8a1969526527fff'
    """
    return str(_h3.latlng_to_cell(lat, lon, RESOLUTION))


def hexes_of(city: City, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> list[str]:
    """Return the name of the hexagon of each point given in the city's CRS."""
    lons, lats = city.to_degrees.transform(xs, ys)
    return [hex_at(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]


def hex_of(city: City, x_m: float, y_m: float) -> str:
    """Return the name of the hexagon of one point given in the city's CRS."""
    lon, lat = city.to_degrees.transform(x_m, y_m)
    return hex_at(lon, lat)


def outline(name: str) -> Polygon:
    """Return a hexagon's shape, in longitude and latitude."""
    return Polygon([(lon, lat) for lat, lon in _h3.cell_to_boundary(name)])


def neighbours(name: str) -> list[str]:
    """Return the names of the hexagons that touch one, sorted."""
    return sorted(str(near) for near in _h3.grid_disk(name, 1) if near != name)


def hexes_over(area: Polygon) -> list[str]:
    """Return the names of the hexagons that overlap an area in longitude and latitude, sorted."""
    rings = [[(lat, lon) for lon, lat in ring.coords] for ring in (area.exterior, *area.interiors)]
    shape = _h3.LatLngPoly(*rings)
    found = _h3.h3shape_to_cells_experimental(shape, RESOLUTION, contain="overlap")
    return sorted(str(name) for name in found)
