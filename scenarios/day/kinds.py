"""What draws people: for each kind of destination how many come, when, how long, and how.

Every figure is a prior: of the order that trip-generation guides give (CROW 381 for Dutch
centres; checked by nobody here), and scaled by calibration where the published figures say more.

Supermarkets: 34.5 billion euro in Dutch shops at 23.96 a visit in 2017 (GfK, in the newspapers), over
some 4,300 of them (assumed), is about 920 visits a day, which the factor for all visits, 1.3, makes of 700.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DayKind = Literal["weekday", "friday", "saturday", "sunday"]
WEEKDAY: Mapping[DayKind, int] = {"weekday": 1, "friday": 4, "saturday": 5, "sunday": 6}
"""The day of the week (Monday is 0) that stands for a kind of day."""

WEEKEND = ("saturday", "sunday")

FIRST_HOUR = 3
"""The local hour at which the simulated day begins and ends: when least happens."""

HOURS = 24
HOUR_S = 3600.0
DAY_S = HOURS * HOUR_S
MINUTES = 60.0


def _profile(*blocks: tuple[int, int, float]) -> NDArray[np.float64]:
    """Return shares of a day by hour, from (hour, hour, weight each hour) blocks; sums to 1."""
    shares = np.zeros(HOURS)
    for start, end, weight in blocks:
        for hour in range(start, end):
            shares[hour % HOURS] += weight
    return shares / shares.sum()


_SHOP = _profile((9, 10, 3), (10, 12, 8), (12, 16, 11), (16, 18, 12), (18, 19, 7), (19, 20, 3))
_SHOP_FRIDAY = _profile((9, 12, 7), (12, 16, 10), (16, 18, 11), (18, 20, 10), (20, 21, 5))
_SHOP_SATURDAY = _profile((9, 11, 6), (11, 13, 12), (13, 16, 15), (16, 18, 9), (18, 20, 2))
_SHOP_SUNDAY = _profile((11, 12, 4), (12, 14, 12), (14, 17, 14), (17, 18, 6))
_GROCERY = _profile((8, 10, 4), (10, 12, 7), (12, 16, 7), (16, 19, 12), (19, 21, 7), (21, 22, 3))
_CAFE = _profile((8, 11, 5), (11, 14, 9), (14, 17, 8), (17, 22, 8), (22, 26, 3))
_MEAL = _profile((11, 12, 6), (12, 14, 12), (14, 17, 3), (17, 20, 12), (20, 22, 6), (22, 24, 2))
_WORK = _profile((6, 7, 3), (7, 8, 16), (8, 9, 30), (9, 10, 22), (10, 12, 6), (12, 15, 4))
_SCHOOL = _profile((7, 8, 20), (8, 9, 60), (9, 11, 6), (12, 14, 5), (18, 20, 4))
_DAYTIME = _profile((8, 9, 5), (9, 12, 12), (12, 14, 9), (14, 17, 10), (17, 19, 3))
_EVENING = _profile((10, 14, 4), (14, 17, 6), (17, 19, 11), (19, 21, 16), (21, 23, 4))
_SPORT = _profile((7, 9, 5), (9, 16, 4), (16, 18, 10), (18, 21, 13), (21, 22, 4))
_HOTEL = _profile((7, 11, 2), (11, 15, 5), (15, 20, 11), (20, 24, 4))
_SERVICE_SUNDAY = _profile((9, 12, 12), (12, 18, 5))
_HOME = _profile((10, 16, 4), (16, 18, 7), (18, 21, 13), (21, 23, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of destination.

    Attributes
    ----------
    visits
        People who come to one on a weekday, in a centre.
    days
        Visits on a Saturday and a Sunday, as parts of a weekday's.
    stay_min
        Median stay in minutes; stays are lognormal with a log standard deviation of 0.6.
    car, bike, transit
        Shares of visitors from outside who come so; the others walk in.
    jobs
        People who work there (weekdays; a third of them on other days).
    vans
        Deliveries a weekday.
    choice
        Whether people choose among those of this kind, as for shops: a Huff choice.
    """

    visits: float
    days: tuple[float, float]
    stay_min: float
    car: float
    bike: float
    transit: float
    jobs: float
    vans: float
    choice: bool
    weekday: NDArray[np.float64]
    friday: NDArray[np.float64]
    saturday: NDArray[np.float64]
    sunday: NDArray[np.float64]

    def profile(self, day: DayKind) -> NDArray[np.float64]:
        """Return the share of a day's visits that begins in each hour."""
        return {
            "weekday": self.weekday,
            "friday": self.friday,
            "saturday": self.saturday,
            "sunday": self.sunday,
        }[day]

    def level(self, day: DayKind) -> float:
        """Return the visits of a day as a part of a weekday's."""
        return {"saturday": self.days[0], "sunday": self.days[1]}.get(day, 1.0)


