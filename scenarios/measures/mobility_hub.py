"""Shared cars and bicycle stands together on one spot."""

from collections.abc import Iterator
from itertools import count as counting
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault, UnsoundError
from scenarios.measures import kerb
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited
from scenarios.measures.spots import Spot, spots
from scenarios.measures.streets import PEOPLE
from scenarios.measures.where import Name, Where
from scenarios.measures.wording import RACK_PLACE, counted
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.shapes import array_of, union
from twin.words import Text

_FROM = ("public", "paid", "permit", "short_stay")
_SHARED_CAR = Text("deelauto", "shared car"), Text("deelauto’s", "shared cars")


class MobilityHub(Measure, frozen=True):
    """Put shared cars and bicycle stands together; the cars get spaces that are there."""

    title: ClassVar[Text] = Text("Mobiliteitshub", "Mobility hub")

    kind: Literal["mobility_hub"] = "mobility_hub"
    where: Where
    shared_cars: Annotated[
        int, Field(ge=0, le=500, description="Parking spaces that become places for shared cars")
    ] = 0
    rack_places: Annotated[
        int, Field(ge=0, le=5_000, description="Places in a bicycle stand beside them")
    ] = 0
    removed_bays: Annotated[
        int, Field(ge=0, le=500, description="Parking spaces taken away to make room for the stand")
    ] = 0
    name: Annotated[Name | None, Field(description="What it is called")] = None

    @model_validator(mode="after")
    def _is_something(self) -> "MobilityHub":
        if not self.shared_cars and not self.rack_places:
            raise UnsoundError(
                Text(
                    "kies deelauto’s, fietsplekken, of allebei",
                    "needs shared_cars, rack_places, or both",
                )
            )
        return self

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why it cannot be there."""
        faults = [fault.under("where") for fault in self.where.faults(city, PEOPLE)]
        yield from faults
        if self._needed and not faults:
            for fault in kerb.spaces_faults(city, self.where, self._needed, _FROM):
                yield Fault("shared_cars", fault.message) if fault.field == "count" else fault

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the cars and the stand are."""
        spaces = kerb.shape_of(self._spaces(city, self._needed))
        stand = [self._spot(city).point] if self.rack_places else []
        return union(array_of([spaces, *stand]))

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return the price of the hub's sign, its spaces and its stand."""
        return (
            prices.of("hub")
            + prices.of("bay_shared_car", self.shared_cars)
            + prices.of("bay_removed", self.removed_bays)
            + prices.of("rack_place", self.rack_places)
        )

    def apply(self, city: City) -> City:
        """Return the city with the hub."""
        if self.rack_places:
            row = {
                "rack": self.key("rack", 1),
                "name": self.name,
                "capacity": self.rack_places,
                "is_assumed": False,
                **self._spot(city).row,
            }
            city = edited(city, "racks", added=[row])
        # The spaces nearest to the stand make room for it; cars get the next ones.
        if self.removed_bays:
            city = kerb.without_spaces(city, self._spaces(city, self.removed_bays))
        if not self.shared_cars:
            return city
        change = {
            "kind": "shared_car",
            "price_eur_h": None,
            "source_kind": None,
            "is_assumed": False,
        }
        keys = (self.key("bay", number) for number in counting(1))
        return kerb.changed_spaces(city, self._spaces(city, self.shared_cars), change, keys)

    def describe(self, city: City) -> Text:
        """Return what is in it, and where."""
        where, name = self.where.describe(city), f" {self.name}" if self.name else ""
        cars, places = (
            counted(self.shared_cars, *_SHARED_CAR),
            counted(self.rack_places, *RACK_PLACE),
        )
        return Text(
            f"Hub{name} {where.nl} met {cars.nl} en {places.nl}",
            f"A hub{name} {where.en} with {cars.en} and {places.en}",
        )

    @property
    def _needed(self) -> int:
        return self.shared_cars + self.removed_bays

    def _spaces(self, city: City, count: int) -> list[kerb.Spaces]:
        return kerb.taken(kerb.find_spaces(city, self.where, _FROM), count)

    def _spot(self, city: City) -> Spot:
        (spot,) = spots(city, self.where, PEOPLE, 1)
        return spot
