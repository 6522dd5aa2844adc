"""What the parking tags of a street say about each of its kerbs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from twin.place.street import read_number

Side = Literal["left", "right"]
SIDES: tuple[Side, ...] = ("left", "right")
State = Literal["bays", "none", "unknown"]

_ORIENTATIONS = {
    "parallel": "parallel",
    "inline": "parallel",
    "diagonal": "diagonal",
    "perpendicular": "perpendicular",
    "orthogonal": "perpendicular",
    "marked": "parallel",
    "yes": "parallel",
    # the newer scheme says where a car stands; how it stands is another tag
    "lane": "parallel",
    "street_side": "parallel",
    "on_kerb": "parallel",
    "half_on_kerb": "parallel",
    "shoulder": "parallel",
    "painted_area_only": "parallel",
}
# Drawn as a thing of its own ("separate") means: not counted here too.
_NO_BAYS = frozenset(
    [
        "no",
        "none",
        "no_parking",
        "no_stopping",
        "no_standing",
        "fire_lane",
        "separate",
        "drawn_separately",
    ]
)
_KIND_OF_CONDITION = {
    "ticket": "paid",
    "free": "public",
    "disc": "short_stay",
    "loading": "loading",
    "loading_only": "loading",
    "charging": "charging",
    "charging_only": "charging",
    "wheelchair": "disabled",
    "disabled": "disabled",
    "residents": "permit",
    "customers": "permit",
    "diplomat": "permit",
    "permit": "permit",
    "private": "permit",
    "no": "public",
}
_CAR_SHARING = frozenset({"citycarclub", "car_sharing", "carsharing", "shared_car"})
_NOT_CARS = frozenset(
    ["motorcycle", "bicycle", "bus", "hgv", "goods", "tourist", "taxi", "coach", "military"]
)
_CLOSED = frozenset({"no_parking", "no_stopping", "no_standing"})


@dataclass(frozen=True, slots=True)
class KerbSide:
    """One kerb: whether cars park there, how they stand, who may, and how many if somebody counted."""

    state: State = "unknown"
    orientation: str = "parallel"
    kind: str = "public"
    source_kind: str | None = None
    capacity: int | None = None
    price_eur_h: float | None = None


@dataclass(frozen=True, slots=True)
class Kerb:
    """Both kerbs of a street, as seen in the direction it is drawn."""

    left: KerbSide = KerbSide()
    right: KerbSide = KerbSide()

    @property
    def is_unknown(self) -> bool:
        """Whether nobody noted anything about either side."""
        return self.left.state == self.right.state == "unknown"

    def on(self, side: Side) -> KerbSide:
        """Return the kerb on one side."""
        return self.left if side == "left" else self.right

    def reversed(self) -> "Kerb":
        """Return the same kerbs seen in the other direction."""
        return Kerb(self.right, self.left)


def read_kerb(tags: Mapping[str, str]) -> Kerb:
    """Return what ``tags`` say in either scheme: ``parking:left`` or ``parking:lane:left``."""
    if not any(key.startswith("parking:") for key in tags):
        return Kerb()
    return Kerb(_read_side(tags, "left"), _read_side(tags, "right"))


def _read_side(tags: Mapping[str, str], side: Side) -> KerbSide:
    position = _get(tags, side, "parking:{}") or _get(tags, side, "parking:lane:{}")
    condition = _get(tags, side, "parking:condition:{}")
    if position is None and condition is None:
        return KerbSide()
    orientation = _get(tags, side, "parking:{}:orientation") or position or "no"
    restriction = _get(tags, side, "parking:{}:restriction")
    if (
        position in _NO_BAYS
        or orientation not in _ORIENTATIONS
        or restriction in _CLOSED
        or not _is_for_cars(tags, side)
        or _is_always_closed(tags, side, condition)
    ):
        return KerbSide(state="none")
    kind, source_kind = _kind(tags, side, condition, restriction)
    return KerbSide(
        state="bays",
        orientation=_ORIENTATIONS[orientation],
        kind=kind,
        source_kind=source_kind,
        capacity=_capacity(tags, side),
        price_eur_h=_price(tags, side),
    )


def _get(tags: Mapping[str, str], side: Side, pattern: str) -> str | None:
    for name in (side, "both"):
        value = tags.get(pattern.format(name))
        if value is not None:
            return value.split(";")[0].strip()
    return None


def _is_for_cars(tags: Mapping[str, str], side: Side) -> bool:
    vehicles = _get(tags, side, "parking:condition:{}:vehicles")
    return vehicles not in _NOT_CARS and _get(tags, side, "parking:{}:access") != "no"


def _is_always_closed(tags: Mapping[str, str], side: Side, condition: str | None) -> bool:
    """A ban without hours is a ban; one with hours leaves bays for the rest of the day."""
    hours = _get(tags, side, "parking:condition:{}:time_interval")
    return condition in _CLOSED and hours is None


def _kind(
    tags: Mapping[str, str], side: Side, condition: str | None, restriction: str | None
) -> tuple[str, str | None]:
    owner = (
        _get(tags, side, "parking:condition:{}:private")
        or _get(tags, side, "parking:condition:{}:operator")
        or ""
    )
    if owner.lower() in _CAR_SHARING:
        return "shared_car", owner
    for said in (condition, restriction, _get(tags, side, "parking:{}:access")):
        if said in _KIND_OF_CONDITION:
            return _KIND_OF_CONDITION[said], said
    if _get(tags, side, "parking:{}:disabled") in {"designated", "yes"}:
        return "disabled", "disabled"
    if _is_yes(tags, side, "authentication:disc"):
        return "short_stay", "disc"
    if _is_yes(tags, side, "fee") or _is_yes(tags, side, "authentication:ticket"):
        return "paid", "fee"
    if _get(tags, side, "parking:{}:zone") or _is_yes(tags, side, "authentication:permit"):
        return "permit", "zone"
    if tags.get("parking:fee") == "yes":
        return "paid", "fee"
    return "public", condition


def _is_yes(tags: Mapping[str, str], side: Side, what: str) -> bool:
    value = _get(tags, side, "parking:{}:" + what)
    return value is not None and value != "no"


def _capacity(tags: Mapping[str, str], side: Side) -> int | None:
    for pattern in ("parking:{}:capacity", "parking:lane:{}:capacity", "parking:capacity:{}"):
        number = read_number(tags.get(pattern.format(side)))
        if number is not None:
            return int(number)
    both = read_number(tags.get("parking:both:capacity") or tags.get("parking:lane:both:capacity"))
    return None if both is None else int(both / 2)


def _price(tags: Mapping[str, str], side: Side) -> float | None:
    charge = _get(tags, side, "parking:{}:charge") or _get(tags, side, "parking:{}:fee:charge")
    if charge is None or "EUR" not in charge or "hour" not in charge:
        return None
    return read_number(charge)