def _kind(  # a row of the table below
    visits: float,
    days: tuple[float, float],
    stay_min: float,
    modes: tuple[float, float, float],
    jobs: float,
    vans: float,
    profiles: tuple[NDArray[np.float64], ...],
    *,
    choice: bool = False,
) -> Kind:
    weekday, friday, saturday, sunday = (*profiles, *[profiles[-1]] * 4)[:4]
    return Kind(
        visits=visits,
        days=days,
        stay_min=stay_min,
        car=modes[0],
        bike=modes[1],
        transit=modes[2],
        jobs=jobs,
        vans=vans,
        choice=choice,
        weekday=weekday,
        friday=friday,
        saturday=saturday,
        sunday=sunday,
    )


_SHOPPING = (_SHOP, _SHOP_FRIDAY, _SHOP_SATURDAY, _SHOP_SUNDAY)

KINDS: Mapping[str, Kind] = {
    "shop": _kind(40, (1.6, 0.7), 25, (0.14, 0.14, 0.42), 2, 0.5, _SHOPPING, choice=True),
    "supermarket": _kind(700, (1.2, 0.8), 18, (0.12, 0.18, 0.20), 6, 3, (_GROCERY,), choice=True),
    "cafe": _kind(60, (1.4, 1.1), 50, (0.08, 0.16, 0.42), 2, 0.4, (_CAFE,), choice=True),
    "restaurant": _kind(70, (1.4, 0.9), 65, (0.13, 0.14, 0.40), 4, 0.5, (_MEAL,), choice=True),
    "school": _kind(200, (0.1, 0.0), 330, (0.06, 0.34, 0.25), 15, 0.3, (_SCHOOL,)),
    "office": _kind(5, (0.2, 0.1), 55, (0.20, 0.18, 0.45), 20, 0.4, (_DAYTIME,)),
    "culture": _kind(120, (1.5, 1.4), 95, (0.14, 0.14, 0.45), 6, 0.3, (_EVENING,)),
    "health": _kind(60, (0.4, 0.1), 35, (0.22, 0.18, 0.35), 6, 0.4, (_DAYTIME,)),
    "sport": _kind(80, (0.9, 0.8), 75, (0.18, 0.26, 0.25), 2, 0.1, (_SPORT,)),
    "hotel": _kind(60, (1.1, 0.9), 240, (0.16, 0.02, 0.60), 8, 1.0, (_HOTEL,)),
    "worship": _kind(15, (1.0, 8.0), 60, (0.15, 0.18, 0.30), 1, 0.0, (_SERVICE_SUNDAY,)),
    "service": _kind(25, (0.6, 0.1), 25, (0.14, 0.18, 0.38), 3, 0.3, (_DAYTIME,)),
    "leisure": _kind(60, (1.5, 1.3), 80, (0.10, 0.18, 0.40), 2, 0.2, (_EVENING,)),
}

HOME_VISITS = _kind(0.25, (1.5, 1.6), 120, (0.30, 0.25, 0.30), 0, 0.12, (_HOME,))
"""Visits to one dwelling: friends and family, and parcels."""

WORK_PROFILE = _WORK
WORK_STAY_MIN = 480.0
WORK_MODES = (0.16, 0.22, 0.52)
WORK_DAYS = {"weekday": 1.0, "friday": 0.85, "saturday": 0.35, "sunday": 0.25}
VAN_PROFILE = _profile((6, 8, 8), (8, 12, 12), (12, 16, 5), (16, 18, 3))
VAN_STAY_MIN = 12.0

LEAVING = _profile((6, 7, 8), (7, 9, 25), (9, 12, 7), (12, 17, 4), (17, 20, 4))
LEAVING_WEEKEND = _profile((8, 10, 6), (10, 14, 12), (14, 18, 7), (18, 21, 4))
"""When residents drive away."""
STROLL = _profile((7, 9, 6), (9, 12, 5), (12, 14, 7), (14, 17, 6), (17, 20, 8), (20, 23, 3))
"""When residents walk out."""
WALKS_WEEKEND = _profile((8, 10, 3), (10, 12, 7), (12, 17, 10), (17, 20, 7), (20, 24, 3))
"""When residents walk out, and people pass through on foot, on a Saturday or Sunday (assumed)."""

THROUGH = _profile((5, 7, 2), (7, 9, 8), (9, 16, 6), (16, 18, 9), (18, 20, 5), (20, 25, 2))
"""Hourly shares of through traffic, as counts on urban main roads have it."""
