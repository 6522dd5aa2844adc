"""What a simulated day would have been published as, noise apart: levels by unit and hour."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.day.day import Day, clock
from scenarios.day.parameters import NOWHERE_DIFFERENT, Local
from scenarios.day.town import Town
from twin.city import City
from twin.hexes import hexes_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SURVEY_HOUR = 11
"""The local hour at which a round is taken to see bikes; a survey says only the day."""


@dataclass(frozen=True)
class Units:
    """Which unit of publication everything of a town belongs to: a position, -1 for none."""

    names: Mapping[str, list[str]]
    bays: Ints
    racks: Ints
    counters: Ints
    bike_segments: Ints
    bay_room: Floats
    rack_room: Floats

    @classmethod
    def of(cls, city: City, town: Town) -> "Units":
        """Find the cell of every bay, rack, counter and segment."""
        hexes: dict[str, dict[str, str]] = {}
        for cell, domain, inside in zip(
            city.cells["cell"], city.cells["domain"], city.cells["hexes"], strict=True
        ):
            hexes.setdefault(str(domain), {}).update(dict.fromkeys(inside, str(cell)))
        names = {domain: sorted(set(cells.values())) for domain, cells in hexes.items()}

        def cells(domain: str, x_m: Floats, y_m: Floats) -> Ints:
            number = {name: at for at, name in enumerate(names.get(domain, []))}
            of_hex = hexes.get(domain, {})
            return np.array(
                [number.get(of_hex.get(one, ""), -1) for one in hexes_of(city, x_m, y_m)], np.int64
            )

        bays = cells("parking", town.bays.x_m, town.bays.y_m)
        racks = cells("bikes", town.racks.x_m, town.racks.y_m)
        return cls(
            names={**names, "garages": town.garage_names},
            bays=bays,
            racks=racks,
            counters=cells("footfall", town.counters.x_m, town.counters.y_m),
            bike_segments=cells("bikes", town.middle_x_m, town.middle_y_m),
            bay_room=_sums(bays, town.bays.size, len(names.get("parking", []))),
            rack_room=_sums(racks, town.racks.size, len(names.get("bikes", []))),
        )


def _sums(unit: Ints, values: Floats, count: int) -> Floats:
    """Add values up by unit: (units, …)."""
    result = np.zeros((count, *values.shape[1:]))
    np.add.at(result, unit[unit >= 0], values[unit >= 0])
    return result


def predict(
    units: Units, town: Town, day: Day, local: Local = NOWHERE_DIFFERENT
) -> dict[str, tuple[list[str], Floats]]:
    """Return, for each quantity, its units and their levels by local hour: (units, 24).

    Daily quantities have the same level at every hour. A share of nothing is NaN.
    """
    order = [clock(hour) for hour in range(24)]
    parking, bikes = units.names.get("parking", []), units.names.get("bikes", [])
    with np.errstate(divide="ignore", invalid="ignore"):
        occupied = _sums(units.bays, day.occupied, len(parking)) / units.bay_room[:, None]
        garage = day.in_garage / town.garages.size[:, None]
        racked = _sums(units.racks, day.stood.racked, len(bikes)) / units.rack_room[:, None]
    loose = _sums(units.bike_segments, day.stood.loose[:, clock(SURVEY_HOUR)], len(bikes))
    dumped = _sums(units.bike_segments, day.dumped, len(bikes))
    segment = town.counters.segment
    passages = day.passers.passages[segment] * (segment >= 0)[:, None]
    footfall = units.names.get("footfall", [])
    counted = _sums(units.counters, passages, len(footfall)) * local.of_units(footfall)[:, None]
    return {
        "parking_occupied": (parking, occupied[:, order]),
        "parking_garage": (units.names["garages"], garage[:, order]),
        "bikes_racked": (bikes, racked[:, order]),
        "bikes_loose": (bikes, np.repeat(loose[:, None], 24, axis=1)),
        "bikes_dumped": (bikes, np.repeat(dumped[:, None], 24, axis=1)),
        "footfall_passages": (footfall, counted[:, order]),
    }
