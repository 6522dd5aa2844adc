"""Registering a device: what it watches, or where it stands, worked out from the city."""

import re
from collections.abc import Iterator

from shapely import Point

from sensors.errors import DeviceError
from sensors.topics import RESERVED
from twin.city import City
from twin.domains import Domain
from twin.hexes import hex_of
from twin.layers import LAYER_BY_NAME
from twin.readings import Device
from twin.words import Origin

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


def register(
    city: City,
    domain: Domain,
    device: str,
    *,
    origin: Origin = Origin.MEASURED,
    layer: str | None = None,
    target: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> Device:
    """Return a device of the city: it watches ``target``, stands at a position, or moves about.

    Without ``layer``, the target is looked for in all layers that the domain's devices watch.

    Raises
    ------
    DeviceError
        The device does not fit the city or the domain; every fault is named.
    """
    faults = list(_name_faults(device))
    found: tuple[str, str] | None = None
    x_y: tuple[float, float] | None = None
    if target is not None:
        found = _find(city, domain, layer, target, faults)
        if lon is not None or lat is not None:
            faults.append("a device that watches something has no position of its own")
    elif layer is not None:
        faults.append(f"a layer ({layer!r}) needs a target in it")
    elif all(sensor.layer is not None for sensor in domain.sensors):
        faults.append(f"every {domain.name} device needs a target in {_names(domain)}")
    elif lon is not None or lat is not None:
        x_y = _place(city, lon, lat, faults)
    if faults:
        raise DeviceError(f"device {device!r} cannot be registered", faults)
    return _device(city, domain, device, origin=origin, found=found, x_y=x_y)


def watching(
    city: City, domain: str, device: str, origin: Origin, layer: str, target: str
) -> Device:
    """Return a device that watches one item of a layer, which must be there."""
    position = city.position(layer, target)
    if position is None:
        raise DeviceError(
            f"device {device!r} cannot be registered", [_missing(city, layer, target)]
        )
    x_m, y_m = position
    return Device(
        device,
        domain,
        origin,
        layer=layer,
        target=target,
        capacity=_capacity(city, layer, target),
        x_m=x_m,
        y_m=y_m,
        hex=hex_of(city, x_m, y_m),
    )


def _device(
    city: City,
    domain: Domain,
    device: str,
    *,
    origin: Origin,
    found: tuple[str, str] | None,
    x_y: tuple[float, float] | None,
) -> Device:
    if found is not None:
        layer, target = found
        return watching(city, domain.name, device, origin=origin, layer=layer, target=target)
    if x_y is None:
        return Device(device, domain.name, origin)
    return Device(device, domain.name, origin, x_m=x_y[0], y_m=x_y[1], hex=hex_of(city, *x_y))


def _name_faults(device: str) -> Iterator[str]:
    if not NAME.fullmatch(device):
        yield "its name must be 1 to 64 letters, digits and . _ : -, the first a letter or digit"
    if device in RESERVED:
        yield f"the name {device!r} is taken by the system"


def _find(
    city: City, domain: Domain, layer: str | None, target: str, faults: list[str]
) -> tuple[str, str] | None:
    watched = _watched(domain)
    if layer is not None and layer not in watched:
        faults.append(f"{domain.name} devices watch {_names(domain)}, not {layer!r}")
        return None
    layers = watched if layer is None else [layer]
    found = [name for name in layers if city.position(name, target) is not None]
    match found:
        case [name]:
            return name, target
        case []:
            faults.append(_missing(city, " or ".join(layers) or "any layer", target))
        case _:
            faults.append(f"{target!r} is in {' and '.join(found)}: say which layer is meant")
    return None


def _place(
    city: City, lon: float | None, lat: float | None, faults: list[str]
) -> tuple[float, float] | None:
    if lon is None or lat is None:
        faults.append("a position needs both a longitude and a latitude")
        return None
    x_m, y_m = city.to_metres.transform(lon, lat)
    if not city.boundary.covers(Point(x_m, y_m)):
        faults.append(f"longitude {lon}, latitude {lat} is outside {city.title}")
        return None
    return float(x_m), float(y_m)


def _watched(domain: Domain) -> list[str]:
    return list(dict.fromkeys(s.layer for s in domain.sensors if s.layer is not None))


def _names(domain: Domain) -> str:
    return " or ".join(_watched(domain)) or "no layer"


def _missing(city: City, layer: str, target: str) -> str:
    return f"{city.title} has no {target!r} in {layer}"


def _capacity(city: City, layer: str, target: str) -> int:
    frame = city.layers[layer]
    if "capacity" not in LAYER_BY_NAME[layer].columns:
        return 0
    row = frame.loc[frame[LAYER_BY_NAME[layer].key] == target, "capacity"]
    return int(row.iloc[0])
