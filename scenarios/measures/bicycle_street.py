"""A street where cars are guests."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Measure
from scenarios.measures.streets import CARS, NO_STREET_FOR_CARS, shape_of_segments
from scenarios.measures.where import Where
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.rules import BicycleStreet as BicycleRule
from twin.words import Text


class BicycleStreet(Measure, frozen=True):
    """Make a street a bicycle street: cars are guests and follow bicycles at their pace."""

    title: ClassVar[Text] = Text("Fietsstraat", "Bicycle street")

    kind: Literal["bicycle_street"] = "bicycle_street"
    where: Where

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why this cannot become one."""
        faults = [fault.under("where") for fault in self.where.faults(city, CARS)]
        yield from faults
        if faults:
            return
        known = {segment for street in city.rules.bicycle_streets for segment in street.segments}
        segments = self._segments(city)
        if not segments:
            yield Fault("where", NO_STREET_FOR_CARS)
        elif known.issuperset(segments):
            yield Fault("where", _ALREADY)

    def footprint(self, city: City) -> BaseGeometry:
        """Return the street."""
        return shape_of_segments(city, self._segments(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of red asphalt and signs, by length."""
        return prices.of("bicycle_street_m", self.footprint(city).length)

    def apply(self, city: City) -> City:
        """Return the city with the bicycle street."""
        return city.with_rules(bicycle_streets=(BicycleRule(self._segments(city)),))

    def describe(self, city: City) -> Text:
        """Return which street it is."""
        where = self.where.describe(city)
        return Text(
            f"Fietsstraat {where.nl}: auto’s zijn te gast",
            f"A bicycle street {where.en}: cars are guests",
        )

    def _segments(self, city: City) -> tuple[str, ...]:
        return self.where.segments_meant(city, CARS)


_ALREADY = Text("dit is al een fietsstraat", "is a bicycle street already")
