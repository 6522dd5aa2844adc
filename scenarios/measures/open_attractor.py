"""Something new that people go to."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited
from scenarios.measures.spots import Spot, spots
from scenarios.measures.streets import PEOPLE
from scenarios.measures.where import Name, Where
from scenarios.measures.wording import ATTRACTOR_KIND_WORDS
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.rules import Opened
from twin.words import Text

AttractorKind = Literal[
    "shop",
    "supermarket",
    "cafe",
    "restaurant",
    "school",
    "office",
    "culture",
    "health",
    "sport",
    "hotel",
    "worship",
    "service",
    "leisure",
]


class OpenAttractor(Measure, frozen=True):
    """Open a shop, a café, a school or another place that people go to."""

    title: ClassVar[Text] = Text("Winkel, café of school openen", "Open a shop, café or school")

    kind: Literal["open_attractor"] = "open_attractor"
    where: Where
    attractor_kind: Annotated[AttractorKind, Field(description="What it is")]
    name: Annotated[Name | None, Field(description="What it is called")] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why nobody can get in there."""
        for fault in self.where.faults(city, PEOPLE):
            yield fault.under("where")

    def footprint(self, city: City) -> BaseGeometry:
        """Return where its door is."""
        return self._spot(city).point

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return what it costs the city."""
        return prices.of("attractor_opened")

    def apply(self, city: City) -> City:
        """Return the city with it."""
        key = self.key("attractor", 1)
        row = {
            "attractor": key,
            "kind": self.attractor_kind,
            "name": self.name,
            "is_assumed": False,
            **self._spot(city).row,
        }
        return edited(city, "attractors", added=[row]).with_rules(opened=(Opened(key),))

    def describe(self, city: City) -> Text:
        """Return what opens, and where."""
        where, what = self.where.describe(city), ATTRACTOR_KIND_WORDS[self.attractor_kind]
        name = f" ({self.name})" if self.name else ""
        return Text(f"Er komt {what.nl}{name} {where.nl}", f"Open {what.en}{name} {where.en}")

    def _spot(self, city: City) -> Spot:
        (spot,) = spots(city, self.where, PEOPLE, 1)
        return spot
