"""The parking balance: spaces that a place asks for by norms, against those there are.

The planner's sum, beside the simulated day and independent of it: dwellings and destinations times a
norm times the part of it that is there at a moment, against bays and garages.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from scenarios.errors import NormError
from scenarios.table_file import TableFile
from twin.city import City
from twin.place.frames import numbers, texts
from twin.words import Language, Text

MOMENTS: Mapping[str, Text] = {
    "weekday_morning": Text("werkdag, ochtend", "weekday, morning"),
    "weekday_afternoon": Text("werkdag, middag", "weekday, afternoon"),
    "weekday_evening": Text("werkdag, avond", "weekday, evening"),
    "weekday_night": Text("werkdag, nacht", "weekday, night"),
    "saturday_afternoon": Text("zaterdagmiddag", "Saturday afternoon"),
    "shopping_evening": Text("koopavond", "shopping evening"),
}
"""The moments at which Dutch planners draw up a balance."""

FOR_EVERYBODY = ("public", "permit", "paid", "short_stay")
"""Kinds of bays that count as supply. Those for loading, cards, shared cars and charging are for
whoever has a right to them, and do not."""

DWELLING, GUESTS = "dwelling", "dwelling_guests"

_Part = Annotated[float, Field(ge=0, le=1)]


class Presence(BaseModel):
    """The part of a norm that is there at each of `MOMENTS`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    weekday_morning: _Part
    weekday_afternoon: _Part
    weekday_evening: _Part
    weekday_night: _Part
    saturday_afternoon: _Part
    shopping_evening: _Part


class Norm(BaseModel):
    """What one of something asks in parking spaces."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    unit: str = Field(description="What one of it is, in words")
    spaces: Annotated[float, Field(ge=0, le=10_000)] = Field(description="Spaces at its busiest")
    presence: Presence = Field(description="The part of them at each moment")
    source: str = Field(default="assumed", description="Where the norm comes from")


@dataclass(frozen=True)
class Norms:
    """The norms of everything that asks for parking, by name; ``file`` is a city's own table, if any."""

    by_name: Mapping[str, Norm]
    file: Path | None = None

    def fingerprint(self) -> str:
        """Return the SHA-256 of all norms: the same for the same table."""
        content = {name: norm.model_dump(mode="json") for name, norm in self.by_name.items()}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


_FILE = TableFile(
    "parking_norms.toml",
    Norm,
    NormError,
    what="parking norms",
    unknown="nothing here is counted by such a norm",
    kept=("unit", "presence"),
)


def read_norms(path: Path | None = None) -> Norms:
    """Return the norms of `parking_norms.toml`, those of ``path`` in their place where it has them.

    Raises
    ------
    NormError
        With every fault of the file: names that nothing is counted by, values that are not allowed.
    """
    return Norms(MappingProxyType(_FILE.read(path)), path)


@dataclass(frozen=True, eq=False)
class Balance:
    """A parking balance of a whole place.

    Attributes
    ----------
    names, counts
        What asks for parking, and how many of it there are.
    demand
        Spaces that each of them asks for at each of `MOMENTS`, (names, moments).
    bays, garages
        Spaces on the street that count (`FOR_EVERYBODY`), and in garages.
    """

    names: Sequence[str]
    counts: NDArray[np.float64]
    demand: NDArray[np.float64]
    bays: int
    garages: int

    @property
    def supply(self) -> int:
        """All spaces that count."""
        return self.bays + self.garages

    @property
    def asked(self) -> NDArray[np.float64]:
        """The spaces asked for at each of `MOMENTS`."""
        return self.demand.sum(axis=0)

    @property
    def left(self) -> NDArray[np.float64]:
        """The spaces left at each of `MOMENTS`; below 0 there are too few."""
        return self.supply - self.asked

    def entries(self) -> dict[str, NDArray[np.float64]]:
        """Return all that is asked for or there by name, at each of `MOMENTS`."""
        spaces = {"bays": self.bays, "garages": self.garages}
        return {
            **{f"asked_{name}": self.demand[at] for at, name in enumerate(self.names)},
            **{name: np.full(len(MOMENTS), float(count)) for name, count in spaces.items()},
            "left": self.left,
        }


def parking_balance(city: City, norms: Norms) -> Balance:
    """Return the parking balance of a city.

    Residents of buildings that have a number of cars of their own (new housing) ask for those, less
    the places that they have inside, instead of the norm.
    """
    counts = _counts(city)
    rows = [norms.by_name[name] for name in counts]
    each = np.array([norm.spaces for norm in rows])
    presence = np.array([[getattr(norm.presence, moment) for moment in MOMENTS] for norm in rows])
    asks = np.array(list(counts.values())) * each
    asks[list(counts).index(DWELLING)] += _own_cars(city)
    is_for_all = np.isin(np.array(texts(city.bays, "kind"), str), FOR_EVERYBODY)
    return Balance(
        names=list(counts),
        counts=np.array(list(counts.values())),
        demand=asks[:, None] * presence,
        bays=int(numbers(city.bays, "capacity")[is_for_all].sum()),
        garages=int(numbers(city.garages, "capacity").sum()),
    )


def balance_frame(before: Balance, after: Balance, language: Language = "en") -> pd.DataFrame:
    """Return a row for each moment: spaces asked for, there, and left, now and with a plan."""
    names = Text(
        "moment|gevraagd nu|plekken nu|over nu|gevraagd met plan|plekken met plan|over met plan",
        "moment|asked now|spaces now|left now|asked with plan|spaces with plan|left with plan",
    )
    columns = names.into(language).split("|")
    data = {columns[0]: [moment.into(language) for moment in MOMENTS.values()]}
    values = [
        column
        for one in (before, after)
        for column in (one.asked, np.full(len(MOMENTS), one.supply), one.left)
    ]
    return pd.DataFrame(data | dict(zip(columns[1:], values, strict=True))).set_index(columns[0])


def _counts(city: City) -> dict[str, float]:
    """Return how many there are of everything that asks by a norm."""
    dwellings = numbers(city.buildings, "dwellings")
    has_norm = ~np.isin(np.array(texts(city.buildings, "building"), str), list(_ruled(city)))
    kinds = [str(kind) for kind in texts(city.attractors, "kind")]
    return {
        DWELLING: float(dwellings[has_norm].sum()),
        GUESTS: float(dwellings.sum()),
        **{kind: float(kinds.count(kind)) for kind in sorted(set(kinds))},
    }


def _ruled(city: City) -> dict[str, float]:
    """Return the cars per dwelling without a place inside, of buildings that have a rule of their own."""
    return {
        building: max(rule.cars - rule.own_places, 0.0)
        for rule in city.rules.car_ownership
        for building in rule.buildings
    }


def _own_cars(city: City) -> float:
    dwellings = dict(
        zip(texts(city.buildings, "building"), numbers(city.buildings, "dwellings"), strict=True)
    )
    return sum(dwellings.get(name, 0.0) * cars for name, cars in _ruled(city).items())
