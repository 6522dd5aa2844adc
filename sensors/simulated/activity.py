"""Activities: what draws people to a kind of place, how many, when, and for how long.

Every figure is assumed: of the order that trip-generation guides give, tuned until a city centre
looks like one (see ``tests/simulated``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from sensors.simulated.local_day import LocalDay, Points, Rhythm, curve
from sensors.simulated.luck import Floats

Stay = Literal["short", "meal", "long"]
STAYS: tuple[Stay, ...] = ("short", "meal", "long")

_NIGHT: Points = ((0.0, 0.0),)


@dataclass(frozen=True, slots=True)
class Curves:
    """When people come: a level for each hour of a weekday, a Saturday and a Sunday."""

    weekday: Points
    saturday: Points
    sunday: Points

    def level(self, day: LocalDay) -> Points:
        """Return the points that hold for a day."""
        by_rhythm: dict[Rhythm, Points] = {
            "weekday": self.weekday,
            "saturday": self.saturday,
            "sunday": self.sunday,
        }
        return by_rhythm[day.rhythm]

    @property
    def weekday_most(self) -> float:
        """The highest level of a weekday."""
        return max(level for _, level in self.weekday)

    @property
    def weekday_total(self) -> float:
        """The area under a weekday's points, in level hours."""
        closed = (*self.weekday, (self.weekday[0][0] + 24, self.weekday[0][1]))
        return sum(
            (later - hour) * (level + other) / 2
            for (hour, level), (later, other) in pairwise(closed)
        )


@dataclass(frozen=True, slots=True)
class Activity:
    """One kind of activity at one place.

    ``visits`` are people a weekday; ``by_car`` and ``by_bike`` the shares of them that come so.
    """

    visits: float
    stay: Stay
    by_car: float
    by_bike: float
    curves: Curves

    def per_hour(self, day: LocalDay, step_s: int) -> Floats:
        """Return the visits that begin per hour, as a share of a weekday's, for each step."""
        return curve(self.curves.level(day), day.clock(step_s)) / self.curves.weekday_total

    def presence(self, day: LocalDay, step_s: int) -> Floats:
        """Return how many are there, as a share of a weekday's most, for each step."""
        return curve(self.curves.level(day), day.clock(step_s)) / self.curves.weekday_most


