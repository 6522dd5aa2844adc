"""`City`: the frozen snapshot of a place's layers, in metres."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

import geopandas as gpd
import pyproj
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from twin.layers import LAYER_BY_NAME, LAYERS
from twin.rules import Rules


@dataclass(frozen=True, slots=True)
class Source:
    """Where a layer comes from, and under which licence it may be used."""

    layer: str
    title: str
    licence: str
    attribution: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class City:
    """A neighbourhood at one moment: every layer as a GeoDataFrame in the city's metric CRS.

    The frames follow `twin.layers` and must be treated as read-only: whoever changes a layer
    copies it first and builds a new city with `with_layers`.
    """

    name: str
    title: str
    timezone: str
    crs: str
    boundary: Polygon
    layers: Mapping[str, gpd.GeoDataFrame]
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = field(default=())
    rules: Rules = field(default=Rules())

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", MappingProxyType(dict(self.layers)))

    def __getattr__(self, name: str) -> gpd.GeoDataFrame:
        if name in LAYER_BY_NAME:
            return self.layers[name]
        raise AttributeError(name)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which the place's people read a clock."""
        return ZoneInfo(self.timezone)

    @cached_property
    def to_metres(self) -> pyproj.Transformer:
        """Longitude and latitude (in that order) to the city's CRS."""
        return _transformer("EPSG:4326", self.crs)

    @cached_property
    def to_degrees(self) -> pyproj.Transformer:
        """The city's CRS to longitude and latitude (in that order)."""
        return _transformer(self.crs, "EPSG:4326")

    def with_layers(self, **layers: gpd.GeoDataFrame) -> "City":
        """Return the same city with some layers replaced."""
        return replace(self, layers={**self.layers, **layers})

    def with_rules(self, **rules: tuple[object, ...]) -> "City":
        """Return the same city with rules added, by field of `Rules`: added ones come last."""
        added = {name: (*getattr(self.rules, name), *more) for name, more in rules.items()}
        return replace(self, rules=replace(self.rules, **added))

    def position(self, layer: str, key: str) -> tuple[float, float] | None:
        """Return the x and y (m) at which an item of a layer stands, or None if there is none."""
        return self._positions[layer].get(key)

    @cached_property
    def _positions(self) -> dict[str, dict[str, tuple[float, float]]]:
        return {
            layer.name: {
                str(key): _on(geometry)
                for key, geometry in zip(
                    self.layers[layer.name][layer.key],
                    self.layers[layer.name].geometry,
                    strict=True,
                )
            }
            for layer in LAYERS
        }


@cache
def _transformer(crs: str, to_crs: str) -> pyproj.Transformer:
    """Making one takes 60 ms, and every city that a measure makes would need its own."""
    return pyproj.Transformer.from_crs(crs, to_crs, always_xy=True)


def _on(geometry: BaseGeometry) -> tuple[float, float]:
    point = (
        geometry.interpolate(0.5, normalized=True)
        if geometry.geom_type == "LineString"
        else geometry.representative_point()
    )
    return point.x, point.y
