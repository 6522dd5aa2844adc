"""Spaces at the kerb: finding those that are meant, taking them away, changing what they are for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, cast

from pydantic import Field
from shapely import LineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from scenarios.faults import Fault
from scenarios.measures.rows import edited, rows_by_key
from scenarios.measures.streets import Streets, having, streets_of
from scenarios.measures.where import Where, WhereBays
from scenarios.measures.wording import BAY_KIND_WORDS, SPACE, are, counted
from twin.city import City
from twin.place.frames import Row
from twin.place.shapes import array_of, union
from twin.words import Text

BayKind = Literal[
    "public", "permit", "paid", "loading", "disabled", "shared_car", "charging", "short_stay"
]
BayKinds = Annotated[tuple[BayKind, ...], Field(strict=False, min_length=1)]
EurosPerHour = Annotated[float, Field(ge=0, le=100)]
SpaceCount = Annotated[int, Field(ge=1, le=10_000)]

ONLY_PAID_NL = "een prijs kan alleen bij betaald parkeren"

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Spaces:
    """Spaces of one group of bays that lie together at one end of its line."""

    bay: str
    count: int
    capacity: int
    line: LineString
    at_end: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether these are all spaces of the group."""
        return self.count == self.capacity

    @property
    def part(self) -> LineString:
        """The part of the group's line where these spaces are."""
        return self._cut()[1]

    @property
    def rest(self) -> LineString:
        """The part of the group's line where the others are."""
        return self._cut()[0]

    def _cut(self) -> tuple[LineString, LineString]:
        share = self.count / self.capacity
        at = 1 - share if self.at_end else share
        first = cast("LineString", substring(self.line, 0, at, normalized=True))
        last = cast("LineString", substring(self.line, at, 1, normalized=True))
        return (first, last) if self.at_end else (last, first)


def find_spaces(city: City, where: Where, kinds: Sequence[str] | None = None) -> list[Spaces]:
    """Return the spaces that are meant: by key of their group, or nearest to the spot first."""
    groups = {
        key: row
        for key, row in rows_by_key(city, "bays").items()
        if kinds is None or row["kind"] in kinds
    }
    if isinstance(where, WhereBays) and where.bays is not None:
        return [_whole(key, groups[key]) for key in where.bays if key in groups]
    if where.area is not None:
        area = where.area.polygon(city)
        found = [_in_area(key, groups[key], area) for key in sorted(groups)]
        return [spaces for spaces in found if spaces is not None]
    segments = set(where.segments_meant(city, having("bays", SPACE[1], kinds)))
    there = [
        _whole(key, groups[key]) for key in sorted(groups) if groups[key]["segment"] in segments
    ]
    if where.at is not None:
        spot = where.point(city)
        there.sort(key=lambda each: (each.line.distance(spot), each.bay))
        return [replace(each, at_end=_is_last_half(each.line, spot)) for each in there]
    return there


def taken(found: Sequence[Spaces], count: int | None) -> list[Spaces]:
    """Return the first ``count`` spaces of those found; all of them when None."""
    if count is None:
        return list(found)
    some: list[Spaces] = []
    for spaces in found:
        here = min(spaces.count, count)
        if here:
            some.append(replace(spaces, count=here))
        count -= here
    return some


def find_groups(city: City, where: Where, kinds: Sequence[str] | None = None) -> list[Spaces]:
    """Return the groups of bays that are meant, each as a whole: most of it is there."""
    found = find_spaces(city, where, kinds)
    return [
        replace(spaces, count=spaces.capacity)
        for spaces in found
        if spaces.count >= _HALF * spaces.capacity
    ]


def groups_in(city: City, area: BaseGeometry, kinds: Sequence[str]) -> list[Spaces]:
    """Return the groups of bays of some kinds of which the middle lies in an area."""

    def is_in(row: Row) -> bool:
        line: LineString = row["geometry"]
        middle = line.interpolate(_HALF, normalized=True)
        return row["kind"] in kinds and bool(area.covers(middle))

    return whole_groups(city, is_in)


def whole_groups(city: City, is_meant: Callable[[Row], bool]) -> list[Spaces]:
    """Return the groups of bays for which something holds, by key."""
    rows = rows_by_key(city, "bays")
    return [_whole(key, rows[key]) for key in sorted(rows) if is_meant(rows[key])]


