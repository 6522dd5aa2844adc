"""A new garage."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited
from scenarios.measures.spots import Spot, spots
from scenarios.measures.streets import CARS
from scenarios.measures.where import Name, Where
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.words import Text


class OpenGarage(Measure, frozen=True):
    """Open a garage: a car park off the street."""

    title: ClassVar[Text] = Text("Parkeergarage openen", "Open a garage")

    kind: Literal["open_garage"] = "open_garage"
    where: Where
    capacity: Annotated[int, Field(ge=1, le=20_000, description="How many cars it holds")]
    name: Annotated[Name | None, Field(description="What it is called")] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why cars cannot get in there."""
        for fault in self.where.faults(city, CARS):
            yield fault.under("where")

    def footprint(self, city: City) -> BaseGeometry:
        """Return where its entrance is."""
        return self._spot(city).point

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return the price of building and running it."""
        return prices.of("garage_place", self.capacity)

    def apply(self, city: City) -> City:
        """Return the city with the garage."""
        row = {
            "garage": self.key("garage", 1),
            "name": self.name,
            "capacity": self.capacity,
            "is_assumed": False,
            **self._spot(city).row,
        }
        return edited(city, "garages", added=[row])

    def describe(self, city: City) -> Text:
        """Return what opens, and where."""
        where, name = self.where.describe(city), f" {self.name}" if self.name else ""
        return Text(
            f"Nieuwe garage{name} voor {self.capacity} auto’s {where.nl}",
            f"A new garage{name} for {self.capacity} cars {where.en}",
        )

    def _spot(self, city: City) -> Spot:
        (spot,) = spots(city, self.where, CARS, 1)
        return spot
