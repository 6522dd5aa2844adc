"""The map's layers, built with pydeck; deck.gl from the pydeck wheel draws them.

What never changes (buildings, water, green, streets) is fetched by deck.gl from addresses that
contain a content hash. What changes with the figures arrives as rows that the page joins with
the shapes of the units; for those layers the specification has accessors and no data.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pydeck as pdk  # pyright: ignore[reportMissingTypeStubs]
from shapely import Point
from shapely.geometry.base import BaseGeometry

from web.colours import BASES, Base, Scheme, rgb
from web.geography import PATH_WIDTH_M, Geography, Unit
from web.labels import Label
from web.shapes import Shapes, coordinates, polygons
from web.svgmap import hatch

CELL_ALPHA = 190
UNCERTAIN_ALPHA = 80
PITCH = 48

LABEL_FONT_PX = 40
"""Names are drawn smaller than this, sharp on any screen; their edges fit only if both use it."""

Blob = Callable[[str, bytes], str]
"""Keeps a file and returns its address: (name, content) -> URL."""


Subject = Literal["figures", "plan"]
"""What a map is about: measured figures by area, or a plan and what it does by street."""


def deck_json(
    geography: Geography,
    scheme: Scheme,
    urls: dict[str, str],
    *,
    is_raised: bool,
    subject: Subject = "figures",
) -> dict[str, Any]:
    """Return the deck.gl specification of a map: flat, or with buildings raised."""
    base = BASES[scheme]
    tag = f"{scheme}-{'raised' if is_raised else 'flat'}"
    is_plan = subject == "plan"
    layers = [
        _area("land", tag, urls["land"], rgb(base.land)),
        _area("green", tag, urls["green"], rgb(base.green)),
        *([] if is_plan else [_cells(tag, "cells")]),
        _area("water", tag, urls["water"], rgb(base.water, 235)),
        _ways("paths", tag, urls["paths"], rgb(base.path, 120)),
        _ways("streets", tag, urls["streets"], rgb(base.street, 215)),
        _buildings(tag, urls["buildings"], base, is_raised=is_raised),
        *(_plan_layers(tag, base) if is_plan else _figure_layers(tag, base)),
        _lines(tag, "chosen", rgb(base.chosen), width_px=4),
        _halos(tag, base),
        _labels(tag, base),
    ]
    lon, lat = geography.place.centre
    deck = pdk.Deck(
        layers=layers,
        initial_view_state=pdk.ViewState(
            longitude=round(lon, 6),
            latitude=round(lat, 6),
            zoom=15,
            pitch=PITCH if is_raised else 0,
        ),
        views=[pdk.View(type="MapView", controller=True)],
        map_provider=None,  # pyright: ignore[reportArgumentType]
        map_style=None,  # pyright: ignore[reportArgumentType]
        tooltip=False,
    )
    return json.loads(deck.to_json())


def _figure_layers(tag: str, base: Base) -> list[pdk.Layer]:
    return [
        _lines(tag, "hatch", "line", width_px=1.5),
        _outlines(tag, "outlines"),
        _points(tag, "points", base.halo, is_pickable=False),
        _points(tag, "marks", base.label, is_pickable=True),
    ]


def _plan_layers(tag: str, base: Base) -> list[pdk.Layer]:
    """Return the streets in the colours of a figure, what is new, and what can be tapped.

    The last lie over everything, too faint to be seen: a finger is wider than a street.
    """
    return [
        _lines(tag, "site", rgb(base.chosen, 60), width_px=16),
        _flows(tag, "flows", is_pickable=False),
        _points(tag, "new", base.halo, is_pickable=False),
        _flows(tag, "picks", is_pickable=True),
    ]


def _flows(tag: str, name: str, *, is_pickable: bool) -> pdk.Layer:
    return _layer(
        "PathLayer",
        f"{name}-{tag}",
        [],
        get_path="path",
        get_color="fill",
        get_width="width",
        width_units="'pixels'",
        cap_rounded=True,
        joint_rounded=True,
        pickable=is_pickable,
        auto_highlight=is_pickable,
        highlight_color=[255, 190, 0, 160],
    )


def segment_rows(geography: Geography) -> bytes:
    """Return every segment for tapping and colouring: its path, key and name, in their order."""
    layers = geography.layers
    return encode(
        [
            {"path": _path(shape), "key": key, "name": name}
            for shape, key, name in zip(layers.streets, layers.keys, layers.names, strict=True)
        ]
    )


def unit_shapes(geography: Geography, units: Sequence[Unit]) -> bytes:
    """Return the shapes that the page joins figures with: one entry a unit."""
    shapes: dict[str, dict[str, Any]] = {}
    for unit in units:
        middle = [round(v, 6) for v in unit.middle]
        if isinstance(unit.shape, Point):
            shapes[unit.unit] = {"middle": middle}
        else:
            shapes[unit.unit] = {
                "middle": middle,
                "rings": _rings(unit.shape),
                "hatch": hatch(geography, unit),
            }
    return encode(shapes)


def area_rows(items: Shapes) -> bytes:
    """Return polygons for deck.gl."""
    return encode([{"p": part} for shape in items for part in _polygons(shape)])


def building_rows(geography: Geography) -> bytes:
    """Return buildings with their height in metres for deck.gl."""
    layers = geography.layers
    return encode(
        [
            {"p": part, "h": round(height, 1)}
            for shape, height in zip(layers.buildings, layers.heights_m, strict=True)
            for part in _polygons(shape)
        ]
    )


def way_rows(geography: Geography, *, is_path: bool) -> bytes:
    """Return streets, or the paths between them, with the width to draw for deck.gl."""
    layers = geography.layers
    return encode(
        [
            {"p": _path(shape), "w": width}
            for shape, width in zip(layers.streets, layers.widths_m, strict=True)
            if (width <= PATH_WIDTH_M) == is_path
        ]
    )


def label_rows(labels: Sequence[Label]) -> bytes:
    """Return street names for deck.gl: text, position, angle, and the zoom to show them from."""
    return encode(
        [
            {
                "t": one.name,
                "p": [round(one.lon, 6), round(one.lat, 6)],
                "a": one.angle,
                "z": one.zoom,
            }
            for one in labels
        ]
    )


def encode(value: object) -> bytes:
    """Return compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _area(name: str, tag: str, url: str, fill: list[int]) -> pdk.Layer:
    return _layer("SolidPolygonLayer", f"{name}-{tag}", url, get_polygon="p", get_fill_color=fill)


