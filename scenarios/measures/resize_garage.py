"""A garage made larger or smaller, or closed."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Claim, Measure
from scenarios.measures.naming import key_of, named_faults
from scenarios.measures.rows import edited, row_of
from scenarios.measures.where import Name
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.frames import Row, is_missing
from twin.words import Text


class ResizeGarage(Measure, frozen=True):
    """Give a garage another capacity; with none it closes."""

    title: ClassVar[Text] = Text("Parkeergarage vergroten of verkleinen", "Resize a garage")

    kind: Literal["resize_garage"] = "resize_garage"
    garage: Annotated[Name, Field(description="Its key, or its name if no other has that")]
    capacity: Annotated[int, Field(ge=0, le=20_000, description="How many cars it then holds")]

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why it cannot be found, or is so large already."""
        faults = list(named_faults(city, "garages", self.garage))
        yield from faults
        if not faults and self._row(city)["capacity"] == self.capacity:
            message = Text(
                f"in “{self.garage}” passen al {self.capacity} auto’s",
                f"{self.garage!r} holds {self.capacity} cars already",
            )
            yield Fault("capacity", message)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where its entrance is."""
        return self._row(city)["geometry"]

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of places built, or of places closed."""
        more = self.capacity - int(self._row(city)["capacity"])
        return prices.of("garage_place" if more > 0 else "garage_place_closed", abs(more))

    def claims(self, city: City) -> Iterator[Claim]:
        """Yield the capacity."""
        what = Text("het aantal plekken", "the capacity")
        yield Claim(what, self._key(city), self.capacity)

    def apply(self, city: City) -> City:
        """Return the city with the garage as large as that, or without it."""
        change = {"capacity": self.capacity} if self.capacity else None
        return edited(city, "garages", changed={self._key(city): change})

    def describe(self, city: City) -> Text:
        """Return how large it was, and becomes."""
        row = self._row(city)
        name, was = row["name"] if not is_missing(row["name"]) else self.garage, row["capacity"]
        if not self.capacity:
            return Text(f"Garage {name} dicht", f"Close the garage {name}")
        return Text(
            f"Garage {name} van {was} naar {self.capacity} plekken",
            f"The garage {name} from {was} to {self.capacity} places",
        )

    def _key(self, city: City) -> str:
        return key_of(city, "garages", self.garage)

    def _row(self, city: City) -> Row:
        return row_of(city, "garages", self._key(city))
