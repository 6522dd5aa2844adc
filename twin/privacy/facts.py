"""What the public files say of a place as a whole, and of how the city process is doing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin.words import Text

PROMISED_DAYS = 7
"""How long raw readings stay on the disk at most, unless a city process says otherwise."""


class Period(NamedTuple):
    """One published window, [start, end) in UTC; a snapshot has ``start == end``."""

    start: datetime
    end: datetime
    is_measured: bool
    """Whether anything was: a window in which every sensor was silent is published too."""


class Spent(NamedTuple):
    """What was spent on a protected unit for figures of one origin.

    ``in_day`` is of the local day ``until``, the last for which anything was published;
    ``in_month`` and ``in_year`` of the 28 and the 365 days that end with it.
    """

    unit: str
    origin: str
    last_day: date
    """The last day that was charged to this account."""
    until: date
    in_day: float
    in_month: float
    in_year: float


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What is known of a public layer as a whole; ``share_assumed`` is None where it cannot be."""

    name: str
    rows: int
    sources: tuple[str, ...]
    licences: tuple[str, ...]
    attributions: tuple[str, ...]
    share_assumed: float | None


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """The place as ``place.json`` states it; ``bbox`` is west, south, east, north in degrees."""

    name: str
    title: str
    timezone: str
    crs: str
    bbox: tuple[float, float, float, float]
    centre: tuple[float, float]
    boundary: Polygon
    notes: tuple[str, ...]
    layers: Mapping[str, LayerFacts]

    @property
    def attributions(self) -> tuple[str, ...]:
        """Who must be named wherever the map is shown."""
        named = [one for layer in self.layers.values() for one in layer.attributions]
        return tuple(dict.fromkeys(named))

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "PlaceFacts":
        """Read what ``place.json`` holds."""
        west, south, east, north = facts["bbox"]
        lon, lat = facts["centre"]
        layers = [
            LayerFacts(
                name=layer["name"],
                rows=layer["rows"],
                sources=tuple(layer["sources"]),
                licences=tuple(layer["licences"]),
                attributions=tuple(layer["attributions"]),
                share_assumed=layer["share_assumed"],
            )
            for layer in facts["layers"]
        ]
        return cls(
            name=facts["name"],
            title=facts["title"],
            timezone=facts["timezone"],
            crs=facts["crs"],
            bbox=(west, south, east, north),
            centre=(lon, lat),
            boundary=cast("Polygon", shapely.from_wkt(facts["boundary"])),
            notes=tuple(facts["notes"]),
            layers={layer.name: layer for layer in layers},
        )


@dataclass(frozen=True, slots=True)
class LayerTable:
    """The public columns of a layer, with its geometries in the place's CRS."""

    columns: dict[str, list[Any]]
    geometry: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, slots=True)
class Status:
    """What the city process last said of itself."""

    state: str
    message: Text
    progress: float | None
    is_demonstration: bool
    is_running: bool
    updated_at: str
    version: str
    retention_days: int

    @classmethod
    def read(cls, said: Mapping[str, Any], *, is_running: bool) -> "Status":
        """Read what ``status.json`` holds."""
        return cls(
            state=said["state"],
            message=Text(said["message"]["nl"], said["message"]["en"]),
            progress=said.get("progress"),
            is_demonstration=bool(said.get("is_demonstration")),
            is_running=is_running,
            updated_at=said["updated_at"],
            version=said.get("version", ""),
            retention_days=said.get("retention_days", PROMISED_DAYS),
        )
