"""An area as it is drawn on a map: a GeoJSON polygon in longitude and latitude."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, cast

from pydantic import Field, model_validator
from shapely import Polygon
from shapely.validation import explain_validity

from scenarios.faults import Fault, UnsoundError
from scenarios.measures.measure import Saved
from twin.city import City
from twin.place.shapes import array_of, project
from twin.words import Text

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
            raise UnsoundError(
                Text(
                    f"het gebied heeft {count} punten; hoogstens {MOST_VERTICES} mag",
                    f"has {count:,} points; at most {MOST_VERTICES:,} are allowed",
                )
            )
        for ring in self.coordinates:
            if len(ring) < _FEWEST or ring[0] != ring[-1]:
                raise UnsoundError(_NO_RING)
            if any(abs(a[0] - b[0]) > 180 for a, b in pairwise(ring)):  # noqa: PLR2004 half the world
                raise UnsoundError(_DATE_LINE)
        shape = self._degrees
        if not shape.is_valid or shape.area == 0:
            raise UnsoundError(_unsound(shape))
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
            yield Fault("", _unsound(shape))
        elif not city.boundary.buffer(_EDGE_SLACK_M).covers(shape):
            inside = shape.intersection(city.boundary).area / shape.area
            message = Text(
                f"het gebied ligt niet helemaal in de wijk: {inside:.0%} ligt erin",
                f"lies outside the place, or partly: {inside:.0%} of it is inside",
            )
            yield Fault("", message)


_NO_RING = Text(
    f"elke lijn om het gebied moet minstens {_FEWEST} punten hebben en eindigen waar hij begint",
    f"each ring must have at least {_FEWEST} points and end where it begins",
)
_DATE_LINE = Text("het gebied mag niet over de datumgrens gaan", "must not cross the date line")


def _unsound(shape: Polygon) -> Text:
    return Text(
        "dit is niet één gebied: de lijn eromheen kruist of raakt zichzelf, of omsluit niets",
        f"is not one sound area: {explain_validity(shape)}",
    )
