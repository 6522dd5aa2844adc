"""A zone for parking permits."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures import kerb
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited
from scenarios.measures.streets import PEOPLE
from scenarios.measures.where import Name, Where
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.rules import PermitZone as ZoneRule
from twin.words import Text


class PermitZone(Measure, frozen=True):
    """Make an area in which its own permits are valid, and no others."""

    title: ClassVar[Text] = Text("Vergunninggebied", "Permit zone")

    kind: Literal["permit_zone"] = "permit_zone"
    name: Annotated[Name, Field(description="What the zone is called; unique in the place")]
    where: Where
    only_permits: Annotated[
        bool, Field(description="Whether free and paid spaces become spaces for permits only")
    ] = False

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why there can be no such zone."""
        faults = [fault.under("where") for fault in self.where.faults(city, PEOPLE)]
        yield from faults
        for zone in city.rules.permit_zones:
            if zone.name == self.name:
                message = Text(
                    f"er is al een vergunninggebied “{self.name}”",
                    f"there is a zone {self.name!r} already",
                )
                yield Fault("name", message)
            elif not faults and zone.area.intersection(self._area(city)).area > _MOST_OVERLAP_M2:
                message = Text(
                    f"dit ligt voor een deel in het vergunninggebied “{zone.name}”",
                    f"lies partly in the zone {zone.name!r}",
                )
                yield Fault("where", message)

    def footprint(self, city: City) -> BaseGeometry:
        """Return the zone."""
        return self._area(city)

    def cost(self, city: City, prices: Prices) -> Cost:
        """Return the price of the zone, and of signs at spaces that become permit spaces."""
        return prices.of("permit_zone") + prices.of("bay_permit", kerb.total(self._groups(city)))

    def apply(self, city: City) -> City:
        """Return the city with the zone."""
        change = {"kind": "permit", "price_eur_h": None, "source_kind": None}
        groups = {group.bay: change for group in self._groups(city)}
        if groups:
            city = edited(city, "bays", changed=groups)
        return city.with_rules(permit_zones=(ZoneRule(self.name, self._area(city)),))

    def describe(self, city: City) -> Text:
        """Return which permits are valid where."""
        where = self.where.describe(city)
        only = Text(", en alleen die", ", and nothing else") if self.only_permits else Text("", "")
        return Text(
            f"Vergunningen van gebied {self.name} gelden {where.nl}{only.nl}",
            f"Permits of zone {self.name} are valid {where.en}{only.en}",
        )

    def _area(self, city: City) -> Polygon | MultiPolygon:
        return self.where.shape(city, PEOPLE)

    def _groups(self, city: City) -> list[kerb.Spaces]:
        if not self.only_permits:
            return []
        return kerb.groups_in(city, self._area(city), ("public", "paid"))


_MOST_OVERLAP_M2 = 1.0
