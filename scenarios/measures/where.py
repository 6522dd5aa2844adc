"""How a measure says where: one of a street, segments, an area, a spot, or things by their key."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, cast

import shapely
from pydantic import Field, model_validator
from shapely import MultiPolygon, Polygon

from scenarios.faults import Fault, UnsoundError, suggest
from scenarios.measures.area import Area, Position
from scenarios.measures.measure import Saved
from scenarios.measures.streets import NEAR_M, Streets, Stretch, Suitable, streets_of
from scenarios.measures.wording import THINGS, listed
from twin.city import City
from twin.layers import LAYER_BY_NAME
from twin.place.frames import texts
from twin.place.shapes import array_of, union
from twin.words import Text

_BESIDE_M = 20.0
"""How far from its middle a street reaches, where an area is made of it: its fronts included."""

Name = Annotated[str, Field(min_length=1, max_length=200)]
Keys = Annotated[tuple[Name, ...], Field(strict=False, min_length=1, max_length=2_000)]


class Where(Saved, frozen=True):
    """Exactly one of: the name of a street, segments, an area, or a spot."""

    by_key: ClassVar[tuple[str, ...]] = ()
    """Layers whose rows may be named by their key."""

    street: Annotated[
        Name | None, Field(description="The name of a street: all segments that have it")
    ] = None
    segments: Annotated[Keys | None, Field(description="Keys of segments")] = None
    area: Annotated[
        Area | None, Field(description="A GeoJSON polygon in longitude and latitude")
    ] = None
    at: Annotated[
        Position | None,
        Field(description="Longitude and latitude of a spot, at most 50 m from a suitable street"),
    ] = None

    @model_validator(mode="after")
    def _is_one(self) -> "Where":
        ways = list(type(self).model_fields)
        said = [name for name in ways if getattr(self, name) is not None]
        if len(said) != 1:
            which = Text(
                f"{', '.join(ways[:-1])} of {ways[-1]}", f"{', '.join(ways[:-1])} or {ways[-1]}"
            )
            raise UnsoundError(
                Text(
                    f"zeg op precies één manier waar het is ({which.nl}), niet op {len(said)} manieren",
                    f"must say where by exactly one of {which.en}, not {len(said)}",
                )
            )
        return self

    def faults(self, city: City, suitable: Suitable) -> Iterator[Fault]:
        """Yield why this is nowhere in a city, or nowhere that is suitable."""
        for layer in self.by_key:
            yield from _unknown_keys(city, layer, getattr(self, layer))
        if self.segments is not None:
            yield from _unknown_keys(city, "segments", self.segments)
            yield from self._unsuitable_segments(city, suitable)
        elif self.street is not None:
            yield from self._street_faults(city, suitable)
        elif self.area is not None:
            faults = [fault.under("area") for fault in self.area.faults(city)]
            yield from faults
            if not faults and not self.stretches(city, suitable):
                message = Text(
                    f"in dit gebied, of erbij, is geen straat {suitable.what.nl}",
                    f"has no street {suitable.what.en}, nor is there one near it",
                )
                yield Fault("area", message)
        elif self.at is not None:
            yield from self._spot_faults(city, suitable)

    def faults_beside(self, city: City, suitable: Suitable) -> Iterator[Fault]:
        """Yield the faults of a place for things beside the street, within ``where``.

        An area around them need not have the street in it.
        """
        found = (
            self.faults(city, suitable)
            if self.area is None
            else (fault.under("area") for fault in self.area.faults(city))
        )
        for fault in found:
            yield fault.under("where")

    def stretches(self, city: City, suitable: Suitable) -> list[Stretch]:
        """Return the parts of suitable segments that are meant; a spot is one without length.

        An area in which no such street lies is the spot in its middle: a square, a pavement.
        """
        streets, which = streets_of(city), suitable.flags(city)
        if self.area is None and self.at is None:
            return [streets.whole(index) for index in self._positions(streets) if which[index]]
        if self.area is not None:
            inside = streets.stretches_in(self.area.polygon(city), which)
            if inside:
                return inside
        near = streets.nearest(self.point(city), which)
        return [near[0]] if near is not None and near[1] <= NEAR_M else []

    def segments_meant(self, city: City, suitable: Suitable) -> tuple[str, ...]:
        """Return the suitable segments that are meant, each as a whole: most of it is there."""
        if self.area is not None:
            return tuple(streets_of(city).mostly_in(self.area.polygon(city), suitable.flags(city)))
        return tuple(dict.fromkeys(each.segment for each in self.stretches(city, suitable)))

    def shape(self, city: City, suitable: Suitable) -> Polygon | MultiPolygon:
        """Return the area that is meant: as drawn, or the streets with their fronts."""
        if self.area is not None:
            shape = self.area.polygon(city)
        else:
            streets = streets_of(city)
            lines = array_of([streets.line(each) for each in self.segments_meant(city, suitable)])
            shape = union(lines).buffer(_BESIDE_M)
        return cast("Polygon | MultiPolygon", shape.intersection(city.boundary))

    def point(self, city: City) -> shapely.Point:
        """Return the spot in the city's CRS, or the middle of the area."""
        if self.area is not None:
            return self.area.polygon(city).representative_point()
        if self.at is None:
            raise ValueError("this is no spot and no area")
        return shapely.Point(city.to_metres.transform(*self.at))

    def describe(self, city: City) -> Text:
        """Return where this is, as part of a sentence."""
        if self.street is not None:
            return Text(f"in {self.street}", f"in {self.street}")
        if self.area is not None:
            return Text("in het getekende gebied", "in the area that was drawn")
        streets = streets_of(city)
        if self.at is not None:
            name = streets.named_near(self.point(city))
            return Text(f"bij {name}", f"near {name}") if name else _in_streets([])
        names = {streets.name[index] for index in self._positions(streets)}
        return _in_streets(sorted(name for name in names if name))

    def _positions(self, streets: Streets) -> list[int]:
        if self.street is not None:
            return streets.called(self.street)
        return [streets.position[key] for key in self.segments or () if key in streets.position]

    def _street_faults(self, city: City, suitable: Suitable) -> Iterator[Fault]:
        streets = streets_of(city)
        street = self.street or ""
        found = streets.called(street)
        if not found:
            hint = suggest(street, streets.all_names)
            message = Text(
                f"er is hier geen straat “{street}”; {hint.nl}",
                f"there is no street {street!r} here; {hint.en}",
            )
            yield Fault("street", message)
        elif not suitable.flags(city)[found].any():
            message = Text(
                f"“{street}” heeft geen deel {suitable.what.nl}",
                f"{street!r} has no part {suitable.what.en}",
            )
            yield Fault("street", message)

    def _unsuitable_segments(self, city: City, suitable: Suitable) -> Iterator[Fault]:
        streets, which = streets_of(city), suitable.flags(city)
        for number, key in enumerate(self.segments or ()):
            if key in streets.position and not which[streets.position[key]]:
                message = Text(
                    f"“{key}” is geen straat {suitable.what.nl}",
                    f"{key!r} is no street {suitable.what.en}",
                )
                yield Fault(f"segments[{number}]", message)

    def _spot_faults(self, city: City, suitable: Suitable) -> Iterator[Fault]:
        point = self.point(city)
        if not city.boundary.covers(point):
            message = Text(
                "deze plek ligt buiten de wijk",
                "lies outside the place; longitude comes first, then latitude",
            )
            yield Fault("at", message)
            return
        near = streets_of(city).nearest(point, suitable.flags(city))
        if near is None:
            message = Text(
                f"deze wijk heeft geen straat {suitable.what.nl}",
                f"the place has no street {suitable.what.en}",
            )
            yield Fault("at", message)
        elif near[1] > NEAR_M:
            message = Text(
                f"de dichtstbijzijnde straat {suitable.what.nl} is {near[1]:.0f} meter"
                " verderop; hoogstens 50 meter mag",
                f"the nearest street {suitable.what.en} is {near[1]:.0f} m away; at most 50 m",
            )
            yield Fault("at", message)


