"""Adding bicycle stands."""

from collections.abc import Iterator
from math import ceil
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited
from scenarios.measures.spots import Spot, spots
from scenarios.measures.streets import PEOPLE
from scenarios.measures.where import Where
from scenarios.measures.wording import RACK_PLACE, counted
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.shapes import array_of, union
from twin.words import Text


class AddRacks(Measure, frozen=True):
    """Add bicycle stands: one at a spot, or several spread evenly along a street."""

    title: ClassVar[Text] = Text("Fietsenrekken erbij", "Add bicycle stands")

    kind: Literal["add_racks"] = "add_racks"
    where: Where
    places: Annotated[int, Field(ge=1, le=10_000, description="How many places in all")]
    stand_places: Annotated[
        int, Field(ge=1, le=1_000, description="How many places one stand has at most")
    ] = 12

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why they cannot stand there."""
        for fault in self.where.faults(city, PEOPLE):
            yield fault.under("where")

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the stands come."""
        return union(array_of([spot.point for spot in self._spots(city)]))

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return the price of the places."""
        return prices.of("rack_place", self.places)

    def apply(self, city: City) -> City:
        """Return the city with the stands."""
        found = self._spots(city)
        each, more = divmod(self.places, len(found))
        rows = [
            {
                "rack": self.key("rack", number),
                "name": None,
                "capacity": each + (number <= more),
                "is_assumed": False,
                **spot.row,
            }
            for number, spot in enumerate(found, start=1)
        ]
        return edited(city, "racks", added=rows)

    def describe(self, city: City) -> Text:
        """Return how many places come, and where."""
        places, where = counted(self.places, *RACK_PLACE), self.where.describe(city)
        return Text(f"{places.nl} erbij {where.nl}", f"Add {places.en} {where.en}")

    def _spots(self, city: City) -> list[Spot]:
        is_spot = self.where.stretches(city, PEOPLE)[0].is_spot
        stands = 1 if is_spot else ceil(self.places / self.stand_places)
        return spots(city, self.where, PEOPLE, stands)
