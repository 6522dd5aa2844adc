"""What a garage costs."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import kerb
from scenarios.measures.measure import Claim, Measure
from scenarios.measures.naming import key_of, named_faults
from scenarios.measures.rows import row_of
from scenarios.measures.where import Name
from scenarios.measures.wording import number
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.frames import Row, is_missing
from twin.rules import GaragePrice
from twin.words import Text


class GarageTariff(Measure, frozen=True):
    """Set what visitors pay for an hour in a garage."""

    title: ClassVar[Text] = Text("Tarief van een parkeergarage", "Tariff of a garage")

    kind: Literal["garage_tariff"] = "garage_tariff"
    garage: Annotated[Name, Field(description="Its key, or its name if no other has that")]
    price_eur_h: Annotated[kerb.EurosPerHour, Field(description="Euros an hour")]

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why it cannot be found."""
        yield from named_faults(city, "garages", self.garage)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where its entrance is."""
        return self._row(city)["geometry"]

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return the price of what machines and apps say."""
        return prices.of("garage_tariff_changed")

    def claims(self, city: City) -> Iterator[Claim]:
        """Yield the price."""
        yield Claim(Text("de prijs", "the price"), self._key(city), self.price_eur_h)

    def apply(self, city: City) -> City:
        """Return the city with the tariff."""
        return city.with_rules(garage_prices=(GaragePrice(self._key(city), self.price_eur_h),))

    def describe(self, city: City) -> Text:
        """Return what an hour costs there."""
        row = self._row(city)
        name = self.garage if is_missing(row["name"]) else row["name"]
        euros = number(self.price_eur_h, ".2f")
        return Text(
            f"Garage {name} kost {euros.nl} euro per uur",
            f"The garage {name} costs {euros.en} euros an hour",
        )

    def _key(self, city: City) -> str:
        return key_of(city, "garages", self.garage)

    def _row(self, city: City) -> Row:
        return row_of(city, "garages", self._key(city))
