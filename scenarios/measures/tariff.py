"""What parking costs, and when."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import kerb
from scenarios.measures.measure import Claim, Measure
from scenarios.measures.rows import edited
from scenarios.measures.when import When
from scenarios.measures.where import WhereBays
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.rules import PaidHours
from twin.words import Text


class Tariff(Measure, frozen=True):
    """Set the price of paid parking, the hours in which it is paid, or both."""

    title: ClassVar[Text] = Text("Parkeertarief", "Parking tariff")

    kind: Literal["tariff"] = "tariff"
    where: WhereBays
    price_eur_h: Annotated[
        kerb.EurosPerHour | None, Field(description="Euros an hour; as it is if left out")
    ] = None
    when: Annotated[
        When | None, Field(description="When parking has to be paid for; as it is if left out")
    ] = None
    of: Annotated[kerb.BayKinds, Field(description="Spaces of which kinds")] = ("paid",)

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why no tariff can be set there."""
        if self.price_eur_h is None and self.when is None:
            message = Text(
                "geef een prijs, de uren waarop betaald wordt, of allebei",
                "needs price_eur_h, when, or both",
            )
            yield Fault("", message)
        yield from kerb.groups_faults(city, self.where, self.of)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the spaces are."""
        return kerb.shape_of(self._groups(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of new signs and of changing what machines and apps say."""
        return prices.of("tariff_changed", kerb.total(self._groups(city)))

    def claims(self, city: City) -> Iterator[Claim]:
        """Yield the price and the hours of each group of spaces."""
        for group in self._groups(city):
            if self.price_eur_h is not None:
                yield Claim(Text("de prijs", "the price"), group.bay, self.price_eur_h)
            if self.when is not None:
                what = Text("de tijd waarop betaald wordt", "the paid hours")
                yield Claim(what, group.bay, self.when.describe())

    def apply(self, city: City) -> City:
        """Return the city with the tariff."""
        keys = tuple(group.bay for group in self._groups(city))
        if self.price_eur_h is not None:
            price = {"price_eur_h": self.price_eur_h}
            city = edited(city, "bays", changed=dict.fromkeys(keys, price))
        if self.when is not None:
            city = city.with_rules(paid_hours=(PaidHours(keys, self.when.hours),))
        return city

    def describe(self, city: City) -> Text:
        """Return what parking costs there, and when."""
        where = self.where.describe(city)
        nl, en = f"Betaald parkeren {where.nl}", f"Paid parking {where.en}"
        if self.price_eur_h is not None:
            nl += f": {self.price_eur_h:.2f} euro per uur".replace(".", ",")
            en += f": {self.price_eur_h:.2f} euros an hour"
        if self.when is not None:
            when = self.when.describe()
            nl, en = f"{nl}, {when.nl}", f"{en}, {when.en}"
        return Text(nl, en)

    def _groups(self, city: City) -> list[kerb.Spaces]:
        return kerb.find_groups(city, self.where, self.of)
