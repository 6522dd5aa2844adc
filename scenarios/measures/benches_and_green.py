"""Benches, trees and green: a more pleasant walk."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault, UnsoundError
from scenarios.measures.measure import Measure
from scenarios.measures.room import beside
from scenarios.measures.rows import edited
from scenarios.measures.streets import PEOPLE, Stretch, shape_of_segments, streets_of
from scenarios.measures.where import Where
from scenarios.measures.wording import counted, number
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.rules import Comfort
from twin.words import Text

MOST_COMFORT = 0.1
"""How much shorter a metre feels where a street has all the benches and green it can use.
Assumed."""

SERVED_M = {"benches": 50.0, "trees": 15.0, "green_m2": 2.0}
"""Metres of street that one of each makes pleasant. Assumed."""

STRIP_M = 1.5
"""Width of a strip of green beside the kerb."""

_LEAST_STRIP_M = 1.0


class BenchesAndGreen(Measure, frozen=True):
    """Put benches, trees and strips of green along a street, so that the walk feels shorter."""

    title: ClassVar[Text] = Text("Bankjes en groen", "Benches and green")

    kind: Literal["benches_and_green"] = "benches_and_green"
    where: Where
    benches: Annotated[int, Field(ge=0, le=500, description="How many benches")] = 0
    trees: Annotated[int, Field(ge=0, le=2_000, description="How many trees")] = 0
    green_m2: Annotated[
        float,
        Field(ge=0, le=50_000, description="Area of plants, in strips of 1.5 m beside the kerb"),
    ] = 0.0

    @model_validator(mode="after")
    def _is_something(self) -> "BenchesAndGreen":
        if not (self.benches or self.trees or self.green_m2):
            raise UnsoundError(
                Text("kies bankjes, bomen of groen", "needs benches, trees or green_m2")
            )
        return self

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why there is no room there."""
        faults = [fault.under("where") for fault in self.where.faults(city, PEOPLE)]
        yield from faults
        if not faults and not self._segments(city):
            message = Text(
                "hier ligt geen straat waar mensen lopen, of maar een klein deel ervan",
                "no street where people walk lies here for the most part",
            )
            yield Fault("where", message)
        elif not faults:
            room_m2 = sum(stretch.length_m for stretch in self._stretches(city)) * STRIP_M
            if self.green_m2 > room_m2:
                green = number(self.green_m2)
                message = Text(
                    f"hier is plaats voor een strook van {room_m2:.0f} m² groen, niet {green.nl} m²",
                    f"there is room for {room_m2:.0f} m² in a strip here, not {green.en}",
                )
                yield Fault("green_m2", message)

    def footprint(self, city: City) -> BaseGeometry:
        """Return the streets that become more pleasant."""
        return shape_of_segments(city, self._segments(city))

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return the price of the benches, the trees and the green."""
        return (
            prices.of("bench", self.benches)
            + prices.of("tree", self.trees)
            + prices.of("green_m2", self.green_m2)
        )

    def apply(self, city: City) -> City:
        """Return the city with green beside the kerb, and streets that feel shorter."""
        strips = [
            {"green": self.key("green", number), "name": None, "kind": "garden", "geometry": strip}
            for number, strip in enumerate(self._strips(city), start=1)
        ]
        if strips:
            city = edited(city, "green", added=strips)
        return city.with_rules(comforts=(Comfort(self._segments(city), self._felt(city)),))

    def describe(self, city: City) -> Text:
        """Return what comes, and where."""
        where = self.where.describe(city)
        parts = [
            counted(count, *words)
            for count, words in ((self.benches, _BENCH), (self.trees, _TREE))
            if count
        ]
        if self.green_m2:
            parts.append(Text(f"{self.green_m2:g} m² groen", f"{self.green_m2:g} m² of green"))
        return Text(
            f"{', '.join(part.nl for part in parts)} {where.nl}",
            f"Put {', '.join(part.en for part in parts)} {where.en}",
        )

    def _segments(self, city: City) -> tuple[str, ...]:
        return self.where.segments_meant(city, PEOPLE)

    def _felt(self, city: City) -> float:
        served_m = sum(getattr(self, name) * each_m for name, each_m in SERVED_M.items())
        share = min(served_m / self.footprint(city).length, 1.0)
        return round(1 - MOST_COMFORT * share, 4)

    def _stretches(self, city: City) -> list[Stretch]:
        streets = streets_of(city)
        return [
            streets.whole(streets.position[stretch.segment]) if stretch.is_spot else stretch
            for stretch in self.where.stretches(city, PEOPLE)
        ]

    def _strips(self, city: City) -> Iterator[Polygon]:
        left_m = self.green_m2 / STRIP_M
        streets = streets_of(city)
        for stretch in self._stretches(city):
            here_m = min(left_m, stretch.length_m)
            if here_m < _LEAST_STRIP_M:
                continue
            end_m = stretch.start_m + here_m
            middle = beside(streets, stretch.segment, "right", stretch.start_m, end_m, STRIP_M / 2)
            yield Polygon(middle.buffer(STRIP_M / 2, cap_style="flat"))
            left_m -= here_m


_BENCH = Text("bankje", "bench"), Text("bankjes", "benches")
_TREE = Text("boom", "tree"), Text("bomen", "trees")
