"""What people are told about their privacy: the sensors, whose they are, and what has been spent."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from twin.domains import Domain, ProtectedUnit
from twin.layers import LAYER_BY_NAME
from twin.privacy.facts import Spent
from twin.privacy.notice import Habit, habits
from twin.privacy.sensor_register import (
    KindOfSensor,
    RegisterError,
    SensorRegister,
    kinds_of,
)
from twin.words import Origin, Text
from web.live import Live


class Place(NamedTuple):
    """Where a sensor is: what it watches, and along which street; None if it watches nothing."""

    domain: str
    layer: str | None
    target: str | None
    street: str | None
    origin: Origin
    alive: float


@dataclass(frozen=True, slots=True)
class Kind:
    """All sensors of one kind: a subject, and the layer that they stand on."""

    domain: Domain
    layer: str | None
    title: Text
    origins: Mapping[Origin, int]
    streets: Sequence[tuple[str | None, int]]
    """Streets with the most sensors first; None: along no street that has a name."""
    filled_in: KindOfSensor | None

    @property
    def sensors(self) -> int:
        """How many there are."""
        return sum(self.origins.values())


@dataclass(frozen=True, slots=True)
class AccountSpent:
    """What was spent on one account; the unit is None if no figure protects it any more."""

    spent: Spent
    unit: ProtectedUnit | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything that pages and programs are told."""

    register: SensorRegister
    faults: Sequence[str]
    """What is wrong with the file that says whose the sensors are; nothing of it is used then."""
    kinds: Sequence[Kind]
    places: Sequence[Place]
    accounts: Sequence[AccountSpent]
    habits: Sequence[Habit]

    @property
    def until(self) -> date | None:
        """The last day for which anything was published."""
        return self.accounts[0].spent.until if self.accounts else None


def read_notice(live: Live) -> Notice:
    """Return what is known now; kept until a file changes."""
    key = ("notice", live.reader.notice_version(), live.moment_of_change())
    return live.kept.get(key, lambda: _read(live))


def _read(live: Live) -> Notice:
    register, faults = SensorRegister(), list[str]()
    try:
        register = live.reader.sensor_register()
    except RegisterError as err:
        faults = err.faults
    places = _places(live)
    of_kind: dict[tuple[str, str | None], list[Place]] = defaultdict(list)
    for place in places:
        of_kind[place.domain, place.layer].append(place)
    domains = {domain.name: domain for domain in live.domains}
    found = live.kept.get(("habits",), lambda: habits(live.domains))
    units = {habit.unit.name: habit.unit for habit in found}
    return Notice(
        register=register,
        faults=faults,
        kinds=[
            _kind(domains[name], layer, of_kind[name, layer], register)
            for name, layer in kinds_of(live.domains)
        ],
        places=places,
        accounts=[AccountSpent(each, units.get(each.unit)) for each in live.reader.ledger()],
        habits=found,
    )


def _kind(
    domain: Domain, layer: str | None, places: Sequence[Place], register: SensorRegister
) -> Kind:
    along = Counter(place.street for place in places if place.layer is not None)
    return Kind(
        domain=domain,
        layer=layer,
        title=next(sensor.title for sensor in domain.sensors if sensor.layer == layer),
        origins=Counter(place.origin for place in places),
        streets=sorted(along.items(), key=lambda each: (each[0] is None, -each[1], each[0] or "")),
        filled_in=register.of(domain.name, layer),
    )


def _places(live: Live) -> list[Place]:
    streets: dict[str, Mapping[str, str]] = {}
    found: list[Place] = []
    for row in live.reader.devices():
        layer, target = row["layer"], row["target"]
        if layer is not None and layer not in streets:
            streets[layer] = _streets(live, layer)
        street = streets[layer].get(str(target)) if layer is not None else None
        found.append(
            Place(row["domain"], layer, target, street, Origin(row["origin"]), float(row["alive"]))
        )
    return sorted(found, key=lambda each: (each.domain, each.layer or "", each.target or ""))


def _streets(live: Live, layer: str) -> Mapping[str, str]:
    """Return the street along which each row of a layer lies, where that has a name."""
    if not live.has_place:
        return {}
    frame, segments = live.city.layers[layer], live.city.layers["segments"]
    if "segment" not in frame.columns:
        return {}
    named = segments.loc[segments["name"].notna(), ["segment", "name"]]
    name_of = dict(zip(named["segment"].tolist(), named["name"].astype(str).tolist(), strict=True))
    keys = frame[LAYER_BY_NAME[layer].key].astype(str).tolist()
    along = frame["segment"].tolist()
    return {key: name_of[one] for key, one in zip(keys, along, strict=True) if one in name_of}
