"""Which published figure may tell something of which parameter."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scenarios.calibration.members import LOCAL_DOMAIN, Layout
from scenarios.calibration.observations import DAYS, Observations
from scenarios.day.kinds import DayKind
from scenarios.day.parameters import LOCAL, Parameters
from twin.city import City

Floats = NDArray[np.float64]

KERB = ("parking_occupied",)
GARAGES = ("parking_garage",)
BIKES = ("bikes_racked", "bikes_loose")
FOOTFALL = ("footfall_passages",)

_OF_PLACE: Mapping[str, tuple[str, ...]] = {
    "cars_per_dwelling": KERB,
    "leaving": KERB,
    "away_min": KERB,
    "kerb": (*KERB, *GARAGES),
    "garages": (*KERB, *GARAGES),
    "workers": (*KERB, *GARAGES),
    "subscribers": GARAGES,
    "cycling": BIKES,
    "home_bikes": BIKES,
    "careless": BIKES,
    "left_behind": ("bikes_dumped",),
    "orphans": ("bikes_racked",),
    "rack_m": BIKES,
    "squeezing": BIKES,
    "decay": FOOTFALL,
    "strolls": FOOTFALL,
    "passing": FOOTFALL,
    "onward": FOOTFALL,
    "home_garage": GARAGES,
    **{name: FOOTFALL for name in Parameters.names() if name.startswith("walks_")},
    **dict.fromkeys(
        ("stays", "morning", "weekend_morning", "evening", "saturday", "sunday"),
        (*KERB, *GARAGES),
    ),
    **dict.fromkeys(
        ("visits", "supermarkets", "eating_out", "outings", "errands"),
        (*KERB, *GARAGES, *FOOTFALL),
    ),
    "night": (*KERB, *GARAGES, *FOOTFALL),
    "per_minute": (),
    "per_euro": (),
    "stay_per_price": (),
    "patience_min": KERB,
    "patience_home_min": KERB,
    "walk_first_m": KERB,
    "walk_more_m_min": KERB,
    "wrongly": (),
    "rivalry": (),
}
"""Of which quantities a parameter of the whole place learns; those not named learn of all. Nothing
that is published tells what minutes and money are worth, who parks wrongly, or who would go
elsewhere if something closed. When
visitors come is learned from where cars park, and not from footfall, of which there are more
figures than of all else: what is wrong with walks should not spoil the rest (modularisation: Liu,
Bayarri and Berger 2009)."""

_ON_DAYS: Mapping[str, tuple[DayKind, ...]] = {
    "saturday": ("saturday",),
    "sunday": ("sunday",),
    "weekend_morning": ("saturday", "sunday"),
    "walks_saturday": ("saturday",),
    "walks_sunday": ("sunday",),
}
"""Parameters that change nothing on other days than these."""

_OF_CELLS: Mapping[str, tuple[str, ...]] = {
    "kerb": (*KERB, *GARAGES),
    "evening": (*KERB, *GARAGES),
    "residents": KERB,
    "bikes": (*BIKES, "bikes_dumped"),
    "racks": BIKES,
}

NEGLIGIBLE = 0.01
"""Less than this is none at all."""

_RISING: Mapping[str, tuple[str, ...]] = {
    "kerb": KERB,
    "evening": KERB,
    "residents": KERB,
    "bikes": (*BIKES, "bikes_dumped"),
    "racks": ("bikes_racked",),
}
_FALLING: Mapping[str, tuple[str, ...]] = {"racks": ("bikes_loose",)}
"""Figures that can only rise, or fall, as a local factor rises."""

REACH_M = 300.0
"""A local factor bears on what is near its cell, less the farther it is: a normal curve."""


def relevance(city: City, layout: Layout, observations: Observations) -> Floats:
    """Return which observation may say anything of which entry: (entries, observations), 0 to 1."""
    quantity = np.array(observations.quantity)
    everything = tuple(dict.fromkeys(observations.quantity))
    day = np.array(observations.day)
    whole = [
        np.isin(quantity, _OF_PLACE.get(name, everything)) & np.isin(day, _ON_DAYS.get(name, DAYS))
        for name in Parameters.names()
    ]
    place = _places(city)
    units = zip(observations.quantity, observations.unit, strict=True)
    where = _points(place, [(name.partition("_")[0], unit) for name, unit in units])
    middle = _points(place, [(LOCAL_DOMAIN[name], cell) for name, cell in layout.cells])
    far = np.hypot(*(where[None, :, :] - middle[:, None, :]).transpose(2, 0, 1))
    near = np.exp(-0.5 * (np.nan_to_num(far, nan=1e9) / REACH_M) ** 2)
    bears = {name: np.isin(quantity, _OF_CELLS[name]) for name in LOCAL}
    local = near * np.array([bears[name] for name, _ in layout.cells]).reshape(near.shape)
    own = np.array(observations.unit) == np.array(layout.units, str)[:, None]
    own &= np.isin(quantity, (*GARAGES, *FOOTFALL))
    return np.concatenate([np.array(whole, float), np.where(local < NEGLIGIBLE, 0.0, local), own])


def signs(layout: Layout, observations: Observations) -> Floats:
    """Return in which direction an observation goes with an entry: see `linear.lines`."""
    quantity = np.array(observations.quantity)
    whole = np.zeros((len(Parameters.names()), len(quantity)))
    up = {name: np.isin(quantity, _RISING[name]) for name in LOCAL}
    down = {name: np.isin(quantity, _FALLING.get(name, ())) for name in LOCAL}
    local = [up[name].astype(float) - down[name] for name, _ in layout.cells]
    own = np.zeros((len(layout.units), len(quantity)))
    return np.concatenate([whole, np.array(local).reshape(-1, len(quantity)), own])


_Places = Mapping[tuple[str, str], tuple[float, float]]


def _places(city: City) -> _Places:
    """Return where the middle of each cell and garage is, by domain and name."""
    cells = city.cells
    place = {
        (str(domain), str(cell)): (shape.centroid.x, shape.centroid.y)
        for domain, cell, shape in zip(cells["domain"], cells["cell"], cells.geometry, strict=True)
    }
    for garage in city.garages["garage"]:
        at = city.position("garages", str(garage))
        if at is not None:
            place["parking", str(garage)] = at
    return place


def _points(place: _Places, names: Sequence[tuple[str, str]]) -> Floats:
    """Return the points of some of them, (names, 2); NaN for those that are nowhere."""
    nowhere = (np.nan, np.nan)
    return np.array([place.get(name, nowhere) for name in names]).reshape(-1, 2)
