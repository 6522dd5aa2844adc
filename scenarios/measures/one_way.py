"""A street for one direction."""

from collections.abc import Iterator
from math import cos, hypot, radians, sin
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Claim, Measure
from scenarios.measures.rows import with_values
from scenarios.measures.streets import CARS, NO_STREET_FOR_CARS, shape_of_segments, streets_of
from scenarios.measures.where import Where
from scenarios.measures.wording import listed
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.words import Text

Direction = Literal[
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
    "along",
    "against",
]
_COMPASS: tuple[Direction, ...] = (
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
)
_WORDS: dict[Direction, Text] = {
    "north": Text("naar het noorden", "to the north"),
    "northeast": Text("naar het noordoosten", "to the north-east"),
    "east": Text("naar het oosten", "to the east"),
    "southeast": Text("naar het zuidoosten", "to the south-east"),
    "south": Text("naar het zuiden", "to the south"),
    "southwest": Text("naar het zuidwesten", "to the south-west"),
    "west": Text("naar het westen", "to the west"),
    "northwest": Text("naar het noordwesten", "to the north-west"),
    "along": Text("zoals de straat is getekend", "the way the street is drawn"),
    "against": Text("tegen de tekenrichting in", "against the way the street is drawn"),
}
_LEAST_COSINE = cos(radians(75))
"""A street that is further off a direction of the compass runs across it."""


class OneWay(Measure, frozen=True):
    """Let cars drive along a street in one direction only."""

    title: ClassVar[Text] = Text("Eenrichtingsverkeer", "One-way street")

    kind: Literal["one_way"] = "one_way"
    where: Where
    direction: Annotated[
        Direction,
        Field(description="Where cars drive to, or along or against how segments are drawn"),
    ]
    bikes_both_ways: Annotated[
        bool, Field(description="Whether bicycles may still go both ways")
    ] = True

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why a street cannot be one-way like that."""
        faults = [fault.under("where") for fault in self.where.faults(city, CARS)]
        yield from faults
        if faults:
            return
        forward = self._forward(city)
        if not forward:
            yield Fault("where", NO_STREET_FOR_CARS)
        across = sorted(key for key, is_forward in forward.items() if is_forward is None)
        if across:
            message = Text(
                f"deze richting is dwars op {listed(across, 'en')};"
                " kies met de tekenrichting mee (along) of ertegenin (against)",
                f"runs across {listed(across, 'and')}; say along or against",
            )
            yield Fault("direction", message)
        elif forward and self.apply(city) is city:
            message = Text(
                "dit is al eenrichtingsverkeer in deze richting",
                "is one-way in this direction already",
            )
            yield Fault("where", message)

    def footprint(self, city: City) -> BaseGeometry:
        """Return the street."""
        return shape_of_segments(city, self._forward(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of signs on each segment."""
        return prices.of("one_way_segment", len(self._forward(city)))

    def claims(self, city: City) -> Iterator[Claim]:
        """Yield the direction on each segment."""
        for segment, is_forward in self._forward(city).items():
            way = Text("vooruit", "forward") if is_forward else Text("terug", "backward")
            yield Claim(Text("de rijrichting", "the direction"), segment, way)

    def apply(self, city: City) -> City:
        """Return the city in which cars drive one way there."""
        change = {
            segment: {"car_forward": is_forward, "car_backward": not is_forward}
            | (
                {}
                if self.bikes_both_ways
                else {"bike_forward": is_forward, "bike_backward": not is_forward}
            )
            for segment, is_forward in self._forward(city).items()
        }
        return with_values(city, "segments", change)

    def describe(self, city: City) -> Text:
        """Return what becomes one-way, and which way."""
        where, way = self.where.describe(city), _WORDS[self.direction]
        return Text(f"Eenrichtingsverkeer {where.nl}, {way.nl}", f"One-way {where.en}, {way.en}")

    def _forward(self, city: City) -> dict[str, bool | None]:
        """Return whether cars go as each segment is drawn; None where that cannot be said."""
        streets = streets_of(city)
        segments = self.where.segments_meant(city, CARS)
        return {segment: self._is_forward(streets.line(segment)) for segment in segments}

    def _is_forward(self, line: LineString) -> bool | None:
        if self.direction in {"along", "against"}:
            return self.direction == "along"
        (x, y), (end_x, end_y) = line.coords[0][:2], line.coords[-1][:2]
        turn = radians(45 * _COMPASS.index(self.direction))
        ahead_m = (end_x - x) * sin(turn) + (end_y - y) * cos(turn)
        length_m = hypot(end_x - x, end_y - y)
        if length_m == 0 or abs(ahead_m) < _LEAST_COSINE * length_m:
            return None
        return ahead_m > 0
