"""The view from a window or a front door: what deck.gl draws for somebody who stands somewhere.

The ground lies flat, so it is drawn in order and hides nothing; buildings stand on it and hide
one another. What a plan changes comes as rows from the page, which knows where somebody stands.
"""

import json
from collections.abc import Mapping
from typing import Any

import pydeck as pdk  # pyright: ignore[reportMissingTypeStubs]

from web.colours import BASES, Scheme, rgb
from web.geography import Geography

FIELD_DEG = 70
"""How much is seen from bottom to top: about what people take in without turning their head."""

NEW = {"light": "#e8761f", "dark": "#ffb27a"}
"""What a plan adds stands out."""

WALL = {"light": "#cfc6b6", "dark": "#59636f"}
"""Walls are darker than the buildings of the map: here they stand before the sky."""

EDGE = {"light": "#a89d8a", "dark": "#8a95a1"}

LANE_M = 2.0
PAINT_ALPHA = 150
"""What a plan changes on the ground is as wide as a parked car, and the ground shows through."""

STOREY_LINE_M = 0.06
"""Lines along walls between storeys: without them nobody sees how high or far a wall is."""

_FLAT = {"depthCompare": "always", "depthWriteEnabled": False}


def view_json(geography: Geography, scheme: Scheme, urls: Mapping[str, str]) -> dict[str, Any]:
    """Return the deck.gl specification of the view; the page says where it is seen from."""
    base = BASES[scheme]

    def flat(kind: str, name: str, data: str | list[Any], **options: Any) -> pdk.Layer:
        return pdk.Layer(kind, data=data, id=name, parameters=_FLAT, **options)

    def area(name: str, colour: str) -> pdk.Layer:
        return flat(
            "SolidPolygonLayer", name, urls[name], get_polygon="p", get_fill_color=rgb(colour)
        )

    def ways(name: str, colour: str) -> pdk.Layer:
        return flat(
            "PathLayer", name, urls[name], get_path="p", get_width="w", get_color=rgb(colour)
        )

    def blocks(name: str, data: str | list[Any], colour: str) -> pdk.Layer:
        return pdk.Layer(
            "PolygonLayer",
            data=data,
            id=name,
            get_polygon="p",
            get_elevation="h",
            extruded=True,
            get_fill_color=rgb(colour),
            material={"ambient": 0.5, "diffuse": 0.6, "shininess": 8},
        )

    layers = [
        area("land", base.land),
        area("green", base.green),
        area("water", base.water),
        ways("paths", base.path),
        ways("streets", base.street if scheme == "dark" else "#dedad2"),
        flat(
            "PathLayer",
            "site",
            [],
            get_path="path",
            get_width=LANE_M,
            get_color=rgb(NEW[scheme], PAINT_ALPHA),
            cap_rounded=True,
        ),
        blocks("buildings", urls["buildings"], WALL[scheme]),
        blocks("new", [], NEW[scheme]),
        pdk.Layer(
            "PathLayer",
            data=[],
            id="storeys",
            get_path="path",
            get_width=STOREY_LINE_M,
            get_color=rgb(EDGE[scheme]),
            width_min_pixels=1,
            billboard=True,
        ),
        pdk.Layer(
            "ColumnLayer",
            data=[],
            id="posts",
            get_position="at",
            get_elevation="h",
            get_fill_color=rgb(NEW[scheme]),
            radius=0.25,
            disk_resolution=8,
            extruded=True,
        ),
    ]
    lon, lat = geography.place.centre
    deck = pdk.Deck(
        layers=layers,
        initial_view_state=pdk.ViewState(longitude=lon, latitude=lat),
        views=[pdk.View(type="FirstPersonView", controller=True, fovy=FIELD_DEG)],
        map_provider=None,  # pyright: ignore[reportArgumentType]
        map_style=None,  # pyright: ignore[reportArgumentType]
        tooltip=False,
    )
    return json.loads(deck.to_json())
