"""Every figure the importer assumes where a source says nothing, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any


def _table(values: dict[str, float]) -> Mapping[str, float]:
    return MappingProxyType(values)


def _number(value: float, meaning: str, source: str = "assumed") -> Any:
    return field(default=value, metadata={"meaning": meaning, "source": source})


def _by_kind(values: dict[str, float], meaning: str, source: str = "assumed") -> Any:
    return field(
        default_factory=lambda: _table(values), metadata={"meaning": meaning, "source": source}
    )


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What is taken for granted where the source has no value; rows made so say ``is_assumed``."""

    speed_kmh: Mapping[str, float] = _by_kind(
        {
            "motorway": 100,
            "trunk": 70,
            "primary": 50,
            "secondary": 50,
            "tertiary": 30,
            "unclassified": 30,
            "residential": 30,
            "living_street": 15,
            "service": 15,
            "cycleway": 15,
        },
        "speed on a street without a speed limit, by class; every other class 5",
    )
    walking_kmh: float = _number(5, "speed on ways that only people on foot use")
    width_m: Mapping[str, float] = _by_kind(
        {
            "motorway": 14,
            "trunk": 12,
            "primary": 11,
            "secondary": 10,
            "tertiary": 8.5,
            "unclassified": 8,
            "residential": 8,
            "living_street": 7,
            "service": 4.5,
            "pedestrian": 6,
            "cycleway": 3,
            "steps": 2.5,
        },
        "width between the kerbs of a street without a width, by class; every other class 2",
    )
    path_width_m: float = _number(2, "width of a footway or path without a width")
    lane_width_m: float = _number(3.25, "width of one lane where only the lanes are counted")

    bay_parallel_m: float = _number(5.5, "kerb length of one space parked along the kerb")
    bay_diagonal_m: float = _number(3.2, "kerb length of one space parked at an angle")
    bay_perpendicular_m: float = _number(2.5, "kerb length of one space parked across the kerb")
    bay_parallel_depth_m: float = _number(2.0, "depth of a space parked along the kerb")
    bay_area_m2: float = _number(12.5, "area of one kerb space drawn as an area")
    junction_clearance_m: float = _number(
        9,
        "no parking from the middle of a junction",
        "5 m (RVV 1990, article 24) plus half the width of the other street",
    )
    crossing_clearance_m: float = _number(
        5, "no parking before a crossing", "RVV 1990, article 24: 5 m"
    )
    driveway_clearance_m: float = _number(3, "no parking from the middle of a driveway or exit")
    kerb_usable_share: float = _number(
        0.85, "part of a kerb with parking that is not an exit, a tree or a bin"
    )
    untagged_usable_share: float = _number(
        0.5, "the same on a street of which nobody noted whether one may park there"
    )

    garage_spaces: Mapping[str, float] = _by_kind(
        {"underground": 250, "multi-storey": 300, "rooftop": 80, "surface": 20},
        "spaces of an off-street car park without a capacity or an area, by kind",
    )
    garage_area_m2: float = _number(28, "area of one space off the street, its aisle included")
    garage_floors: Mapping[str, float] = _by_kind(
        {"underground": 2, "multi-storey": 4, "rooftop": 1, "surface": 1},
        "floors of an off-street car park without a number of floors, by kind",
    )

    garage_least_spaces: float = _number(
        30, "a car park with fewer spaces is counted with the bays beside its street"
    )

    rack_places: float = _number(10, "places of a bicycle stand without a capacity")
    rack_area_m2: float = _number(1.5, "area of one bicycle place where a stand is an area")
    rack_every_m: float = _number(
        120, "street length per bicycle stand, where no source has bicycle stands at all"
    )

    floor_height_m: float = _number(3.2, "height of one floor")
    floors: Mapping[str, float] = _by_kind(
        {
            "residential": 4,
            "mixed": 4,
            "office": 5,
            "hotel": 5,
            "industrial": 2,
            "culture": 3,
            "school": 3,
            "worship": 4,
        },
        "floors of a building without height and neighbours with floors; every other use 2",
    )
    small_building_m2: float = _number(60, "a building smaller than this has one floor")
    dwelling_share: Mapping[str, float] = _by_kind(
        {"residential": 0.85, "mixed": 0.2, "hotel": 0.0},
        "part of the floor area that people live in, by use; every other use none",
    )
    dwelling_floor_m2: float = _number(
        95, "gross floor area per dwelling, its share of stairs and walls included"
    )
    dwellings_per_100_m: Mapping[str, float] = _by_kind(
        {"residential": 50, "living_street": 50, "unclassified": 40, "tertiary": 40},
        "dwellings per 100 m of street, by class, where there are no buildings",
    )
    home_every_m: float = _number(
        25, "street length per footprint that stands for dwellings, where there are no buildings"
    )
    attractor_every_m: float = _number(
        90, "street length per destination, where no source has destinations"
    )
    counters: float = _number(32, "counters of people passing by, where none are given")
    counter_spacing_m: float = _number(110, "least distance between two assumed counters")

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Return name, value, meaning and source of every assumption, for documentation."""
        table: list[tuple[str, str, str, str]] = []
        for entry in fields(self):
            value: float | Mapping[str, float] = getattr(self, entry.name)
            if isinstance(value, Mapping):
                shown = ", ".join(f"{key} {number:g}" for key, number in value.items())
            else:
                shown = f"{value:g}"
            table.append((entry.name, shown, entry.metadata["meaning"], entry.metadata["source"]))
        return table


ASSUMPTIONS = Assumptions()
