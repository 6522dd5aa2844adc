"""Moving bicycle stands."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import stands
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited, rows_by_key
from scenarios.measures.spots import Spot, spots
from scenarios.measures.streets import PEOPLE
from scenarios.measures.where import Where, WhereRacks
from scenarios.measures.wording import RACK_PLACE, counted
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.shapes import array_of, union
from twin.words import Text


class MoveRacks(Measure, frozen=True):
    """Move bicycle stands, or so many places of them, to a spot or along a street."""

    title: ClassVar[Text] = Text("Fietsenrekken verplaatsen", "Move bicycle stands")

    kind: Literal["move_racks"] = "move_racks"
    where: Annotated[WhereRacks, Field(description="Where they are now")]
    to: Annotated[Where, Field(description="Where they come")]
    places: Annotated[
        int | None,
        Field(ge=1, le=10_000, description="How many places; all that are there if left out"),
    ] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why so many places cannot be moved, or not there."""
        yield from stands.places_faults(city, self.where, self.places)
        for fault in self.to.faults(city, PEOPLE):
            yield fault.under("to")

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the stands are, and where they come."""
        new = [spot.point for spot in self._spots(city)]
        return union(array_of([stands.shape_of(self._places(city)), *new]))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of moving the places."""
        return prices.of("rack_place_moved", stands.total(self._places(city)))

    def apply(self, city: City) -> City:
        """Return the city with the stands elsewhere; a whole stand keeps its key."""
        rows = rows_by_key(city, "racks")
        moves = list(zip(self._places(city), self._spots(city), strict=True))
        added = [
            {
                **rows[places.rack],
                "rack": self.key("rack", 1),
                "capacity": places.count,
                "is_assumed": False,
                **spot.row,
            }
            for places, spot in moves
            if not places.is_whole
        ]
        changed = {
            places.rack: spot.row if places.is_whole else places.left for places, spot in moves
        }
        return edited(city, "racks", changed=changed, added=added)

    def describe(self, city: City) -> Text:
        """Return how many places move, from where, and to where."""
        places = counted(stands.total(self._places(city)), *RACK_PLACE)
        where, to = self.where.describe(city), self.to.describe(city)
        return Text(
            f"{places.nl} die nu {where.nl} staan, komen {to.nl}",
            f"Move {places.en} that are {where.en} now: put them {to.en}",
        )

    def _places(self, city: City) -> list[stands.Places]:
        return stands.find_places(city, self.where, self.places)

    def _spots(self, city: City) -> list[Spot]:
        return spots(city, self.to, PEOPLE, len(self._places(city)))
