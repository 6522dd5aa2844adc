"""An area as it is drawn on a map: a GeoJSON polygon in longitude and latitude."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, cast

from pydantic import Field, model_validator
from shapely import Polygon
from shapely.validation import explain_validity

from scenarios.faults import Fault
from scenarios.measures.measure import Saved
from twin.city import City
from twin.place.shapes import array_of, project

MOST_VERTICES = 5_000
_FEWEST = 4
_EDGE_SLACK_M = 1.0

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Position = Annotated[tuple[Longitude, Latitude], Field(strict=False)]
"""Longitude and latitude, in that order."""

_Ring = Annotated[tuple[Position, ...], Field(strict=False)]


class Area(Saved, frozen=True):
    """A GeoJSON polygon: the outline, and holes where there are any, in longitude and latitude."""

    type: Literal["Polygon"]
    coordinates: Annotated[
        tuple[_Ring, ...],
        Field(strict=False, min_length=1, description="Rings of longitude and latitude"),
    ]

    @model_validator(mode="after")
    def _is_sound(self) -> "Area":
        count = sum(len(ring) for ring in self.coordinates)
        if count > MOST_VERTICES:
            raise ValueError(f"has {count:,} points; at most {MOST_VERTICES:,} are allowed")
        for ring in self.coordinates:
            if len(ring) < _FEWEST or ring[0] != ring[-1]:
                raise ValueError(
                    f"each ring must have at least {_FEWEST} points and end where it begins"
                )
            if any(abs(a[0] - b[0]) > 180 for a, b in pairwise(ring)):  # noqa: PLR2004 half the world
                raise ValueError("must not cross the date line")
        shape = self._degrees
        if not shape.is_valid or shape.area == 0:
            raise ValueError(f"is not one sound area: {explain_validity(shape)}")
        return self

    @property
    def _degrees(self) -> Polygon:
        outline, *holes = self.coordinates
        return Polygon(outline, holes)

    def polygon(self, city: City) -> Polygon:
        """Return the area in the city's CRS."""
        return cast("Polygon", project(array_of([self._degrees]), city.to_metres)[0])

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield what is wrong with it in a city."""
        shape = self.polygon(city)
        if not shape.is_valid:
            yield Fault("", f"is not one sound area: {explain_validity(shape)}")
        elif not city.boundary.buffer(_EDGE_SLACK_M).covers(shape):
            inside = shape.intersection(city.boundary).area / shape.area
            yield Fault("", f"lies outside the place, or partly: {inside:.0%} of it is inside")