class WhereBays(Where, frozen=True):
    """Exactly one of: the name of a street, segments, an area, a spot, or groups of bays."""

    by_key: ClassVar[tuple[str, ...]] = ("bays",)
    bays: Annotated[Keys | None, Field(description="Keys of groups of bays")] = None

    def describe(self, city: City) -> Text:
        """Return where this is, as part of a sentence."""
        return super().describe(city) if self.bays is None else _on_streets(city, "bays", self.bays)


class WhereRacks(Where, frozen=True):
    """Exactly one of: the name of a street, segments, an area, a spot, or bicycle stands."""

    by_key: ClassVar[tuple[str, ...]] = ("racks",)
    racks: Annotated[Keys | None, Field(description="Keys of bicycle stands")] = None

    def describe(self, city: City) -> Text:
        """Return where this is, as part of a sentence."""
        if self.racks is None:
            return super().describe(city)
        return _on_streets(city, "racks", self.racks)


def _unknown_keys(city: City, layer: str, keys: Keys | None) -> Iterator[Fault]:
    key, (one, _) = LAYER_BY_NAME[layer].key, THINGS[layer]
    known = {str(each) for each in texts(city.layers[layer], key)} if keys else set[str]()
    seen: set[str] = set()
    for number, each in enumerate(keys or ()):
        if each not in known:
            message = Text(f"er is hier geen {one} “{each}”", f"there is no {key} {each!r} here")
            yield Fault(f"{layer}[{number}]", message)
        elif each in seen:
            message = Text(f"“{each}” is twee keer genoemd", f"{each!r} is named twice")
            yield Fault(f"{layer}[{number}]", message)
        seen.add(each)


def _on_streets(city: City, layer: str, keys: Keys) -> Text:
    frame = city.layers[layer]
    segment = dict(
        zip(texts(frame, LAYER_BY_NAME[layer].key), texts(frame, "segment"), strict=True)
    )
    streets = streets_of(city)
    on = {segment[key] for key in keys if key in segment}
    names = {streets.name[streets.position[each]] for each in on if each in streets.position}
    return _in_streets(sorted(name for name in names if name))


def _in_streets(names: list[str]) -> Text:
    if not names:
        return Text("op de aangewezen plek", "at the place that was chosen")
    return Text(f"in {listed(names, 'en')}", f"in {listed(names, 'and')}")
