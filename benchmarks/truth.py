"""The hidden truth of the simulated place, by unit of publication: no noise, no device's faults."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from sensors.simulated.bikes import STATES
from sensors.simulated.luck import Luck
from sensors.simulated.scan_car import ScanCar
from sensors.simulated.true_day import TrueCity, TrueDay
from twin.city import City
from twin.domains.bikes import RACK_HOUR
from twin.hexes import hex_at, hexes_of

Floats = NDArray[np.float64]

HOURS = 24


@dataclass(frozen=True)
class Truth:
    """Exact counts of one quantity.

    Attributes
    ----------
    counts
        (days, hours, units): at each full hour, or within it. What is counted once a day has the
        same count at every hour.
    capacity
        Of each unit; 1 where people read a count.
    """

    first: date
    units: Sequence[str]
    counts: Floats
    capacity: Floats

    @property
    def levels(self) -> Floats:
        """Counts as people read them: shares of the capacity, or as they are."""
        return self.counts / self.capacity

    def at(self, local: datetime, units: Iterable[str]) -> Floats:
        """Return the levels at a local moment, in the order of some units."""
        index = {unit: at for at, unit in enumerate(self.units)}
        levels = self.levels[(local.date() - self.first).days, local.hour]
        return levels[[index[unit] for unit in units]]

    def merged(self, names: Sequence[str], whole: str) -> "Truth":
        """Return the truth of some units together, as one unit."""
        chosen = [self.units.index(name) for name in names]
        return Truth(
            self.first,
            [whole],
            self.counts[:, :, chosen].sum(axis=2, keepdims=True),
            self.capacity[chosen].sum(keepdims=True),
        )


@dataclass(frozen=True)
class _Things:
    """Things of a layer: which hexagon each is in, and what it holds."""

    hexes: Sequence[str]
    capacity: Floats


class TruePlace:
    """The truth of a city over some days, whatever its cells are."""

    def __init__(self, city: City, *, seed: int, first: date, days: int) -> None:
        true = TrueCity(city, seed=seed)
        ground = true.ground
        self._first = first
        self._things = {
            "bays": _Things(_hexes(city, "bays", ground.bays.names), ground.bays.weight),
            "racks": _Things(_hexes(city, "racks", ground.racks.names), ground.racks.weight),
            "counters": _Things(
                _hexes(city, "counters", ground.counters.names), np.ones(len(ground.counters))
            ),
        }
        self._garages = ground.garages
        car = ScanCar(city, ground.streets, Luck(seed))
        seen = [_Day.of(city, true.day(first + timedelta(days=n)), car) for n in range(days)]
        self._counts = {
            name: np.array([day.counts[name] for day in seen])
            for name in ("bays", "garages", "racks", "counters")
        }
        self._dumped = [day.dumped for day in seen]
        self._seen = [day.seen for day in seen]

    def parking(self, cells: Mapping[str, Sequence[str]]) -> Truth:
        """Return occupied bays; ``cells`` says which hexagons each cell has."""
        return self._by_cell("bays", cells)

    def garages(self) -> Truth:
        """Return cars in garages."""
        return Truth(
            self._first, self._garages.names, self._counts["garages"], self._garages.weight
        )

    def racks(self, cells: Mapping[str, Sequence[str]]) -> Truth:
        """Return bikes in racks at the daily count."""
        return self._by_cell("racks", cells)

    def passages(self, cells: Mapping[str, Sequence[str]]) -> Truth:
        """Return passages by hour, of the cells with a counter."""
        truth = self._by_cell("counters", cells)
        return Truth(truth.first, truth.units, truth.counts, np.ones(len(truth.units)))

    def dumped(self, cells: Mapping[str, Sequence[str]], *, seen: bool = False) -> Truth:
        """Return dumped bikes: all of them, or those that the scan car saw."""
        units = sorted(cells)
        cell_of = {name: units.index(cell) for cell in units for name in cells[cell]}
        counts = np.zeros((len(self._dumped), HOURS, len(units)))
        for day, hexes in enumerate(self._seen if seen else self._dumped):
            for name in hexes:
                if name in cell_of:
                    counts[day, :, cell_of[name]] += 1
        return Truth(self._first, units, counts, np.ones(len(units)))

    def _by_cell(self, layer: str, cells: Mapping[str, Sequence[str]]) -> Truth:
        cell_of = {name: cell for cell, hexes in cells.items() for name in hexes}
        things = self._things[layer]
        units = sorted({cell_of[name] for name in things.hexes})
        member = np.zeros((len(things.hexes), len(units)))
        for row, name in enumerate(things.hexes):
            member[row, units.index(cell_of[name])] = 1
        return Truth(self._first, units, self._counts[layer] @ member, things.capacity @ member)


@dataclass(frozen=True)
class _Day:
    """Counts by layer, (hours, things), and the hexagon of every dumped bike, and of those seen."""

    counts: Mapping[str, Floats]
    dumped: Sequence[str]
    seen: Sequence[str]

    @classmethod
    def of(cls, city: City, day: TrueDay, car: ScanCar) -> "_Day":
        midnight = datetime.combine(day.local.local_date, datetime.min.time(), city.zone)
        hours = [midnight + timedelta(hours=hour) for hour in range(HOURS)]
        standing = day.standing(hours[RACK_HOUR])
        is_dumped = standing.state == STATES.index("dumped")
        racked = np.array(list(day.racked(hours[RACK_HOUR]).values()), float)
        counts = {
            "bays": np.array([list(day.occupied(hour).values()) for hour in hours], float),
            "garages": np.array([list(day.cars(hour).values()) for hour in hours], float),
            "racks": np.tile(racked, (HOURS, 1)),
            "counters": np.array(list(day.passages().values()), float).T,
        }
        said = [json.loads(f"{{{each.tail}}}") for message in car.drive(day) for each in message]
        return cls(
            counts,
            hexes_of(city, standing.x_m[is_dumped], standing.y_m[is_dumped]),
            [hex_at(one["lon"], one["lat"]) for one in said if one.get("state") == "dumped"],
        )


def cells_of(city: City, domain: str) -> dict[str, list[str]]:
    """Return the hexagons of each cell of a domain."""
    frame = city.layers["cells"]
    of_domain = frame[frame["domain"] == domain]
    return {
        str(cell): list(hexes)
        for cell, hexes in zip(of_domain["cell"], of_domain["hexes"], strict=True)
    }


def _hexes(city: City, layer: str, names: Sequence[str]) -> list[str]:
    at = [city.position(layer, name) or (0.0, 0.0) for name in names]
    return hexes_of(city, np.array([x for x, _ in at]), np.array([y for _, y in at]))
