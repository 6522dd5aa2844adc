"""What the tags of a street say: who may use it in which direction, how fast, and how wide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from twin.place.assumptions import Assumptions

CAR_CLASSES = frozenset(
    [
        "motorway",
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "unclassified",
        "residential",
        "living_street",
        "service",
    ]
)
WALK_CLASSES = frozenset(
    ["footway", "pedestrian", "steps", "path", "track", "cycleway", "bridleway"]
)
CLASSES = CAR_CLASSES | WALK_CLASSES
_NO_WALK = frozenset({"motorway", "trunk"})
_BIKE_CLASSES = (CAR_CLASSES - _NO_WALK) | {"cycleway", "path", "track"}

_FORBIDDEN = frozenset(
    ["no", "private", "agricultural", "forestry", "delivery", "emergency", "military"]
)
_NO_BIKE = _FORBIDDEN | {"use_sidepath", "dismount"}
_ALLOWED = frozenset(["yes", "designated", "permissive", "destination", "customers", "permit"])
_ONEWAY = frozenset(["yes", "true", "1"])
_OPPOSITE_BIKE = frozenset(["opposite", "opposite_lane", "opposite_track", "opposite_share_busway"])
_NAME_KEYS = [
    "name",
    "official_name",
    "alt_name",
    "short_name",
    "loc_name",
    "nat_name",
    "reg_name",
    "int_name",
    "name:left",
    "name:right",
]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_MILES_TO_KM = 1.609344
_LOWEST_LEVEL = -1
_NARROWEST_M, _WIDEST_M = 0.5, 40
_WALKING_PACE = frozenset({"walk", "nl:walk", "de:walk", "fi:walk"})


@dataclass(frozen=True, slots=True)
class Street:
    """One stretch of street as its source describes it, in the direction it was drawn.

    ``is_ground`` is False in tunnels, where nothing that stands on the street is attached.
    """

    highway: str
    names: tuple[str, ...]
    car_forward: bool
    car_backward: bool
    bike_forward: bool
    bike_backward: bool
    walk: bool
    speed_kmh: float
    width_m: float
    is_assumed: bool
    is_ground: bool = True
    is_sidewalk: bool = False

    @property
    def has_cars(self) -> bool:
        """Whether cars may drive here in some direction."""
        return self.car_forward or self.car_backward

    @property
    def is_usable(self) -> bool:
        """Whether anybody may use it."""
        return self.has_cars or self.bike_forward or self.bike_backward or self.walk

    def reversed(self) -> "Street":
        """Return the same street drawn in the other direction."""
        return replace(
            self,
            car_forward=self.car_backward,
            car_backward=self.car_forward,
            bike_forward=self.bike_backward,
            bike_backward=self.bike_forward,
        )

    def continues(self, other: "Street") -> bool:
        """Whether two stretches are the same street; a change of width alone does not end one."""
        return replace(self, width_m=0, is_assumed=False) == replace(
            other, width_m=0, is_assumed=False
        )


def assumed_street(highway: str, assume: Assumptions) -> Street:
    """Return a street of which only the class is known: open in both directions."""
    street = read_street({"highway": highway}, assume)
    if street is None:
        raise ValueError(f"{highway!r} is no class of street")
    return street


def read_street(tags: Mapping[str, str], assume: Assumptions) -> Street | None:
    """Return the street that ``tags`` describe, or None if it is none that people may use."""
    highway = tags.get("highway", "").removesuffix("_link")
    if highway not in CLASSES or _is_indoors(tags, highway):
        return None
    car_forward, car_backward = _cars(tags, highway)
    bike_forward, bike_backward = _bikes(tags, highway, car_forward, car_backward)
    speed_kmh = _speed_kmh(tags)
    width_m = _width_m(tags)
    street = Street(
        highway=highway,
        names=read_names(tags),
        car_forward=car_forward,
        car_backward=car_backward,
        bike_forward=bike_forward,
        bike_backward=bike_backward,
        walk=_walks(tags, highway),
        speed_kmh=assume.speed_kmh.get(highway, assume.walking_kmh)
        if speed_kmh is None
        else speed_kmh,
        width_m=_likely_width_m(tags, highway, assume) if width_m is None else width_m,
        is_assumed=width_m is None or (speed_kmh is None and (car_forward or car_backward)),
        is_ground=tags.get("tunnel", "no") == "no" and tags.get("covered") != "yes",
        is_sidewalk=tags.get("footway") == "sidewalk" or tags.get("path") == "sidewalk",
    )
    return street if street.is_usable else None


def read_names(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return all the names that ``tags`` give, the usual one first, each once."""
    keys = [*_NAME_KEYS, *sorted(key for key in tags if re.fullmatch(r"name:[a-z]{2,3}", key))]
    found = (part.strip() for key in keys if key in tags for part in tags[key].split(";"))
    return tuple(dict.fromkeys(name for name in found if name))


