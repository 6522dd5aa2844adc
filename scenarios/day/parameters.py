"""The parameters of the simulated day: what each means, and between what it is taken to lie.

Calibration draws the multiplying ones (``log_sd`` above 0) from what releases say; the others are
fixed figures with a source. A `Parameters` is one draw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.day.kinds import KINDS
from scenarios.day.squares import squares_at

_GROUP: Mapping[str, str] = {
    "supermarket": "supermarkets",
    **dict.fromkeys(("cafe", "restaurant"), "eating_out"),
    **dict.fromkeys(("culture", "sport", "leisure", "hotel"), "outings"),
    **dict.fromkeys(("school", "office", "health", "service", "worship"), "errands"),
}
"""Which factor goes for a kind of destination."""


def _factor(value: float, log_sd: float, meaning: str, source: str = "assumed") -> Any:
    """Declare a parameter that calibration and ensembles vary, lognormally about ``value``."""
    return field(default=value, metadata={"log_sd": log_sd, "meaning": meaning, "source": source})


def _fixed(value: float, meaning: str, source: str = "assumed") -> Any:
    return field(default=value, metadata={"log_sd": 0.0, "meaning": meaning, "source": source})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """One draw of what the day depends on; lengths in m, times in minutes, money in euro."""

    cars_per_dwelling: float = _factor(
        0.35, 0.35, "cars of residents that want the kerb, per dwelling"
    )
    leaving: float = _factor(0.45, 0.25, "part of residents' cars that drives away on a weekday")
    away_min: float = _factor(420, 0.25, "median time a resident's car is away")
    visits: float = _factor(1.3, 0.4, "visits, as a part of the table of kinds")
    supermarkets: float = _factor(1.0, 0.5, "visits to supermarkets, besides")
    eating_out: float = _factor(1.0, 0.4, "visits to cafés and restaurants, besides")
    outings: float = _factor(1.0, 0.4, "visits to culture, sport, leisure and hotels, besides")
    errands: float = _factor(
        1.0, 0.4, "visits to schools, offices, care, service and worship, besides"
    )
    kerb: float = _factor(1.0, 0.5, "wish to park at the kerb, against other ways to come")
    garages: float = _factor(1.0, 0.5, "wish to park in a garage, against other ways to come")
    workers: float = _factor(1.0, 0.6, "people who come to work by car, as a part of the table")
    saturday: float = _factor(1.0, 0.25, "visits on a Saturday, as a part of the table of kinds")
    sunday: float = _factor(1.0, 0.3, "visits on a Sunday, as a part of the table of kinds")
    morning: float = _factor(1.0, 0.5, "visits that begin before 11:00, as a part of the profiles")
    weekend_morning: float = _factor(1.0, 0.5, "the same on a Saturday or Sunday, besides")
    evening: float = _factor(1.0, 0.5, "visits that begin from 18:00 to 21:00, the same")
    night: float = _factor(1.0, 0.5, "visits that begin after 21:00, the same")
    stays: float = _factor(
        1.0, 0.15, "stays, as a part of the table: releases cannot tell stays from arrivals"
    )
    subscribers: float = _factor(
        0.15, 0.4, "part of a garage taken by residents who subscribe, at night"
    )
    cycling: float = _factor(0.6, 0.6, "wish to come by bike")
    home_bikes: float = _factor(0.25, 0.5, "bikes of residents in the street, per dwelling")
    careless: float = _factor(0.15, 0.5, "part of those who come by bike who never look for a rack")
    left_behind: float = _factor(
        0.0004, 0.8, "chance that a bike parked in the street is left for good, per day"
    )
    orphans: float = _factor(
        0.15, 0.4, "part of a rack taken by bikes nobody uses", "AT5: 15 % in Amsterdam"
    )
    decay: float = _factor(
        0.0025, 0.25, "decay of the wish to walk, per metre", "Madina: 0.001 to 0.004"
    )
    strolls: float = _factor(0.9, 0.3, "walks of residents to a destination, per dwelling and day")
    passing: float = _factor(
        0.6, 0.5, "people on foot who only pass through, as a part of visits by transit and on foot"
    )
    onward: float = _factor(0.35, 0.3, "chance that a visit is followed by another on foot")
    rivalry: float = _factor(
        1.0, 0.3, "visitors for whom another of the kind would do, as a part of the table of kinds"
    )
    walks_saturday: float = _factor(
        1.0, 0.5, "walks of residents and people who pass through on a Saturday, against a weekday"
    )
    walks_sunday: float = _factor(1.0, 0.5, "the same on a Sunday")
    walks_morning: float = _factor(1.0, 0.5, "such walks before 11:00, as a part of the profiles")
    walks_evening: float = _factor(1.0, 0.5, "such walks from 18:00 to 21:00, the same")
    walks_night: float = _factor(1.0, 0.5, "such walks after 21:00, the same")

    per_minute: float = _factor(0.05, 0.25, "utility lost per minute on the way, within the place")
    per_euro: float = _factor(
        0.045, 0.4, "utility lost per euro", "half of SFpark's elasticity of -0.4 at 5 euro a visit"
    )
    stay_per_price: float = _factor(
        0.2, 0.4, "elasticity of the stay to the tariff", "the other half of SFpark's -0.4"
    )
    shopping: float = _fixed(1.0, "visits to shops, cafés and the like, against all others")
    cargo_bikes: float = _fixed(
        0.06, "part of the bikes that are too big for one place", "counts: 5 % rising to 16 %"
    )
    search_weight: float = _fixed(1.5, "weight of searching against driving")
    walk_weight: float = _fixed(1.6, "weight of walking against driving")
    walk_m_min: float = _fixed(80, "walking speed", "cityseer, Madina: 1.333 m/s")
    cruise_kmh: float = _fixed(12, "speed of a car that looks for a space")
    detour: float = _fixed(1.25, "walk as a multiple of the distance as the crow flies")
    observe_m: float = _fixed(1000, "where drivers begin to observe", "PARKAGENT, in matsim-libs")
    seek_m: float = _fixed(500, "where drivers begin to seek", "PARKAGENT, in matsim-libs")
    few_ahead: float = _fixed(2, "so few free spaces expected ahead are taken at once", "PARKAGENT")
    many_ahead: float = _fixed(4, "with so many expected ahead nobody stops yet", "PARKAGENT")
    walk_first_m: float = _factor(
        100, 0.5, "accepted walk when the search begins", "PARKAGENT; its range assumed"
    )
    walk_more_m_min: float = _factor(
        100, 0.5, "growth of the accepted walk, per minute", "PARKAGENT; its range assumed"
    )
    walk_most_m: float = _fixed(600, "longest accepted walk", "PARKAGENT")
    patience_min: float = _factor(8, 0.2, "median time a visitor searches before going elsewhere")
    patience_home_min: float = _factor(
        15, 0.5, "median time a resident searches before going elsewhere"
    )
    home_garage: float = _factor(
        0.3, 0.6, "part of residents who find no space on the street who take a garage"
    )
    wrongly: float = _factor(0.15, 0.4, "part of those who find nothing who park wrongly")
    rack_m: float = _factor(150, 0.6, "median distance from the door at which a rack is used")
    rack_full: float = _fixed(0.8, "from this part on a rack feels full", "CROW 291")
    squeezing: float = _factor(0.45, 0.3, "chance to use a rack that feels full and is not")

    def __post_init__(self) -> None:
        # What is a chance cannot exceed one, however a draw falls.
        for name in ("leaving", "subscribers", "careless", "left_behind", "orphans", "onward",
                     "home_garage", "wrongly", "squeezing"):  # fmt: skip
            object.__setattr__(self, name, min(getattr(self, name), 0.95))

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of the parameters that vary."""
        return [one.name for one in fields(cls) if one.metadata["log_sd"] > 0]

    @classmethod
    def log_sd(cls) -> NDArray[np.float64]:
        """Return the prior standard deviations of their logarithms."""
        return np.array([one.metadata["log_sd"] for one in fields(cls) if one.metadata["log_sd"]])

    @classmethod
    def from_log(cls, deviations: NDArray[np.float64]) -> "Parameters":
        """Return the parameters that lie so far (in logarithms) from the priors' middle."""
        varied = [one for one in fields(cls) if one.metadata["log_sd"] > 0]
        return cls(
            **{
                one.name: float(one.default * np.exp(deviation))
                for one, deviation in zip(varied, deviations, strict=True)
            }
        )

    def of_kinds(self) -> NDArray[np.float64]:
        """Return the factor of each kind of destination, in the order of `KINDS`: 1 for shops."""
        return np.array([getattr(self, _GROUP[kind]) if kind in _GROUP else 1.0 for kind in KINDS])

    @classmethod
    def rows(cls) -> list[tuple[str, str, str, str]]:
        """Return name, value, meaning and source of each, for documentation."""
        return [
            (
                one.name,
                f"{one.default:g}"
                + (f" ×÷ {np.exp(one.metadata['log_sd']):.2f}" if one.metadata["log_sd"] else ""),
                one.metadata["meaning"],
                one.metadata["source"],
            )
            for one in fields(cls)
        ]


