"""The fleet: one simulated device for every bay group, garage, rack and counter, and a scan car."""

from hashlib import blake2b
from typing import NamedTuple

from sensors.registration import NAME, watching
from twin.city import City
from twin.layers import LAYER_BY_NAME
from twin.place.frames import texts
from twin.readings import Device
from twin.words import Origin

SCAN_CAR = "scan-bikes"


class _Post(NamedTuple):
    """Devices that stand on a layer: their domain, and what their names begin with."""

    layer: str
    domain: str
    prefix: str


_POSTS = (
    _Post("bays", "parking", "bay"),
    _Post("garages", "parking", "garage"),
    _Post("racks", "bikes", "rack"),
    _Post("counters", "footfall", "counter"),
)


def fleet(city: City) -> list[Device]:
    """Return the simulated devices of a city; the same city gives the same ones."""
    devices = [
        watching(
            city,
            post.domain,
            device_name(post.prefix, target),
            Origin.SIMULATED,
            post.layer,
            target,
        )
        for post in _POSTS
        for target in texts(city.layers[post.layer], LAYER_BY_NAME[post.layer].key)
        if target is not None
    ]
    return [*devices, Device(SCAN_CAR, "bikes", Origin.SIMULATED)]


def device_name(prefix: str, target: str) -> str:
    """Return a valid device name for a thing of the city, whatever that is called.

    >>> device_name("bay", "w12-left")
    'bay-w12-left'
    >>> device_name("bay", "Kade 3/oost")
    'bay-b6263187b4fb1cb7'
    """
    name = f"{prefix}-{target}"
    if NAME.fullmatch(name):
        return name
    return f"{prefix}-{blake2b(target.encode(), digest_size=8).hexdigest()}"
