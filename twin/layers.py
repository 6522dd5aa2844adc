"""The layers of a city: which there are, their columns, and which columns everybody may see.

A layer is declared here and nowhere else. The importers fill it, `twin.city` checks it, and
only its public columns are written to ``public/city/``.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "texts", "number", "integer", "flag", "hexes"]
Shape = Literal["point", "line", "area"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layer.

    A public column may leave the city process; an optional one may be empty (``None`` or NaN).
    """

    kind: Kind
    is_public: bool = True
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: ``key`` is the column that names a row, unique in the layer."""

    name: str
    key: str
    shape: Shape
    columns: dict[str, Column]
    is_public: bool = True

    @property
    def public_columns(self) -> list[str]:
        """The columns that may be published, the key first."""
        return [name for name, column in self.columns.items() if column.is_public]


_TEXT = Column("text")
_NUMBER = Column("number")
_INTEGER = Column("integer")
_FLAG = Column("flag")
_NAME = Column("text", is_optional=True)
_ALONG = {"segment": _TEXT, "along_m": _NUMBER}
_ASSUMED = {"is_assumed": _FLAG}

LAYERS: tuple[Layer, ...] = (
    Layer("junctions", "junction", "point", {"junction": _TEXT}),
    Layer(
        "segments",
        "segment",
        "line",
        {
            "segment": _TEXT,
            "from_junction": _TEXT,
            "to_junction": _TEXT,
            "name": _NAME,
            "names": Column("texts"),
            "highway": _TEXT,
            "car_forward": _FLAG,
            "car_backward": _FLAG,
            "bike_forward": _FLAG,
            "bike_backward": _FLAG,
            "walk": _FLAG,
            "speed_kmh": _NUMBER,
            "width_m": _NUMBER,
            "length_m": _NUMBER,
        }
        | _ASSUMED,
    ),
    Layer(
        "buildings",
        "building",
        "area",
        {
            "building": _TEXT,
            "name": _NAME,
            "use": _TEXT,
            "height_m": _NUMBER,
            "floors": _INTEGER,
            "dwellings": _INTEGER,
        }
        | _ALONG
        | _ASSUMED,
    ),
    Layer(
        "addresses",
        "address",
        "point",
        {"address": _TEXT, "street": _NAME, "number": _NAME, "postcode": _NAME} | _ALONG,
    ),
    Layer(
        "attractors",
        "attractor",
        "point",
        {"attractor": _TEXT, "kind": _TEXT, "name": _NAME} | _ALONG | _ASSUMED,
    ),
    Layer(
        "bays",
        "bay",
        "line",
        {
            "bay": _TEXT,
            "side": _TEXT,
            "capacity": _INTEGER,
            "kind": _TEXT,
            "source_kind": Column("text", is_public=False, is_optional=True),
            "price_eur_h": Column("number", is_optional=True),
        }
        | _ALONG
        | _ASSUMED,
    ),
    Layer(
        "garages",
        "garage",
        "point",
        {"garage": _TEXT, "name": _NAME, "capacity": _INTEGER} | _ALONG | _ASSUMED,
    ),
    Layer(
        "racks",
        "rack",
        "point",
        {"rack": _TEXT, "name": _NAME, "capacity": _INTEGER} | _ALONG | _ASSUMED,
    ),
    Layer("counters", "counter", "point", {"counter": _TEXT, "name": _NAME} | _ALONG | _ASSUMED),
    Layer("stops", "stop", "point", {"stop": _TEXT, "name": _NAME, "mode": _TEXT} | _ALONG),
    Layer("green", "green", "area", {"green": _TEXT, "name": _NAME, "kind": _TEXT}),
    Layer("water", "water", "area", {"water": _TEXT, "name": _NAME, "kind": _TEXT}),
    Layer("surfaces", "surface", "area", {"surface": _TEXT, "kind": _TEXT}),
    Layer(
        "cells",
        "cell",
        "area",
        {
            "cell": _TEXT,
            "domain": _TEXT,
            "version": _INTEGER,
            "hexes": Column("hexes"),
            "weight": _INTEGER,
            "name": _NAME,
        },
    ),
)
LAYER_BY_NAME: dict[str, Layer] = {layer.name: layer for layer in LAYERS}

BAY_KINDS = (
    "public",
    "permit",
    "paid",
    "loading",
    "disabled",
    "shared_car",
    "charging",
    "short_stay",
)
ATTRACTOR_KINDS = (
    "shop",
    "supermarket",
    "cafe",
    "restaurant",
    "school",
    "office",
    "culture",
    "health",
    "sport",
    "hotel",
    "worship",
    "service",
    "leisure",
)
