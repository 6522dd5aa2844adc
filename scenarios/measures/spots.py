"""Spots beside a street for things that stand on it: stands, benches, doors."""

from dataclasses import dataclass

import shapely

from scenarios.measures.room import beside
from scenarios.measures.streets import Streets, Suitable, streets_of
from scenarios.measures.where import Where
from twin.city import City
from twin.place.frames import Row

_AROUND_M = 0.5


@dataclass(frozen=True, slots=True)
class Spot:
    """A point, the segment it is attached to, and how far along that it is."""

    point: shapely.Point
    segment: str
    along_m: float

    @property
    def row(self) -> Row:
        """The columns of a layer that say where something stands."""
        return {"geometry": self.point, "segment": self.segment, "along_m": self.along_m}


def spots(city: City, where: Where, suitable: Suitable, count: int) -> list[Spot]:
    """Return spots spread evenly along what is meant; all at the spot itself if it is one."""
    stretches = where.stretches(city, suitable)
    if stretches[0].is_spot:
        spot = Spot(where.point(city), stretches[0].segment, stretches[0].start_m)
        return [spot] * count
    streets = streets_of(city)
    whole_m = sum(stretch.length_m for stretch in stretches)
    found: list[Spot] = []
    for number in range(count):
        left_m = (number + 0.5) / count * whole_m
        for stretch in stretches:
            if left_m <= stretch.length_m or stretch is stretches[-1]:
                found.append(_spot(streets, stretch.segment, stretch.start_m + left_m))
                break
            left_m -= stretch.length_m
    return found


def _spot(streets: Streets, segment: str, along_m: float) -> Spot:
    line = streets.line(segment)
    along_m = min(along_m, line.length)
    around = max(along_m - _AROUND_M, 0.0), min(along_m + _AROUND_M, line.length)
    kerb = beside(streets, segment, "right", *around)
    return Spot(kerb.interpolate(0.5, normalized=True), segment, along_m)
