"""Taking bicycle stands away."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import stands
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited
from scenarios.measures.where import WhereRacks
from scenarios.measures.wording import RACK_PLACE, counted
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.words import Text


class RemoveRacks(Measure, frozen=True):
    """Take bicycle stands away: all that are there, or so many places of them."""

    title: ClassVar[Text] = Text("Fietsenrekken weghalen", "Take away bicycle stands")

    kind: Literal["remove_racks"] = "remove_racks"
    where: WhereRacks
    places: Annotated[
        int | None,
        Field(ge=1, le=10_000, description="How many places; all that are there if left out"),
    ] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why so many places cannot be taken away."""
        yield from stands.places_faults(city, self.where, self.places)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the stands are."""
        return stands.shape_of(self._places(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of taking the places away."""
        return prices.of("rack_place_removed", stands.total(self._places(city)))

    def apply(self, city: City) -> City:
        """Return the city without the places."""
        return edited(city, "racks", changed={each.rack: each.left for each in self._places(city)})

    def describe(self, city: City) -> Text:
        """Return how many places go, and where."""
        places = counted(stands.total(self._places(city)), *RACK_PLACE)
        where = self.where.describe(city)
        return Text(f"{places.nl} weg {where.nl}", f"Take away {places.en} {where.en}")

    def _places(self, city: City) -> list[stands.Places]:
        return stands.find_places(city, self.where, self.places)
