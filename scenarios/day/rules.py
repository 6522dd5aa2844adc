"""What a city's rules come to for bays, homes, pavements and bikes, as plain arrays."""

from typing import NamedTuple

import numpy as np
import shapely

from scenarios.day.draws import Keys, key_of, keys_of
from scenarios.day.kinds import FIRST_HOUR, HOURS
from scenarios.day.network import Flags, Floats, Ints
from scenarios.day.streets import Streets
from scenarios.day.things import Things, names_of, within, words
from twin.city import City
from twin.layers import BAY_KINDS
from twin.place.frames import numbers

PRICE_UNKNOWN_EUR_H = 3.0
GARAGE_EUR_H = 4.0
"""Tariffs where the place does not say what paid bays and garages cost (assumed)."""

PAID_FROM_H, PAID_UNTIL_H = 9.0, 21.0
"""Hours in which paid bays are paid for where no rule says otherwise (assumed; not on Sundays)."""

PRICE_REACH_M = 300.0
"""The tariff that matters to a visitor is that of the bays within this distance."""

SHORT_STAY_MIN = 60.0
"""The longest stay in a bay for short stays where no rule says otherwise (assumed)."""

ROUND_D, LABEL_D = 14.0, 14.0
"""Days between two rounds, and days that a label hangs, where no rule says otherwise (assumed)."""

PAVEMENT_SHARE = 0.25
PAVEMENT_LEAST_M, PAVEMENT_MOST_M = 1.5, 3.0
"""Clear width of the pavement where no rule gives it: a part of the street's, within bounds
(assumed)."""

_SUNDAY, _WEEK_D = 6, 7
_MIDDLE_H = 0.5


class Bays(NamedTuple):
    """How groups of bays may be used.

    ``kind`` is the position among `BAY_KINDS`, ``zone`` the permit zone (-1: none), ``is_paid``
    (local hours, groups) whether the tariff is due, ``shut_h`` (2, groups) from and until which hour
    of the simulated day nobody may stand there: never where the first is not before the second.
    """

    kind: Ints
    zone: Ints
    price_eur_h: Floats
    is_paid: Flags
    max_stay_min: Floats
    shut_h: Floats


class Events(NamedTuple):
    """Markets and street parties.

    ``visitors`` is (events, attractors): who come to each; ``is_on`` (events, local hours).
    """

    key: Keys
    visitors: Floats
    is_on: Flags


def bays_of(city: City, bays: Things, weekday: int) -> Bays:
    """Return how groups of bays may be used on a day of the week."""
    names, kinds = names_of(city, "bays"), words(city.bays, "kind")
    price = numbers(city.bays, "price_eur_h")
    usual = np.where(np.array(kinds, str) == "paid", PRICE_UNKNOWN_EUR_H, 0.0)
    return Bays(
        kind=np.array([BAY_KINDS.index(kind) for kind in kinds], np.int64),
        zone=permit_zones(city, bays),
        price_eur_h=np.where(np.isnan(price), usual, price),
        is_paid=_paid(city, names, weekday),
        max_stay_min=_max_stays(city, names, kinds),
        shut_h=_shut(city, names, weekday),
    )


def garage_prices(city: City) -> Floats:
    """Return what each garage costs an hour, in euros."""
    names = names_of(city, "garages")
    price = np.full(len(names), GARAGE_EUR_H)
    for rule in city.rules.garage_prices:
        price[_named(names, (rule.garage,))] = rule.price_eur_h
    return price


def permit_zones(city: City, things: Things) -> Ints:
    """Return the permit zone in which each thing lies; -1 for none."""
    zone = np.full(len(things.key), -1, np.int64)
    for number, one in enumerate(city.rules.permit_zones):
        zone[shapely.contains_xy(one.area, things.x_m, things.y_m)] = number
    return zone


def prices_near(things: Things, bays: Things, rules: Bays) -> Floats:
    """Return the mean tariff of the bays near each thing, (things, local hours)."""
    touches = within(things, bays, PRICE_REACH_M)
    due = np.vstack([bays.size, rules.is_paid * rules.price_eur_h * bays.size]).T
    sums = np.asarray(touches @ due, np.float64)
    return sums[:, 1:] / np.maximum(sums[:, :1], 1.0)


def cars_at_home(city: City) -> Floats:
    """Return cars on the street per dwelling, as a part of what is usual in the place.

    Rules give numbers of their own, which are negative here to tell them apart.
    """
    cars = np.ones(len(city.buildings))
    names = names_of(city, "buildings")
    for rule in city.rules.car_ownership:
        cars[_named(names, rule.buildings)] = -max(rule.cars - rule.own_places, 0.0)
    return cars


