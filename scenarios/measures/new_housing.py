"""A new building that people live in."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.measures.area import Area
from scenarios.measures.measure import Measure
from scenarios.measures.rows import edited
from scenarios.measures.streets import PEOPLE, streets_of
from scenarios.measures.where import Name
from scenarios.measures.wording import SPACE, STANDS, counted, number
from scenarios.prices import Cost, Prices
from twin.city import City
from twin.place.assumptions import ASSUMPTIONS
from twin.place.frames import geometries, texts
from twin.place.shapes import areas_m2, cut_out, meets
from twin.rules import BikeParkingAtHome, CarsPerDwelling
from twin.words import Text

LEAST_DWELLING_M2 = 18.0
"""Least gross floor area of a dwelling: the smallest students' rooms that are built."""

_MOST_OVERLAP_M2 = 1.0
_FURTHEST_M = 200.0
_DWELLING = Text("woning", "dwelling"), Text("woningen", "dwellings")


class NewHousing(Measure, frozen=True):
    """Build dwellings, with so many places for the cars and bicycles of who live there."""

    title: ClassVar[Text] = Text("Nieuwe woningen", "New housing")

    kind: Literal["new_housing"] = "new_housing"
    footprint_area: Annotated[Area, Field(description="Where it stands: a GeoJSON polygon")]
    dwellings: Annotated[int, Field(ge=1, le=5_000, description="How many dwellings")]
    floors: Annotated[int, Field(ge=1, le=100, description="How many floors")]
    height_m: Annotated[
        float | None, Field(gt=0, le=400, description="Height; 3.2 m for each floor if left out")
    ] = None
    cars_per_dwelling: Annotated[
        float, Field(ge=0, le=5, description="Cars per dwelling of those who live there")
    ] = 0.7
    own_places_per_dwelling: Annotated[
        float, Field(ge=0, le=5, description="Parking norm: places of its own per dwelling")
    ] = 0.5
    bike_parking_share: Annotated[
        float, Field(ge=0, le=1, description="Share of their bicycles that have a place inside")
    ] = 0.9
    name: Annotated[Name | None, Field(description="What it is called")] = None

    def faults(self, city: City) -> Iterator[Fault]:
        """Yield why it cannot stand there."""
        faults = [fault.under("footprint_area") for fault in self.footprint_area.faults(city)]
        yield from faults
        if not faults:
            yield from self._site_faults(city)

    def footprint(self, city: City) -> BaseGeometry:
        """Return where it stands."""
        return self._shape(city)

    def cost(self, city: City, prices: Prices) -> Cost:  # noqa: ARG002 the same everywhere
        """Return what it costs the city; the building itself is somebody else's."""
        return prices.of("dwelling_built", self.dwellings)

    def apply(self, city: City) -> City:
        """Return the city with the building and the rules for its cars and bicycles."""
        key, shape = self.key("building", 1), self._shape(city)
        near = streets_of(city).nearest(shape.representative_point(), PEOPLE.flags(city))
        height_m = self.height_m or self.floors * ASSUMPTIONS.floor_height_m
        row = {
            "building": key,
            "name": self.name,
            "use": "residential",
            "height_m": round(height_m, 1),
            "floors": self.floors,
            "dwellings": self.dwellings,
            "segment": near and near[0].segment,
            "along_m": near and near[0].start_m,
            "is_assumed": False,
            "geometry": shape,
        }
        cars = CarsPerDwelling((key,), self.cars_per_dwelling, self.own_places_per_dwelling)
        bikes = BikeParkingAtHome((key,), self.bike_parking_share)
        return edited(city, "buildings", added=[row]).with_rules(
            car_ownership=(cars,), bike_parking=(bikes,)
        )

    def describe(self, city: City) -> Text:
        """Return how many dwellings come, and where."""
        count = counted(self.dwellings, *_DWELLING)
        near = streets_of(city).named_near(self._shape(city).representative_point())
        where = Text(f" bij {near}", f" near {near}") if near else Text("", "")
        norm = number(self.own_places_per_dwelling)
        return Text(
            f"{count.nl} erbij{where.nl}, met {norm.nl} eigen parkeerplek per woning",
            f"Build {count.en}{where.en}, with {norm.en} parking places of their own per dwelling",
        )

    def _shape(self, city: City) -> Polygon:
        return self.footprint_area.polygon(city)

    def _site_faults(self, city: City) -> Iterator[Fault]:
        shape = self._shape(city)
        for layer, what in (
            ("buildings", Text("staat al een gebouw", "the building")),
            ("water", Text("is water", "the water")),
        ):
            frame = city.layers[layer]
            for key, over_m2 in zip(
                texts(frame, layer.removesuffix("s")),
                areas_m2(cut_out(geometries(frame), shape)).tolist(),
                strict=True,
            ):
                if over_m2 > _MOST_OVERLAP_M2:
                    message = Text(
                        f"daar {what.nl} ({key}), op {over_m2:.0f} m² ervan",
                        f"{what.en} {key} is there, on {over_m2:.0f} m² of it",
                    )
                    yield Fault("footprint_area", message)
        for layer, what in (("bays", SPACE[1]), ("racks", STANDS)):
            if meets(shape, geometries(city.layers[layer])).any():
                message = Text(
                    f"daar zijn {what.nl}; haal die eerst weg",
                    f"there are {what.en} on it; take them away first",
                )
                yield Fault("footprint_area", message)
        crossed = meets(shape, streets_of(city).lines)
        if crossed.any():
            key = streets_of(city).keys[int(crossed.argmax())]
            message = Text(f"straatdeel {key} loopt erdoor", f"the street {key} runs through it")
            yield Fault("footprint_area", message)
        near = streets_of(city).nearest(shape.representative_point(), PEOPLE.flags(city))
        if near is None or near[1] > _FURTHEST_M:
            message = Text(
                f"binnen {_FURTHEST_M:.0f} meter is geen straat waar mensen lopen",
                f"no street that people walk is within {_FURTHEST_M:.0f} m",
            )
            yield Fault("footprint_area", message)
        most = int(shape.area * self.floors / LEAST_DWELLING_M2)
        if self.dwellings > most:
            message = Text(
                f"er passen hoogstens {most} woningen in ({shape.area:.0f} m² keer {self.floors}"
                f" verdiepingen, {LEAST_DWELLING_M2:.0f} m² per woning), geen {self.dwellings}",
                f"there is floor for {most} at most ({shape.area:.0f} m² times {self.floors}"
                f" floors, {LEAST_DWELLING_M2:.0f} m² each), not {self.dwellings}",
            )
            yield Fault("dwellings", message)