SHOPPING = Curves(
    weekday=(
        (7, 0),
        (9, 0.1),
        (10, 0.4),
        (12, 0.8),
        (15, 0.9),
        (17, 1),
        (18.5, 0.8),
        (20, 0.3),
        (21.5, 0),
    ),
    saturday=((8, 0), (10, 0.4), (12, 1.3), (14, 1.8), (16, 1.6), (18, 0.7), (19.5, 0.1), (21, 0)),
    sunday=((10, 0), (12, 0.4), (14, 0.9), (16, 0.8), (18, 0.2), (19.5, 0)),
)
GROCERIES = Curves(
    weekday=((6.5, 0), (8, 0.3), (11, 0.5), (15, 0.7), (17.5, 1.2), (19, 0.9), (21, 0.4), (23, 0)),
    saturday=((7, 0), (9, 0.4), (12, 1.1), (15, 1.2), (18, 0.8), (21, 0.3), (23, 0)),
    sunday=((8, 0), (11, 0.5), (15, 0.9), (18, 0.7), (21, 0.3), (23, 0)),
)
COFFEE = Curves(
    weekday=(
        (6.5, 0),
        (8, 0.6),
        (10, 0.5),
        (12, 1),
        (15, 0.8),
        (17, 0.6),
        (20, 0.4),
        (22, 0.2),
        (23.5, 0),
    ),
    saturday=((8, 0), (10, 0.6), (13, 1.4), (16, 1.4), (19, 0.7), (22, 0.5), (24, 0.1)),
    sunday=((8.5, 0), (11, 0.9), (14, 1.2), (17, 0.7), (20, 0.2), (22, 0)),
)
DINNER = Curves(
    weekday=(
        (0, 0.15),
        (1.5, 0),
        (10, 0),
        (12, 0.9),
        (14, 0.3),
        (17, 0.5),
        (19, 1),
        (21, 0.6),
        (23, 0.3),
    ),
    saturday=(
        (0, 0.4),
        (2.5, 0.1),
        (4, 0),
        (11, 0.1),
        (13, 0.8),
        (16, 0.5),
        (19, 1.5),
        (22, 1),
        (23.5, 0.6),
    ),
    sunday=(
        (0, 0.5),
        (2.5, 0.2),
        (4, 0),
        (11, 0.1),
        (13, 0.8),
        (16, 0.5),
        (18.5, 0.8),
        (21, 0.3),
        (22.5, 0.1),
    ),
)
CLASSES = Curves(
    weekday=((6.5, 0), (8, 1), (9, 0.5), (12, 0.3), (15, 0.9), (16.5, 0.3), (18, 0)),
    saturday=_NIGHT,
    sunday=_NIGHT,
)
OFFICE = Curves(
    weekday=(
        (6, 0),
        (7.5, 0.6),
        (8.7, 1.2),
        (10, 0.6),
        (12, 0.8),
        (14, 0.5),
        (16.5, 1),
        (18, 0.5),
        (19.5, 0),
    ),
    saturday=((9, 0), (13, 0.08), (17, 0)),
    sunday=((10, 0), (13, 0.05), (16, 0)),
)
OUTING = Curves(
    weekday=((9, 0), (11, 0.4), (15, 0.7), (18, 0.6), (19.5, 1), (22, 0.4), (23.5, 0)),
    saturday=((9, 0), (12, 0.9), (15, 1.3), (18, 0.8), (19.5, 1.3), (22, 0.7), (24, 0.1)),
    sunday=((9.5, 0), (12, 0.9), (15, 1.2), (17, 0.7), (20, 0.3), (22, 0)),
)
SERVICE = Curves(
    weekday=((7, 0), (9, 0.8), (11, 1), (14, 1), (16.5, 0.8), (18, 0.1), (19, 0)),
    saturday=((9, 0), (11, 0.4), (14, 0.4), (16, 0)),
    sunday=_NIGHT,
)
WORSHIP = Curves(
    weekday=((9, 0), (12, 0.5), (18, 0.6), (20, 0)),
    saturday=((9, 0), (14, 1), (18, 0)),
    sunday=((8, 0), (10, 4), (12, 2), (14, 0.3), (18, 0.4), (20, 0)),
)
TRANSIT = Curves(
    weekday=(
        (0, 0.12),
        (1.5, 0.02),
        (4.5, 0.03),
        (6.5, 0.4),
        (8, 1.3),
        (9.5, 0.7),
        (12, 0.6),
        (15, 0.8),
        (17, 1.4),
        (19, 0.7),
        (22, 0.3),
    ),
    saturday=(
        (0, 0.15),
        (2, 0.05),
        (5, 0),
        (8, 0.2),
        (11, 0.6),
        (14, 1),
        (17, 0.9),
        (20, 0.6),
        (23, 0.35),
    ),
    sunday=(
        (0, 0.2),
        (2, 0.05),
        (5, 0),
        (8, 0.1),
        (11, 0.4),
        (14, 0.7),
        (17, 0.7),
        (20, 0.4),
        (23, 0.15),
    ),
)
HOME = Curves(
    weekday=(
        (0, 0.1),
        (2, 0.03),
        (4, 0.03),
        (5.5, 0.1),
        (8, 1),
        (10, 0.5),
        (14, 0.5),
        (17.5, 1),
        (20, 0.6),
        (22, 0.3),
    ),
    saturday=(
        (0, 0.15),
        (3, 0.03),
        (7, 0.1),
        (10, 0.6),
        (13, 0.9),
        (17, 0.9),
        (20, 0.6),
        (22, 0.4),
    ),
    sunday=((0, 0.2), (3, 0.03), (7, 0.05), (10, 0.5), (14, 0.8), (17, 0.6), (20, 0.4), (22, 0.2)),
)
AT_HOME = Curves(
    weekday=((0, 1), (6, 1), (9, 0.6), (15, 0.55), (18, 0.8), (22, 1)),
    saturday=((0, 1), (8, 1), (12, 0.75), (17, 0.75), (22, 0.9)),
    sunday=((0, 1), (9, 1), (14, 0.75), (18, 0.9), (22, 1)),
)

ACTIVITIES: Mapping[str, Activity] = MappingProxyType(
    {
        "shop": Activity(140, "short", 0.10, 0.10, SHOPPING),
        "supermarket": Activity(900, "short", 0.10, 0.15, GROCERIES),
        "cafe": Activity(180, "meal", 0.05, 0.12, COFFEE),
        "restaurant": Activity(120, "meal", 0.12, 0.10, DINNER),
        "school": Activity(400, "long", 0.03, 0.25, CLASSES),
        "office": Activity(120, "long", 0.12, 0.20, OFFICE),
        "culture": Activity(300, "meal", 0.08, 0.12, OUTING),
        "health": Activity(120, "short", 0.20, 0.10, SERVICE),
        "sport": Activity(150, "meal", 0.15, 0.25, OUTING),
        "hotel": Activity(160, "long", 0.10, 0.02, OUTING),
        "worship": Activity(60, "meal", 0.10, 0.10, WORSHIP),
        "service": Activity(100, "short", 0.15, 0.10, SERVICE),
        "leisure": Activity(200, "meal", 0.06, 0.12, OUTING),
    }
)
"""By kind of attractor; see `twin.layers.ATTRACTOR_KINDS`."""

BOARDINGS: Mapping[str, float] = MappingProxyType(
    {
        "train": 20_000,
        "metro": 4_500,
        "light_rail": 3_000,
        "ferry": 1_500,
        "tram": 1_200,
        "bus": 600,
    }
)
"""People who get on or off at a stop on a weekday, by mode (assumed)."""

OTHER_BOARDINGS = 500.0
DWELLING_WALKS = 3.5
"""Walks from or to one dwelling in a day (assumed)."""