def read_number(text: str | None) -> float | None:
    """Return the first number in a tag's value (``"12.5 m"``), or None."""
    match = _NUMBER.search(text or "")
    return float(match.group().replace(",", ".")) if match else None


def _is_indoors(tags: Mapping[str, str], highway: str) -> bool:
    """Corridors, halls and deep tunnels are not part of the street."""
    levels = [read_level(tags.get(key)) for key in ("layer", "level")]
    is_tunnel = tags.get("tunnel", "no") not in {"no", "building_passage"}
    return (
        tags.get("indoor", "no") != "no"
        or (tags.get("area") == "yes" and highway == "service")
        or (is_tunnel and (highway == "service" or min(levels) < _LOWEST_LEVEL))
    )


def read_level(text: str | None) -> float:
    """Return the lowest level that a ``layer`` or ``level`` tag names; 0 where there is none."""
    found = re.findall(r"-?\d+(?:\.\d+)?", text or "")
    return min((float(number) for number in found), default=0.0)


def _first(tags: Mapping[str, str], *keys: str) -> str | None:
    return next((tags[key].split(";")[0].strip() for key in keys if key in tags), None)


def _cars(tags: Mapping[str, str], highway: str) -> tuple[bool, bool]:
    access = _first(tags, "motorcar", "motor_vehicle", "vehicle", "access")
    if highway not in CAR_CLASSES:
        allowed = _first(tags, "motorcar", "motor_vehicle") in {"yes", "designated", "permissive"}
    elif tags.get("service") in {"bus", "busway", "emergency_access"}:
        allowed = False
    else:
        allowed = access not in _FORBIDDEN | {"service", "bus", "psv", "taxi"}
    if not allowed:
        return False, False
    oneway = _first(tags, "oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
    is_ring = tags.get("junction") in {"roundabout", "circular"}
    forward, backward = (
        oneway != "-1",
        oneway not in _ONEWAY and not (oneway is None and (is_ring or highway == "motorway")),
    )
    if tags.get("motor_vehicle:forward") in _FORBIDDEN:
        forward = False
    if tags.get("motor_vehicle:backward") in _FORBIDDEN:
        backward = False
    return forward, backward


def _bikes(
    tags: Mapping[str, str], highway: str, car_forward: bool, car_backward: bool
) -> tuple[bool, bool]:
    access = _first(tags, "bicycle") or _first(tags, "vehicle", "access")
    allowed = access in _ALLOWED or (highway in _BIKE_CLASSES and access not in _NO_BIKE)
    if highway == "steps" or not allowed or tags.get("bicycle") in _NO_BIKE:
        return False, False
    oneway = tags.get("oneway:bicycle")
    lanes = {tags.get(key) for key in ("cycleway", "cycleway:left", "cycleway:right")}
    if oneway == "no" or lanes & _OPPOSITE_BIKE or tags.get("cycleway:left:oneway") in {"-1", "no"}:
        return True, True
    if oneway is None:
        oneway = tags.get("oneway")
    if oneway is None and tags.get("junction") in {"roundabout", "circular"}:
        return car_forward or not car_backward, car_backward and not car_forward
    return oneway != "-1", oneway not in _ONEWAY


def _walks(tags: Mapping[str, str], highway: str) -> bool:
    foot = tags.get("foot")
    if foot is not None:
        return foot not in _FORBIDDEN | {"use_sidepath"}
    if tags.get("access") in _FORBIDDEN:
        return False
    if highway in _NO_WALK:
        return tags.get("sidewalk", "no") not in {"no", "none", "separate"}
    return highway != "cycleway" or tags.get("segregated") is not None or "sidewalk" in tags


def _speed_kmh(tags: Mapping[str, str]) -> float | None:
    text = _first(tags, "maxspeed", "maxspeed:forward", "maxspeed:backward")
    if text is None:
        return None
    if text.lower() in _WALKING_PACE:
        return 6.0
    number = read_number(text)
    if number is None or number <= 0:
        return None
    return number * _MILES_TO_KM if "mph" in text else number


def _width_m(tags: Mapping[str, str]) -> float | None:
    for key in ("width:carriageway", "width", "est_width"):
        width = read_number(tags.get(key))
        if width and _NARROWEST_M <= width <= _WIDEST_M:
            return width
    return None


def _likely_width_m(tags: Mapping[str, str], highway: str, assume: Assumptions) -> float:
    lanes = read_number(tags.get("lanes"))
    if lanes:
        return lanes * assume.lane_width_m
    return assume.width_m.get(highway, assume.path_width_m)
