"""How long a car may stay."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import kerb
from scenarios.measures.measure import Claim, Measure
from scenarios.measures.where import WhereBays
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.rules import MaxStay as StayRule
from twin.words import Text


class MaxStay(Measure, frozen=True):
    """Set the longest stay for everybody without a permit."""

    title: ClassVar[Text] = Text("Maximale parkeerduur", "Maximum stay")

    kind: Literal["max_stay"] = "max_stay"
    where: WhereBays
    minutes: Annotated[float, Field(ge=5, le=10_080, description="The longest stay, in minutes")]
    of: Annotated[
        kerb.BayKinds | None, Field(description="Only spaces of these kinds; any if left out")
    ] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why there is nothing there to limit."""
        yield from kerb.groups_faults(city, self.where, self.of)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the spaces are."""
        return kerb.shape_of(self._groups(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of signs, and of checking."""
        return prices.of("max_stay_space", kerb.total(self._groups(city)))

    def claims(self, city: City) -> Iterator[Claim]:
        """Yield the longest stay in each group of spaces."""
        for group in self._groups(city):
            what = Text("de langste parkeerduur in minuten", "the longest stay in minutes")
            yield Claim(what, group.bay, self.minutes)

    def apply(self, city: City) -> City:
        """Return the city with the limit."""
        keys = tuple(group.bay for group in self._groups(city))
        return city.with_rules(max_stays=(StayRule(keys, self.minutes),))

    def describe(self, city: City) -> Text:
        """Return how long a car may stay, and where."""
        where, minutes = self.where.describe(city), f"{self.minutes:g}"
        return Text(
            f"Niet langer dan {minutes} minuten parkeren {where.nl}",
            f"Park for no longer than {minutes} minutes {where.en}",
        )

    def _groups(self, city: City) -> list[kerb.Spaces]:
        return kerb.find_groups(city, self.where, self.of)
