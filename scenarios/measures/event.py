"""A market or a street party."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Measure
from scenarios.measures.streets import CARS, PEOPLE, streets_of
from scenarios.measures.when import When
from scenarios.measures.where import Name, Where
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.frames import texts
from twin.rules import Closure, NoParking
from twin.rules import Event as EventRule
from twin.words import Text


class Event(Measure, frozen=True):
    """Hold a market or a street party, which people come for."""

    title: ClassVar[Text] = Text("Markt of straatfeest", "Market or street party")

    kind: Literal["event"] = "event"
    name: Annotated[Name, Field(description="What it is called")]
    where: Where
    when: Annotated[When, Field(description="On which days, from when to when")]
    visitors: Annotated[
        int, Field(ge=0, le=1_000_000, description="How many people come for it, on each day")
    ]
    closes_streets: Annotated[
        bool, Field(description="Whether no car may drive or stand there meanwhile")
    ] = True

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why it cannot be held there."""
        for fault in self.where.faults(city, PEOPLE):
            yield fault.under("where")

    def footprint(self, city: City) -> BaseGeometry:
        """Return where it is held."""
        return self._area(city)

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return the price of holding it once on each of its days."""
        return prices.of("event_day", len(self.when.days))

    def apply(self, city: City) -> City:
        """Return the city with it."""
        hours = self.when.hours
        held = EventRule(self.key("event", 1), self._area(city), hours, self.visitors)
        closed = self._closed(city)
        closures = (Closure(closed, hours),) if closed else ()
        beside = zip(texts(city.bays, "bay"), texts(city.bays, "segment"), strict=True)
        bays = tuple(str(bay) for bay, segment in beside if segment in closed)
        cleared = (NoParking(bays, hours),) if bays else ()
        return city.with_rules(events=(held,), closures=closures, no_parking=cleared)

    def describe(self, city: City) -> Text:
        """Return what is held, where and when, and how many come."""
        where, when = self.where.describe(city), self.when.describe()
        cars = Text("; geen auto’s", "; no cars") if self._closed(city) else Text("", "")
        return Text(
            f"{self.name} {where.nl}, {when.nl}, {self.visitors} bezoekers{cars.nl}",
            f"{self.name} {where.en}, {when.en}, {self.visitors} visitors{cars.en}",
        )

    def _area(self, city: City) -> Polygon | MultiPolygon:
        return self.where.shape(city, PEOPLE)

    def _closed(self, city: City) -> tuple[str, ...]:
        if not self.closes_streets:
            return ()
        return tuple(streets_of(city).mostly_in(self._area(city), CARS.flags(city)))