def groups_faults(city: City, where: Where, kinds: Sequence[str] | None = None) -> Iterator[Fault]:
    """Yield why no group of bays (of some kinds) is meant."""
    faults = list(spaces_faults(city, where, None, kinds))
    yield from faults
    if not faults and not find_groups(city, where, kinds):
        what = _of_kinds(kinds)
        message = Text(
            f"hier liggen geen {what.nl}, of maar voor een klein deel",
            f"no {what.en} lie here for the most part",
        )
        yield Fault("where", message)


def spaces_faults(
    city: City, where: Where, count: int | None, kinds: Sequence[str] | None = None
) -> Iterator[Fault]:
    """Yield why so many spaces (of some kinds) cannot be found there."""
    what = _of_kinds(kinds)
    faults = list(where.faults_beside(city, having("bays", what, kinds)))
    yield from faults
    if faults:
        return
    there = sum(spaces.count for spaces in find_spaces(city, where, kinds))
    if not there:
        message = Text(f"hier zijn geen {what.nl}", f"there are no {what.en} here")
        yield Fault("where", message)
    elif count is not None and there < count:
        verb, spaces, of = are(there), counted(there, *SPACE), _kinds_in_words(kinds)
        message = Text(
            f"er {verb.nl} hier {spaces.nl}{of.nl}, geen {count}",
            f"there {verb.en} {spaces.en}{of.en} here, not {count}",
        )
        yield Fault("count", message)


def without_spaces(city: City, spaces: Sequence[Spaces]) -> City:
    """Return the city without some spaces; what is left of a group keeps its key."""
    streets = streets_of(city)
    rows = rows_by_key(city, "bays")
    return edited(
        city, "bays", changed={each.bay: _left(each, rows[each.bay], streets) for each in spaces}
    )


def changed_spaces(
    city: City, spaces: Sequence[Spaces], change: Mapping[str, Any], keys: Iterator[str]
) -> City:
    """Return the city in which some spaces are for something else.

    A whole group keeps its key; a part of one becomes a group with the next of ``keys``.
    """
    streets = streets_of(city)
    rows = rows_by_key(city, "bays")
    changed: dict[str, Row | None] = {}
    added: list[Row] = []
    for each in spaces:
        row = rows[each.bay]
        if each.is_whole:
            changed[each.bay] = change
            continue
        changed[each.bay] = _left(each, row, streets)
        new = {"bay": next(keys), "capacity": each.count, **_lying(each.part, row, streets)}
        added.append({**row, **change, **new})
    return edited(city, "bays", changed=changed, added=added)


def shape_of(spaces: Sequence[Spaces]) -> BaseGeometry:
    """Return where spaces lie."""
    return union(array_of([each.part for each in spaces]))


def total(spaces: Sequence[Spaces]) -> int:
    """Return how many spaces these are together."""
    return sum(each.count for each in spaces)


def in_words(spaces: Sequence[Spaces]) -> tuple[str, str]:
    """Return how many spaces these are, in Dutch and in English."""
    words = counted(total(spaces), *SPACE)
    return words.nl, words.en


def _whole(key: str, row: Row) -> Spaces:
    return Spaces(key, int(row["capacity"]), int(row["capacity"]), row["geometry"])


def _in_area(key: str, row: Row, area: BaseGeometry) -> Spaces | None:
    line: LineString = row["geometry"]
    inside = line.intersection(area)
    count = round(int(row["capacity"]) * inside.length / line.length)
    if not count:
        return None
    at_end = _is_last_half(line, inside.centroid)
    return Spaces(key, count, int(row["capacity"]), line, at_end)


def _is_last_half(line: LineString, point: BaseGeometry) -> bool:
    return float(cast("Any", line).project(point, normalized=True)) >= _HALF


def _left(spaces: Spaces, row: Row, streets: Streets) -> Row | None:
    if spaces.is_whole:
        return None
    return {
        "capacity": spaces.capacity - spaces.count,
        **_lying(spaces.rest, row, streets),
    }


def _lying(line: LineString, row: Row, streets: Streets) -> Row:
    middle = line.interpolate(0.5, normalized=True)
    along_m = float(streets.line(str(row["segment"])).project(middle))
    return {"geometry": line, "along_m": along_m}


def _of_kinds(kinds: Sequence[str] | None) -> Text:
    of = _kinds_in_words(kinds)
    return Text(f"{SPACE[1].nl}{of.nl}", f"{SPACE[1].en}{of.en}")


def _kinds_in_words(kinds: Sequence[str] | None) -> Text:
    if not kinds:
        return Text("", "")
    words = ", ".join(BAY_KIND_WORDS[kind].nl for kind in kinds)
    return Text(f" ({words})", f" ({', '.join(kinds)})")
