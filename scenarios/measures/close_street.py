"""Closing a street to cars: always, or by the clock."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Measure
from scenarios.measures.streets import CARS, NO_STREET_FOR_CARS, shape_of_segments
from scenarios.measures.when import When
from scenarios.measures.where import Where
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.rules import Closure, Hours
from twin.words import Text


class CloseStreet(Measure, frozen=True):
    """Close a street to cars: for good, or at some hours, as a school street or on market day."""

    title: ClassVar[Text] = Text("Straat dicht voor auto’s", "Close a street to cars")

    kind: Literal["close_street"] = "close_street"
    where: Where
    when: Annotated[When | None, Field(description="At which hours; always if left out")] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why this cannot be closed."""
        faults = [fault.under("where") for fault in self.where.faults(city, CARS)]
        yield from faults
        if faults:
            return
        closed = {
            segment
            for closure in city.rules.closures
            if closure.hours == self._hours
            for segment in closure.segments
        }
        segments = self._segments(city)
        if not segments:
            yield Fault("where", NO_STREET_FOR_CARS)
        elif closed.issuperset(segments):
            yield Fault("where", _ALREADY)

    def footprint(self, city: City) -> BaseGeometry:
        """Return the streets."""
        return shape_of_segments(city, self._segments(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of what keeps cars out, on each segment."""
        name = "street_closed" if self.when is None else "street_closed_at_hours"
        return prices.of(name, len(self._segments(city)))

    def apply(self, city: City) -> City:
        """Return the city in which no car may drive there."""
        return city.with_rules(closures=(Closure(self._segments(city), self._hours),))

    def describe(self, city: City) -> Text:
        """Return what is closed, and when."""
        where = self.where.describe(city)
        when = Text("altijd", "always") if self.when is None else self.when.describe()
        return Text(
            f"Geen auto’s {where.nl}, {when.nl}",
            f"No cars {where.en}, {when.en}",
        )

    @property
    def _hours(self) -> Hours:
        return Hours() if self.when is None else self.when.hours

    def _segments(self, city: City) -> tuple[str, ...]:
        return self.where.segments_meant(city, CARS)


_ALREADY = Text("dit is op deze uren al dicht", "this is closed at these hours already")
