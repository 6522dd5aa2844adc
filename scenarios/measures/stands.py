"""Places in bicycle stands: finding those that are meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.rows import rows_by_key
from scenarios.measures.streets import having
from scenarios.measures.where import WhereRacks
from scenarios.measures.wording import RACK_PLACE, STANDS, are, counted
from twin.city import City
from twin.place.frames import Row
from twin.place.shapes import array_of, union
from twin.words import Text

WITH_STANDS = having("racks", STANDS)


@dataclass(frozen=True, slots=True)
class Places:
    """Places of one bicycle stand."""

    rack: str
    count: int
    capacity: int
    point: shapely.Point

    @property
    def is_whole(self) -> bool:
        """Whether these are all places of the stand."""
        return self.count == self.capacity

    @property
    def left(self) -> Row | None:
        """What becomes of the stand when these go; None when nothing is left."""
        return None if self.is_whole else {"capacity": self.capacity - self.count}


def find_places(city: City, where: WhereRacks, count: int | None) -> list[Places]:
    """Return the first ``count`` places that are meant (all when None), nearest to a spot first."""
    rows = rows_by_key(city, "racks")
    if where.racks is not None:
        keys = [key for key in where.racks if key in rows]
    elif where.area is not None:
        area = where.area.polygon(city)
        keys = [key for key in sorted(rows) if area.covers(rows[key]["geometry"])]
    else:
        on = set(where.segments_meant(city, WITH_STANDS))
        keys = [key for key in sorted(rows) if rows[key]["segment"] in on]
    if where.at is not None:
        spot = where.point(city)
        keys.sort(key=lambda key: (rows[key]["geometry"].distance(spot), key))
    return list(_first(keys, rows, count))


def places_faults(city: City, where: WhereRacks, count: int | None) -> Iterator[Fault]:
    """Yield why so many places cannot be found there."""
    faults = list(where.faults_beside(city, WITH_STANDS))
    yield from faults
    if faults:
        return
    there = total(find_places(city, where, None))
    if not there:
        message = Text(f"hier zijn geen {STANDS.nl}", f"there are no {STANDS.en} here")
        yield Fault("where", message)
    elif count is not None and there < count:
        verb, words = are(there), counted(there, *RACK_PLACE)
        message = Text(
            f"er {verb.nl} hier {words.nl}, geen {count}",
            f"there {verb.en} {words.en} here, not {count}",
        )
        yield Fault("places", message)


def total(places: Sequence[Places]) -> int:
    """Return how many places these are together."""
    return sum(each.count for each in places)


def shape_of(places: Sequence[Places]) -> BaseGeometry:
    """Return where the stands are."""
    return union(array_of([each.point for each in places]))


def _first(keys: Sequence[str], rows: dict[str, Row], count: int | None) -> Iterator[Places]:
    for key in keys:
        capacity = int(rows[key]["capacity"])
        places = Places(key, capacity, capacity, rows[key]["geometry"])
        if count is None:
            yield places
        elif count > 0:
            yield replace(places, count=min(capacity, count))
            count -= capacity