def _ways(name: str, tag: str, url: str, colour: list[int]) -> pdk.Layer:
    return _layer(
        "PathLayer",
        f"{name}-{tag}",
        url,
        get_path="p",
        get_width="w",
        get_color=colour,
        cap_rounded=True,
        joint_rounded=True,
    )


def _buildings(tag: str, url: str, base: Base, *, is_raised: bool) -> pdk.Layer:
    return _layer(
        "PolygonLayer",
        f"buildings-{tag}",
        url,
        get_polygon="p",
        get_elevation="h",
        extruded=is_raised,
        get_fill_color=rgb(base.building, 235 if is_raised else 95),
        get_line_color=rgb(base.building_edge, 190),
        stroked=not is_raised,
        get_line_width=0.6,
        line_width_min_pixels=0.6,
        material={"ambient": 0.55, "diffuse": 0.5, "shininess": 12},
    )


def _cells(tag: str, name: str) -> pdk.Layer:
    return _layer(
        "SolidPolygonLayer",
        f"{name}-{tag}",
        [],
        get_polygon="rings",
        get_fill_color="fill",
        pickable=True,
        auto_highlight=True,
        highlight_color=[255, 255, 255, 60],
    )


def _lines(tag: str, name: str, colour: list[int] | str, *, width_px: float) -> pdk.Layer:
    return _layer(
        "PathLayer",
        f"{name}-{tag}",
        [],
        get_path="path",
        get_color=colour,
        get_width=width_px,
        width_units="'pixels'",
        joint_rounded=True,
    )


def _outlines(tag: str, name: str) -> pdk.Layer:
    return _layer(
        "PathLayer",
        f"{name}-{tag}",
        [],
        get_path="path",
        get_color="line",
        get_width="width",
        width_units="'pixels'",
        joint_rounded=True,
    )


def _points(tag: str, name: str, edge: str, *, is_pickable: bool) -> pdk.Layer:
    return _layer(
        "ScatterplotLayer",
        f"{name}-{tag}",
        [],
        get_position="middle",
        get_fill_color="fill",
        get_line_color=rgb(edge),
        get_radius="radius",
        radius_units="'pixels'",
        get_line_width=1.5,
        line_width_units="'pixels'",
        stroked=True,
        pickable=is_pickable,
    )


def _halos(tag: str, base: Base) -> pdk.Layer:
    """Draw the light edge around the names: only a distance field has an outline."""
    return _names(
        f"labels-halo-{tag}",
        get_color=rgb(base.halo, 230),
        outline_color=rgb(base.halo, 230),
        outline_width=3,
        font_settings={"sdf": True, "fontSize": LABEL_FONT_PX, "buffer": 8, "radius": 16},
    )


def _labels(tag: str, base: Base) -> pdk.Layer:
    """Draw the names: from pixels, for a distance field loses the dots of ä and ö at this size."""
    return _names(
        f"labels-{tag}",
        get_color=rgb(base.label),
        font_settings={"fontSize": LABEL_FONT_PX, "buffer": 8},
    )


def _names(name: str, **options: Any) -> pdk.Layer:
    return _layer(
        "TextLayer",
        name,
        [],
        get_text="t",
        get_position="p",
        get_angle="a",
        get_size=13,
        font_family="'system-ui, -apple-system, Segoe UI, Roboto, sans-serif'",
        font_weight=600,
        character_set="'auto'",
        billboard=False,
        **options,
    )


def _layer(kind: str, name: str, data: str | list[Any], **options: Any) -> pdk.Layer:
    return pdk.Layer(kind, data=data, id=name, **options)


def _polygons(shape: BaseGeometry) -> list[list[list[list[float]]]]:
    return [
        [_path(part.exterior), *(_path(hole) for hole in part.interiors)]
        for part in polygons(shape)
    ]


def _rings(shape: BaseGeometry) -> list[list[list[list[float]]]]:
    return _polygons(shape)


def _path(line: BaseGeometry) -> list[list[float]]:
    return np.round(coordinates(line), 6).tolist()
