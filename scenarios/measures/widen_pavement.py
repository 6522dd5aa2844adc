"""More room to walk."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault, UnsoundError
from scenarios.measures import kerb
from scenarios.measures.measure import Claim, Measure
from scenarios.measures.room import Side
from scenarios.measures.rows import rows_by_key, with_values
from scenarios.measures.streets import KERB, shape_of_segments, streets_of
from scenarios.measures.where import Where
from scenarios.measures.wording import number
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.assumptions import ASSUMPTIONS
from twin.rules import Pavement
from twin.words import Text

LEAST_LANE_M = 3.0
"""Least width that must be left for cars to drive: the lane of a one-way street. Assumed."""

MOST_FROM_BAYS_M = 2.5
"""How wide a row of parking spaces is at most. Assumed."""


class WidenPavement(Measure, frozen=True):
    """Widen the pavement, at the cost of the parking spaces beside it or of the carriageway."""

    title: ClassVar[Text] = Text("Bredere stoep", "A wider pavement")

    kind: Literal["widen_pavement"] = "widen_pavement"
    where: Where
    by_m: Annotated[float, Field(gt=0, le=20, description="How much wider it becomes")]
    clear_m: Annotated[
        float, Field(gt=0, le=30, description="How much of it is then clear to walk on")
    ]
    takes: Annotated[
        Literal["bays", "carriageway"],
        Field(description="What it takes the room from: all parking spaces there, or the roadway"),
    ]
    side: Annotated[
        Side | None,
        Field(description="Side of the segments, as they are drawn; both if left out"),
    ] = None

    @model_validator(mode="after")
    def _is_sound(self) -> "WidenPavement":
        if self.clear_m < self.by_m:
            raise UnsoundError(
                Text(
                    "er blijft minder vrij om te lopen (clear_m) dan erbij komt (by_m)",
                    "clear_m is less than by_m: what is added is clear",
                )
            )
        return self

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why there is no room for it."""
        faults = [fault.under("where") for fault in self.where.faults(city, KERB)]
        yield from faults
        if faults:
            return
        if not self._segments(city):
            message = Text(
                "hier ligt geen straat voor auto’s en voetgangers, of maar een klein deel ervan",
                "no street for cars and people lies here for the most part",
            )
            yield Fault("where", message)
        elif self.takes == "bays":
            if not self._spaces(city):
                message = Text(
                    "hier zijn geen parkeerplekken; neem de ruimte van de rijbaan",
                    "there are no parking spaces here; say takes: carriageway",
                )
                yield Fault("takes", message)
            if self.by_m > MOST_FROM_BAYS_M:
                most = number(MOST_FROM_BAYS_M)
                message = Text(
                    f"parkeerplekken zijn hoogstens {most.nl} meter breed",
                    f"spaces are at most {most.en} m wide",
                )
                yield Fault("by_m", message)
        else:
            yield from self._narrow_faults(city)

    def footprint(self, city: City) -> BaseGeometry:
        """Return the streets."""
        return shape_of_segments(city, self._segments(city))

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of the pavement, by area; that of paving spaces over is part of it."""
        return prices.of("pavement_m2", self.footprint(city).length * self._wider_m)

    def claims(self, city: City) -> Iterator[Claim]:
        """Yield the clear width along each segment."""
        for segment in self._segments(city):
            what = Text("de vrije breedte van de stoep", "the clear width of the pavement")
            yield Claim(what, segment, self.clear_m)

    def apply(self, city: City) -> City:
        """Return the city with the wider pavement."""
        segments = self._segments(city)
        if self.takes == "bays":
            city = kerb.without_spaces(city, self._spaces(city))
        else:
            streets = streets_of(city)
            width_m = {
                key: {"width_m": float(streets.width_m[streets.position[key]]) - self._wider_m}
                for key in segments
            }
            city = with_values(city, "segments", width_m)
        return city.with_rules(pavements=(Pavement(segments, self.clear_m),))

    def describe(self, city: City) -> Text:
        """Return how much wider, where, and what goes."""
        where = self.where.describe(city)
        if self.takes == "bays":
            nl, en = kerb.in_words(self._spaces(city))
            what = Text(f"{nl} weg", f"{en} go")
        else:
            what = Text("de rijbaan wordt smaller", "the carriageway becomes narrower")
        wider = number(self.by_m)
        return Text(
            f"Stoep {wider.nl} meter breder {where.nl}; {what.nl}",
            f"Widen the pavement by {wider.en} metres {where.en}; {what.en}",
        )

    @property
    def _wider_m(self) -> float:
        return self.by_m * (2 if self.side is None else 1)

    def _segments(self, city: City) -> tuple[str, ...]:
        return self.where.segments_meant(city, KERB)

    def _spaces(self, city: City) -> list[kerb.Spaces]:
        on = set(self._segments(city))
        return kerb.whole_groups(
            city, lambda row: row["segment"] in on and self.side in {None, row["side"]}
        )

    def _narrow_faults(self, city: City) -> Iterator[Fault]:
        streets = streets_of(city)
        sides: dict[str, set[str]] = {}
        for row in rows_by_key(city, "bays").values():
            sides.setdefault(str(row["segment"]), set()).add(str(row["side"]))
        for key in self._segments(city):
            width_m = float(streets.width_m[streets.position[key]])
            parked_m = ASSUMPTIONS.bay_parallel_depth_m * len(sides.get(key, ()))
            spare_m = width_m - parked_m - LEAST_LANE_M
            if self._wider_m > spare_m:
                wide, spare = number(width_m, ".1f"), number(max(spare_m, 0), ".1f")
                message = Text(
                    f"straatdeel {key} is {wide.nl} meter breed; daar kan hoogstens"
                    f" {spare.nl} meter af",
                    f"segment {key} is {wide.en} m wide; {spare.en} m can go at most",
                )
                yield Fault("by_m", message)
