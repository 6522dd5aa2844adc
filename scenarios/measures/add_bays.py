"""Adding parking spaces at the kerb."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import kerb, room
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited
from scenarios.measures.streets import KERB
from scenarios.measures.where import Where
from scenarios.measures.wording import BAY_KIND_WORDS, SPACE, counted
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.frames import Row
from twin.place.shapes import array_of, union
from twin.words import Text


class AddBays(Measure, frozen=True):
    """Add parking spaces where the kerb is free: clear of junctions and of other bays."""

    title: ClassVar[Text] = Text("Parkeerplekken erbij", "Add parking spaces")

    kind: Literal["add_bays"] = "add_bays"
    where: Where
    count: Annotated[kerb.SpaceCount, Field(description="How many spaces")]
    bay_kind: Annotated[kerb.BayKind, Field(description="What they are for")] = "public"
    side: Annotated[
        room.Side | None,
        Field(description="Side of the segment, as it is drawn; both if left out"),
    ] = None
    orientation: Annotated[
        room.Orientation, Field(description="How cars stand, which decides how much kerb they need")
    ] = "parallel"
    price_eur_h: Annotated[
        kerb.EurosPerHour | None, Field(description="Euros an hour, where parking there is paid")
    ] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why there is no room for so many."""
        faults = [fault.under("where") for fault in self.where.faults(city, KERB)]
        yield from faults
        if not faults:
            there = room.room(city, self.where, self.side, self.orientation)
            if there < self.count:
                words = counted(there, *SPACE)
                message = Text(
                    f"hier is plaats voor {words.nl}, niet voor {self.count}",
                    f"there is room for {words.en} here, not {self.count}",
                )
                yield Fault("count", message)
        if self.price_eur_h is not None and self.bay_kind != "paid":
            message = Text(kerb.ONLY_PAID_NL, "only for spaces with bay_kind: paid")
            yield Fault("price_eur_h", message)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the spaces come."""
        return union(array_of([row["geometry"] for row in self._rows(city)]))

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return the price of building the spaces and of what they are for."""
        return prices.of("bay_built", self.count) + prices.of(f"bay_{self.bay_kind}", self.count)

    def apply(self, city: City) -> City:
        """Return the city with the spaces."""
        return edited(city, "bays", added=self._rows(city))

    def describe(self, city: City) -> Text:
        """Return how many spaces come, what for, and where."""
        spaces, what = counted(self.count, *SPACE), BAY_KIND_WORDS[self.bay_kind]
        where = self.where.describe(city)
        return Text(
            f"{spaces.nl} erbij voor {what.nl} {where.nl}",
            f"Add {spaces.en} for {what.en} {where.en}",
        )

    def _rows(self, city: City) -> list[Row]:
        groups = room.new_groups(city, self.where, self.side, self.orientation, self.count)
        return [
            {
                **row,
                "bay": self.key("bay", number),
                "kind": self.bay_kind,
                "price_eur_h": self.price_eur_h,
            }
            for number, row in enumerate(groups, start=1)
        ]
