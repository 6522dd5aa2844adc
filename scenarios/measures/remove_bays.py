"""Taking parking spaces away."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import kerb
from scenarios.measures.measure import Measure
from scenarios.measures.where import WhereBays
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.words import Text


class RemoveBays(Measure, frozen=True):
    """Take parking spaces away: all that are there, or so many of them."""

    title: ClassVar[Text] = Text("Parkeerplekken weghalen", "Take away parking spaces")

    kind: Literal["remove_bays"] = "remove_bays"
    where: WhereBays
    count: Annotated[
        kerb.SpaceCount | None, Field(description="How many spaces; all that are there if left out")
    ] = None
    of: Annotated[
        kerb.BayKinds | None, Field(description="Only spaces of these kinds; any if left out")
    ] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why so many spaces cannot be taken away."""
        yield from kerb.spaces_faults(city, self.where, self.count, self.of)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the spaces are."""
        return kerb.shape_of(self._spaces(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of paving over the spaces."""
        return prices.of("bay_removed", kerb.total(self._spaces(city)))

    def apply(self, city: City) -> City:
        """Return the city without the spaces."""
        return kerb.without_spaces(city, self._spaces(city))

    def describe(self, city: City) -> Text:
        """Return how many spaces go, and where."""
        nl, en = kerb.in_words(self._spaces(city))
        where = self.where.describe(city)
        return Text(f"{nl} weg {where.nl}", f"Take away {en} {where.en}")

    def _spaces(self, city: City) -> list[kerb.Spaces]:
        return kerb.taken(kerb.find_spaces(city, self.where, self.of), self.count)