@dataclass(frozen=True, slots=True)
class Local:
    """How parts of the place differ from the whole: factors by square of `LOCAL_M`.

    Each row is of one square: the wish to park at the kerb, how much more of it there is in the
    evening, residents' cars, bikes of visitors and residents, and how far a rack may be. A square
    that is not named is like the whole.

    ``of_unit`` are the factors of some ``units``: of the wish to park in a garage, and of how many more
    people are counted in a cell than walk there on the simulated day.
    """

    square: NDArray[np.int64]
    factors: NDArray[np.float64]
    units: tuple[str, ...] = ()
    of_unit: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def at(
        self, x_m: NDArray[np.float64], y_m: NDArray[np.float64], name: str
    ) -> NDArray[np.float64]:
        """Return one of the factors `LOCAL` at each of some points (m)."""
        result = np.ones(len(x_m))
        if len(self.square):
            squares = squares_at(x_m, y_m, LOCAL_M)
            at = np.clip(np.searchsorted(self.square, squares), 0, len(self.square) - 1)
            known = self.square[at] == squares
            result[known] = self.factors[at[known], LOCAL.index(name)]
        return result

    def of_units(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the factors of garages or cells, 1 for those that are not known."""
        known = dict(zip(self.units, self.of_unit.tolist(), strict=True))
        return np.array([known.get(name, 1.0) for name in names])


LOCAL_M = 250.0
LOCAL = ("kerb", "evening", "residents", "bikes", "racks")
LOCAL_LOG_SD = (0.6, 0.3, 0.6, 1.2, 0.8)
UNIT_LOG_SD = 0.8
NOWHERE_DIFFERENT = Local(np.empty(0, np.int64), np.empty((0, len(LOCAL))))
