"""The true day: what really happens in a simulated place, which its devices can only report.

Tests and benchmarks may look at it; nothing that a person reads may.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np

from sensors.simulated.bike_demand import BikeDemand
from sensors.simulated.bikes import Bikes, BikesDay, Standing
from sensors.simulated.events import Event, event_on
from sensors.simulated.footfall import Footfall
from sensors.simulated.ground import Ground
from sensors.simulated.kerb import FREE, ParkingDay
from sensors.simulated.local_day import QUARTER_S, STEP_S, LocalDay
from sensors.simulated.luck import Floats, Ints, Luck
from sensors.simulated.parking import Parking
from sensors.simulated.parking_demand import ParkingDemand
from sensors.simulated.weather import Climate, Weather
from twin.city import City

_KEPT_DAYS = 3
_QUARTERS_PER_HOUR = 3600 // QUARTER_S


@dataclass(frozen=True)
class TrueDay:
    """One local day: exact figures, without any device's faults.

    Each part is worked out when it is first asked for.
    """

    local: LocalDay
    weather: Weather
    event: Event | None
    ground: Ground
    _life: "_Life"

    def occupied(self, at: datetime) -> dict[str, int]:
        """Return how many bays of each group are occupied at a moment of the day."""
        step, second = divmod(self._second(at), STEP_S)
        before = self._in_groups(step)
        if step == len(self.parking.moments):
            return dict(zip(self.ground.bays.names, before.tolist(), strict=True))
        now = np.where(self.parking.moments[step] <= second, self._in_groups(step + 1), before)
        return dict(zip(self.ground.bays.names, now.tolist(), strict=True))

    def cars(self, at: datetime) -> dict[str, int]:
        """Return how many cars are in each garage at a moment of the day."""
        now = self.parking.garages[self._second(at) // STEP_S]
        return dict(zip(self.ground.garages.names, now.tolist(), strict=True))

    def racked(self, at: datetime) -> dict[str, int]:
        """Return how many bikes are in each rack at a moment of the day."""
        now = self.bikes.racked[:, self._quarter(at)]
        return dict(zip(self.ground.racks.names, now.tolist(), strict=True))

    def standing(self, at: datetime) -> Standing:
        """Return every bike at a moment of the day: racked, loose or dumped, and where."""
        return self.bikes.at(self._quarter(at))

    @cached_property
    def parking(self) -> ParkingDay:
        """Who stands in every bay and how many cars are in every garage."""
        return self._life.parking.on(self.local)

    @cached_property
    def bikes(self) -> BikesDay:
        """Bikes in and beside every rack, at every door, and dumped."""
        return self._life.bikes.on(self.local, self.weather)

    @cached_property
    def expected(self) -> Floats:
        """Passages to be expected along every segment, by quarter of an hour."""
        return self._life.footfall.expected(self.local, self.weather, self.event)

    @cached_property
    def counted(self) -> Ints:
        """Passages past each counter, by quarter of an hour; 0 where it stands on no segment."""
        segments = self.ground.counters.segment
        expected = self.expected[segments] * (segments >= 0)[:, None]
        return self._life.footfall.counted(segments, expected, self.local)

    def passages(self) -> dict[str, list[int]]:
        """Return the passages past each counter, by hour since midnight."""
        return _hourly(self.ground.counters.names, self.counted)

    def street_passages(self) -> dict[str, list[int]]:
        """Return the passages along every segment, by hour since midnight."""
        segments = np.arange(len(self.ground.streets))
        counted = self._life.footfall.counted(segments, self.expected, self.local)
        return _hourly(self.ground.streets.names, counted)

    def _in_groups(self, row: int) -> Ints:
        running = np.concatenate([[0], np.cumsum(self.parking.bays[row] != FREE)])
        return running[self._life.parking.first[1:]] - running[self._life.parking.first[:-1]]

    def _second(self, at: datetime) -> int:
        second = int(at.timestamp()) - self.local.start_s
        if not 0 <= second <= self.local.end_s - self.local.start_s:
            raise ValueError(f"{at.isoformat()} is not on {self.local.local_date.isoformat()}")
        return second

    def _quarter(self, at: datetime) -> int:
        return min(self._second(at) // QUARTER_S, self.bikes.racked.shape[1] - 1)


@dataclass(frozen=True)
class _Life:
    """What goes on in a city."""

    luck: Luck
    parking: Parking
    bikes: Bikes
    footfall: Footfall


class TrueCity:
    """The hidden life of one city, day by day: the same for the same city and seed.

    Parameters
    ----------
    reference
        The city as it was before it was changed. People, cars and bikes are as many as suit the
        reference, so that what a change takes away from them is felt. Without one, the city itself.
    """

    def __init__(self, city: City, *, seed: int, reference: City | None = None) -> None:
        self.zone = city.zone
        self.ground = Ground.of(city)
        luck = Luck(seed)
        cars, bikes = self._demands(reference)
        self._luck = luck
        self._life = _Life(
            luck,
            Parking(self.ground, cars, luck, self.event_on),
            Bikes(self.ground, bikes, luck),
            Footfall(self.ground, luck, cars=cars.visits, bikes=bikes.visits),
        )
        middle = city.boundary.centroid
        self._climate = Climate(luck, latitude=city.to_degrees.transform(middle.x, middle.y)[1])
        self._days: OrderedDict[date, TrueDay] = OrderedDict()

    def _demands(self, reference: City | None) -> tuple[ParkingDemand, BikeDemand]:
        if reference is None:
            return ParkingDemand.of(self.ground), BikeDemand.of(self.ground)
        before = Ground.of(reference)
        return (
            ParkingDemand.of(self.ground, ParkingDemand.of(before).scale),
            BikeDemand.of(self.ground, BikeDemand.of(before).scale),
        )

    @property
    def first_bay(self) -> Ints:
        """The position of each group's first bay in ``parking.bays``, and the end of the last."""
        return self._life.parking.first

    def event_on(self, day: LocalDay) -> Event | None:
        """Return the event of a day, if there is one."""
        return event_on(day, self.ground.attractors, self._luck)

    def day(self, day: date) -> TrueDay:
        """Return a local day; those looked at last are kept."""
        if day not in self._days:
            self._days[day] = self._make(LocalDay.of(day, self.zone))
            while len(self._days) > _KEPT_DAYS:
                self._days.popitem(last=False)
        self._days.move_to_end(day)
        return self._days[day]

    def _make(self, local: LocalDay) -> TrueDay:
        return TrueDay(
            local, self._climate.on(local), self.event_on(local), self.ground, self._life
        )


def _hourly(names: Sequence[str], quarters: Ints) -> dict[str, list[int]]:
    shape = (len(quarters), quarters.shape[1] // _QUARTERS_PER_HOUR, _QUARTERS_PER_HOUR)
    hours = quarters.reshape(shape).sum(axis=2)
    return dict(zip(names, hours.tolist(), strict=True))