def bikes_outside(city: City) -> Floats:
    """Return the part of each building's bikes that has no place inside."""
    out = np.ones(len(city.buildings))
    names = names_of(city, "buildings")
    for rule in city.rules.bike_parking:
        out[_named(names, rule.buildings)] = 1.0 - rule.share
    return out


def pavements(city: City, streets: Streets) -> Floats:
    """Return the clear width of the pavement along each segment, in metres."""
    beside = np.clip(streets.width_m * PAVEMENT_SHARE, PAVEMENT_LEAST_M, PAVEMENT_MOST_M)
    clear = np.where(streets.is_car, beside, streets.width_m)
    for rule in city.rules.pavements:
        clear[streets.which(rule.segments)] = rule.clear_m
    return clear


def removal_rounds(city: City, streets: Streets) -> tuple[Floats, Floats]:
    """Return the days between rounds and the days that a label hangs, along each segment."""
    every_d = np.full(len(streets.names), ROUND_D)
    label_d = np.full(len(streets.names), LABEL_D)
    for rule in reversed(city.rules.rounds):
        where = (
            np.ones(len(every_d), bool)
            if rule.area is None
            else shapely.contains_xy(rule.area, streets.middle_x_m, streets.middle_y_m)
        )
        every_d[where], label_d[where] = rule.every_d, rule.label_d
    return every_d, label_d


def events_of(city: City, attractors: Things, weekday: int) -> Events:
    """Return the events of a day of the week; their visitors spread over the attractors there."""
    events = city.rules.events
    visitors = np.zeros((len(events), len(attractors.key)))
    is_on = np.zeros((len(events), HOURS), bool)
    for row, event in enumerate(events):
        is_on[row] = [event.hours.hold(weekday, hour + _MIDDLE_H) for hour in range(HOURS)]
        inside = shapely.contains_xy(event.area, attractors.x_m, attractors.y_m)
        if not inside.any() and len(inside):
            middle = event.area.centroid
            far = np.hypot(attractors.x_m - middle.x, attractors.y_m - middle.y)
            inside = far == far.min()
        if is_on[row].any() and inside.any():
            visitors[row, inside] = event.visitors / inside.sum()
    keys = np.array([key_of(f"events/{event.name}") for event in events], np.uint64)
    return Events(keys, visitors, is_on)


def newly_opened(city: City) -> Flags:
    """Return which attractors were not there before."""
    opened = tuple(one.attractor for one in city.rules.opened)
    return _named(names_of(city, "attractors"), opened)


def closed_attractors(city: City) -> Things:
    """Return the attractors that are there no more, on no segment."""
    closed, count = city.rules.closed, len(city.rules.closed)
    return Things(
        key=keys_of("attractors", [one.attractor for one in closed]),
        segment=np.full(count, -1, np.int64),
        along_m=np.zeros(count),
        x_m=np.array([one.x_m for one in closed]),
        y_m=np.array([one.y_m for one in closed]),
        size=np.ones(count),
    )


def _paid(city: City, names: list[str], weekday: int) -> Flags:
    """Return whether each group of bays has to be paid for, (local hours, groups)."""
    hours = np.arange(HOURS)
    usual = (hours >= PAID_FROM_H) & (hours < PAID_UNTIL_H) & (weekday != _SUNDAY)
    paid = np.repeat(usual[:, None], len(names), axis=1)
    for rule in city.rules.paid_hours:
        held = [rule.hours.hold(weekday, hour + _MIDDLE_H) for hour in range(HOURS)]
        paid[:, _named(names, rule.bays)] = np.array(held)[:, None]
    return paid


def _shut(city: City, names: list[str], weekday: int) -> Floats:
    """Return the hours in which nobody may stand in each group, those between two rules included."""
    shut_h = np.vstack([np.full(len(names), np.inf), np.full(len(names), -np.inf)])
    for rule in city.rules.no_parking:
        held = [
            rule.hours.hold((weekday + (hour >= HOURS)) % _WEEK_D, hour % HOURS + _MIDDLE_H)
            for hour in range(FIRST_HOUR, FIRST_HOUR + HOURS)
        ]
        if any(held):
            hours, which = np.flatnonzero(held), _named(names, rule.bays)
            shut_h[0, which] = np.minimum(shut_h[0, which], hours[0])
            shut_h[1, which] = np.maximum(shut_h[1, which], hours[-1] + 1.0)
    return shut_h


def _max_stays(city: City, names: list[str], kinds: list[str]) -> Floats:
    stays = np.where(np.array(kinds, str) == "short_stay", SHORT_STAY_MIN, np.inf)
    for rule in city.rules.max_stays:
        stays[_named(names, rule.bays)] = rule.minutes
    return stays


def _named(names: list[str], wanted: tuple[str, ...]) -> Flags:
    some = set(wanted)
    return np.array([name in some for name in names], bool)
