"""Events: a market or a concert now and then, which draws people to one spot for some hours."""

from dataclasses import dataclass

import numpy as np

from sensors.simulated.ground import Things
from sensors.simulated.local_day import LocalDay
from sensors.simulated.luck import Floats, Luck, key_of

CHANCE_BY_RHYTHM = {"weekday": 0.12, "saturday": 0.4, "sunday": 0.2}
"""Chance that there is an event somewhere in the place on a day (assumed)."""

_CALENDAR = (key_of("calendar"),)
_HOSTS = frozenset({"culture", "leisure", "sport", "worship", "cafe", "restaurant"})
_SMALLEST, _LARGEST = 800.0, 6000.0
_EVENING_CHANCE = 0.5
_RAMP_H = 0.75


@dataclass(frozen=True, slots=True)
class Event:
    """One event: where (m), on which segment, between which local hours, for how many people."""

    host: str
    x_m: float
    y_m: float
    segment: int
    from_hour: float
    to_hour: float
    people: float

    def per_hour(self, day: LocalDay, step_s: int) -> Floats:
        """Return the share of the people who come or go per hour, for each step."""
        clock = day.clock(step_s)
        inside = np.minimum(clock - self.from_hour, self.to_hour - clock) / _RAMP_H
        return np.clip(inside, 0, 1) / (self.to_hour - self.from_hour - _RAMP_H)


def event_on(day: LocalDay, attractors: Things, luck: Luck) -> Event | None:
    """Return the event of a day, if there is one."""
    happens, where, late, size = luck.uniforms("event", day.number, _CALENDAR, 4)[0]
    if happens > CHANCE_BY_RHYTHM[day.rhythm] or not len(attractors):
        return None
    hosts = [at for at, kind in enumerate(attractors.kind) if kind in _HOSTS]
    hosts = hosts or list(range(len(attractors)))
    at = hosts[int(where * len(hosts))]
    is_evening = late < _EVENING_CHANCE
    return Event(
        host=attractors.names[at],
        x_m=float(attractors.x_m[at]),
        y_m=float(attractors.y_m[at]),
        segment=int(attractors.segment[at]),
        from_hour=18.5 if is_evening else 10.0,
        to_hour=23.0 if is_evening else 16.0,
        people=_SMALLEST * (_LARGEST / _SMALLEST) ** float(size),
    )
