"""The rules of a place: what holds where and when, beside what stands where.

Layers say what there is; rules say how it may be used. A place as imported has no rules of its
own, and what is then assumed is stated where a model reads them. Measures add rules with
`twin.city.City.with_rules`. A rule about something that another measure took away says nothing.
"""

from dataclasses import dataclass

from shapely import MultiPolygon, Polygon

DAY_H = 24.0

Area = Polygon | MultiPolygon
"""Where a rule holds; a street that is interrupted has several parts."""

WEEKDAYS = (0, 1, 2, 3, 4)
ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Hours:
    """Local hours of some days of the week: [from_h, until_h), Monday is 0.

    Where ``until_h`` is not later than ``from_h`` it is of the next day; then ``days`` are those
    on which it begins.
    """

    from_h: float = 0.0
    until_h: float = DAY_H
    days: tuple[int, ...] = ALL_DAYS

    def hold(self, weekday: int, hour: float) -> bool:
        """Whether they hold at an hour (0 to 24) of a day of the week.

        >>> market = Hours(9, 17, (5,))
        >>> market.hold(5, 9.0), market.hold(5, 17.0), market.hold(4, 12.0)
        (True, False, False)
        >>> night = Hours(23, 6, (4,))
        >>> night.hold(4, 23.5), night.hold(5, 5.9), night.hold(4, 5.9)
        (True, True, False)
        """
        if self.from_h < self.until_h:
            return weekday in self.days and self.from_h <= hour < self.until_h
        began_today = weekday in self.days and hour >= self.from_h
        return began_today or ((weekday - 1) % 7 in self.days and hour < self.until_h)


@dataclass(frozen=True, slots=True)
class Closure:
    """Segments that no car may drive along during some hours."""

    segments: tuple[str, ...]
    hours: Hours = Hours()


@dataclass(frozen=True, slots=True)
class BicycleStreet:
    """Segments where cars are guests: they follow bicycles at their pace."""

    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaidHours:
    """When parking in some groups of bays has to be paid for; later rules go before earlier."""

    bays: tuple[str, ...]
    hours: Hours


@dataclass(frozen=True, slots=True)
class NoParking:
    """Groups of bays in which nobody may stand during some hours."""

    bays: tuple[str, ...]
    hours: Hours


@dataclass(frozen=True, slots=True)
class GaragePrice:
    """What a garage costs an hour; later rules go before earlier."""

    garage: str
    price_eur_h: float


@dataclass(frozen=True, slots=True)
class MaxStay:
    """The longest stay in some groups of bays, for everybody without a permit."""

    bays: tuple[str, ...]
    minutes: float


@dataclass(frozen=True, slots=True)
class PermitZone:
    """An area whose permits are valid in it and nowhere else, and where only they are valid."""

    name: str
    area: Area


@dataclass(frozen=True, slots=True)
class Round:
    """Removal of bicycles left behind: how often, and how long a label hangs first.

    ``area`` None is the whole place. The first round that holds for a spot counts.
    """

    every_d: float
    label_d: float
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A market or a street party: visitors who come for it, spread over its hours.

    ``visitors`` come on each day on which ``hours`` begin. ``name`` is unique and never changes,
    so that draws can be keyed by it; it is not what people call it.
    """

    name: str
    area: Area
    hours: Hours
    visitors: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An attractor that was not there before: others of its kind lose some visitors to it."""

    attractor: str


@dataclass(frozen=True, slots=True)
class Closed:
    """An attractor that is there no more: others of its kind gain some of its visitors.

    ``x_m`` and ``y_m`` say where it was, in the city's CRS.
    """

    attractor: str
    kind: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class Comfort:
    """Segments made more pleasant to walk along by benches and green.

    ``felt`` is the felt length of a metre there: 0.9 feels a tenth shorter. Where several hold,
    they multiply.
    """

    segments: tuple[str, ...]
    felt: float


@dataclass(frozen=True, slots=True)
class Pavement:
    """Clear width (m) of the pavement along some segments; later rules go before earlier."""

    segments: tuple[str, ...]
    clear_m: float


@dataclass(frozen=True, slots=True)
class BikeParkingAtHome:
    """Share of the bicycles of some buildings that have a place inside."""

    buildings: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class CarsPerDwelling:
    """Cars per dwelling of some buildings, and how many of them have a place of their own."""

    buildings: tuple[str, ...]
    cars: float
    own_places: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of a city; empty is a place about whose rules nothing is known."""

    closures: tuple[Closure, ...] = ()
    bicycle_streets: tuple[BicycleStreet, ...] = ()
    paid_hours: tuple[PaidHours, ...] = ()
    no_parking: tuple[NoParking, ...] = ()
    garage_prices: tuple[GaragePrice, ...] = ()
    max_stays: tuple[MaxStay, ...] = ()
    permit_zones: tuple[PermitZone, ...] = ()
    rounds: tuple[Round, ...] = ()
    events: tuple[Event, ...] = ()
    opened: tuple[Opened, ...] = ()
    closed: tuple[Closed, ...] = ()
    comforts: tuple[Comfort, ...] = ()
    pavements: tuple[Pavement, ...] = ()
    bike_parking: tuple[BikeParkingAtHome, ...] = ()
    car_ownership: tuple[CarsPerDwelling, ...] = ()
