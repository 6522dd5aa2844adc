"""A first message for a device, which ingest accepts: what its maker tries out before anything else."""

import json
from datetime import datetime
from typing import Any, cast

from pydantic import ValidationError

from sensors.schemas import example_of
from twin.city import City
from twin.domains import Domain
from twin.layers import LAYER_BY_NAME
from twin.place.frames import texts
from twin.readings import Device, Reading, Survey


def first_reading(
    city: City, domain: Domain, device: Device, *, now: datetime
) -> dict[str, Any] | None:
    """Return a reading that fits the device and the place; None where the domain has no example."""
    for sensor in domain.sensors:
        example = example_of(sensor.reading)
        if (
            sensor.layer == device.layer
            and not issubclass(sensor.reading, Survey)
            and example is not None
        ):
            content = example | _placed(city, sensor.reading)
            moment = f"{now:%Y-%m-%dT%H:%M:%SZ}"
            content |= {"observed_at": moment, "boot": moment, "seq": 1}
            return _fitting(content, sensor.reading, device)
    return None


def _placed(city: City, model: type[Reading]) -> dict[str, Any]:
    """Return what names something of this place or lies in it."""
    content: dict[str, Any] = {}
    point = city.boundary.representative_point()
    at = point.x, point.y
    for field, layer in model.refers_to.items():
        names = texts(city.layers[layer], LAYER_BY_NAME[layer].key)
        content[field] = names[0] if names else None
        at = city.position(layer, str(content[field])) or at
    if model.moves:
        lon, lat = city.to_degrees.transform(*at)
        content |= {"lon": round(lon, 6), "lat": round(lat, 6)}
    return content


def _fitting(content: dict[str, Any], model: type[Reading], device: Device) -> dict[str, Any]:
    """Bring down to the device's capacity what is too much for it."""
    try:
        reading = model.model_validate_json(json.dumps(content))
    except ValidationError:
        return content
    for field, _ in (*reading.faults(device), *reading.excess(device)):
        content[field] = _at_most(content[field], device.capacity)
    return content


def _at_most(value: object, capacity: int) -> object:
    if isinstance(value, list):
        return [number for number in cast("list[int]", value) if number <= capacity]
    return min(value, capacity) if isinstance(value, int) else value
