"""Something that people no longer go to."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Measure
from scenarios.measures.naming import key_of, named_faults
from scenarios.measures.rows import edited, row_of
from scenarios.measures.where import Name
from scenarios.measures.wording import ATTRACTOR_KIND_WORDS
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.frames import Row, is_missing
from twin.rules import Closed
from twin.words import Text


class CloseAttractor(Measure, frozen=True):
    """Close a shop, a café, a school or another place that people go to."""

    title: ClassVar[Text] = Text("Winkel, café of school sluiten", "Close a shop, café or school")

    kind: Literal["close_attractor"] = "close_attractor"
    attractor: Annotated[Name, Field(description="Its key, or its name if no other has that")]

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why it cannot be found."""
        yield from named_faults(city, "attractors", self.attractor)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where it is."""
        return self._row(city)["geometry"]

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return what it costs the city."""
        return prices.of("attractor_closed")

    def apply(self, city: City) -> City:
        """Return the city without it; one that another measure opened leaves nothing behind."""
        key, row = key_of(city, "attractors", self.attractor), self._row(city)
        changed = edited(city, "attractors", changed={key: None})
        if is_missing(row["segment"]) or key in {one.attractor for one in city.rules.opened}:
            return changed
        at = row["geometry"].representative_point()
        closed = Closed(key, str(row["kind"]), float(at.x), float(at.y))
        return changed.with_rules(closed=(closed,))

    def describe(self, city: City) -> Text:
        """Return what closes."""
        row = self._row(city)
        what = ATTRACTOR_KIND_WORDS[str(row["kind"])]
        name = self.attractor if is_missing(row["name"]) else row["name"]
        return Text(f"{name} ({what.nl}) gaat dicht", f"Close {name} ({what.en})")

    def _row(self, city: City) -> Row:
        return row_of(city, "attractors", key_of(city, "attractors", self.attractor))
