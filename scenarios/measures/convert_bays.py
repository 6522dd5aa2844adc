"""Changing what parking spaces are for."""

from collections.abc import Iterator
from itertools import count
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import kerb
from scenarios.measures.measure import Measure
from scenarios.measures.where import WhereBays
from scenarios.measures.wording import BAY_KIND_WORDS
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.layers import BAY_KINDS
from twin.words import Text


class ConvertBays(Measure, frozen=True):
    """Let parking spaces be for something else: permit holders, loading, shared cars…"""

    title: ClassVar[Text] = Text("Parkeerplekken anders gebruiken", "Use parking spaces otherwise")

    kind: Literal["convert_bays"] = "convert_bays"
    where: WhereBays
    to: Annotated[kerb.BayKind, Field(description="What they are for from then on")]
    count: Annotated[
        kerb.SpaceCount | None, Field(description="How many spaces; all that are there if left out")
    ] = None
    of: Annotated[
        kerb.BayKinds | None,
        Field(description="Only spaces of these kinds; any other kind if left out"),
    ] = None
    price_eur_h: Annotated[
        kerb.EurosPerHour | None, Field(description="Euros an hour, with to: paid")
    ] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why so many spaces cannot be changed."""
        if self.of is not None and self.to in self.of:
            message = Text(
                f"plekken die al voor {BAY_KIND_WORDS[self.to].nl} zijn, kunnen dat niet worden",
                f"spaces that are {self.to} already cannot become it",
            )
            yield Fault("of", message)
            return
        if self.price_eur_h is not None and self.to != "paid":
            yield Fault("price_eur_h", Text(kerb.ONLY_PAID_NL, "only with to: paid"))
        yield from kerb.spaces_faults(city, self.where, self.count, self._kinds)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where the spaces are."""
        return kerb.shape_of(self._spaces(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of signs, posts and paint for what they become."""
        return prices.of(f"bay_{self.to}", kerb.total(self._spaces(city)))

    def apply(self, city: City) -> City:
        """Return the city in which the spaces are for something else."""
        keys = (self.key("bay", number) for number in count(1))
        change = {
            "kind": self.to,
            "price_eur_h": self.price_eur_h,
            "source_kind": None,
            "is_assumed": False,
        }
        return kerb.changed_spaces(city, self._spaces(city), change, keys)

    def describe(self, city: City) -> Text:
        """Return how many spaces change, where, and what they are for."""
        nl, en = kerb.in_words(self._spaces(city))
        where, what = self.where.describe(city), BAY_KIND_WORDS[self.to]
        return Text(
            f"{nl} {where.nl} voortaan voor {what.nl}", f"Use {en} {where.en} for {what.en}"
        )

    @property
    def _kinds(self) -> tuple[str, ...]:
        return self.of or tuple(kind for kind in BAY_KINDS if kind != self.to)

    def _spaces(self, city: City) -> list[kerb.Spaces]:
        return kerb.taken(kerb.find_spaces(city, self.where, self._kinds), self.count)
