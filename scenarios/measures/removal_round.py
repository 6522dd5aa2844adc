"""Rounds in which bikes that were left behind are taken away."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, cast

from pydantic import Field
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.measure import Measure
from scenarios.measures.streets import PEOPLE
from scenarios.measures.where import Where
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.shapes import array_of, union
from twin.rules import Round
from twin.words import Text

_DAYS_A_YEAR = 365
_HECTARE_M2 = 10_000


class RemovalRound(Measure, frozen=True):
    """Label bikes that were left behind, and take them away in rounds."""

    title: ClassVar[Text] = Text("Ronde voor achtergelaten fietsen", "Round for dumped bikes")

    kind: Literal["removal_round"] = "removal_round"
    every_d: Annotated[float, Field(ge=1, le=365, description="Days from one round to the next")]
    label_d: Annotated[
        float, Field(ge=0, le=365, description="Days that a label hangs before a bike is taken")
    ]
    where: Annotated[Where | None, Field(description="Where; everywhere if left out")] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why there can be no round there."""
        if self.where is not None:
            faults = [fault.under("where") for fault in self.where.faults(city, PEOPLE)]
            yield from faults
            if faults:
                return
        known = [city.boundary if each.area is None else each.area for each in city.rules.rounds]
        if known and union(array_of(known)).covers(self.footprint(city)):
            message = Text(
                "hier is al een ronde, en die gaat voor",
                "there is a round here already, which goes first",
            )
            yield Fault("where", message)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where bikes are taken away."""
        return city.boundary if self.where is None else self._area(city)

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of all rounds of a year, by area."""
        rounds = _DAYS_A_YEAR / self.every_d
        return prices.of("round_hectare", rounds * self.footprint(city).area / _HECTARE_M2)

    def apply(self, city: City) -> City:
        """Return the city with the rounds."""
        area = None if self.where is None else self._area(city)
        return city.with_rules(rounds=(Round(self.every_d, self.label_d, area),))

    def describe(self, city: City) -> Text:
        """Return how often, where, and how long a label hangs."""
        every, label = f"{self.every_d:g}", f"{self.label_d:g}"
        where = (
            Text("in de hele wijk", "everywhere")
            if self.where is None
            else self.where.describe(city)
        )
        return Text(
            f"Elke {every} dagen achtergelaten fietsen weghalen {where.nl};"
            f" eerst hangt er {label} dagen een label aan",
            f"Take dumped bikes away every {every} days {where.en};"
            f" a label hangs on them for {label} days first",
        )

    def _area(self, city: City) -> Polygon | MultiPolygon:
        return cast("Where", self.where).shape(city, PEOPLE)
