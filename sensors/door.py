"""The door: bytes from outside become readings of known devices, or refusals with a reason.

Nothing a device sends raises anything here; whatever is wrong with it becomes a `Rejected`
that names all its faults and keeps none of its content.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple, Union, cast

import numpy as np
import shapely
from pydantic import Field, TypeAdapter, ValidationError

from sensors.adapters import Adapter, AdapterError
from sensors.pseudonyms import Pseudonyms
from sensors.topics import is_reserved, parse_topic
from twin.batch import HORIZON, Accepted, Batch, Noted, Reason, Rejected
from twin.city import City
from twin.domains import Domain
from twin.hexes import hex_at
from twin.layers import LAYER_BY_NAME
from twin.readings import MAX_SEQ, Device, Identifier, MovingReading, Reading

MAX_PAYLOAD_BYTES = 256 * 1024
MAX_AHEAD = timedelta(minutes=5)
_MAX_FAULTS = 5


_BOOT: TypeAdapter[str] = TypeAdapter(Identifier)
_SEQ: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(strict=True, ge=1, le=MAX_SEQ)])


class Message(NamedTuple):
    """One message as it came from the broker."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class _Route:
    """What a topic means: a registered device and how its payloads are read."""

    device: Device | None
    domain: str | None
    adapter: Adapter | None = None
    reason: Reason | None = None


class _Codec:
    """How one domain's payloads are read, and which layer each kind of reading belongs to."""

    def __init__(self, domain: Domain) -> None:
        models = tuple(sensor.reading for sensor in domain.sensors)
        union: Any = models[0]
        if len(models) > 1:
            union = Annotated[Union[models], Field(discriminator="kind")]  # noqa: UP007
        self.one: TypeAdapter[Reading] = TypeAdapter(union)
        self.layers = {
            cast("str", sensor.reading.model_fields["kind"].default): sensor.layer
            for sensor in domain.sensors
        }
        self.fields = frozenset(name for model in models for name in model.model_fields)
        self.refers_to = {
            name: layer for model in models for name, layer in model.refers_to.items()
        }

    def field(self, location: Sequence[int | str]) -> str:
        """Return the name of the field at fault; a name that is not ours is not repeated."""
        names = [part for part in location if part in self.fields]
        return str(names[0]) if names else "payload"


class Door:
    """Reads messages for the devices that are registered now."""

    def __init__(
        self,
        city: City,
        domains: Sequence[Domain],
        *,
        adapters: Sequence[Adapter] = (),
        devices: Mapping[str, Device] | None = None,
    ) -> None:
        self._city = city
        self._boundary = city.boundary
        shapely.prepare(self._boundary)
        self._codecs = {domain.name: _Codec(domain) for domain in domains}
        self._adapters = tuple(adapters)
        layers = {layer for codec in self._codecs.values() for layer in codec.refers_to.values()}
        self._things = {
            layer: frozenset(city.layers[layer][LAYER_BY_NAME[layer].key].astype(str))
            for layer in layers
        }
        self._pseudonyms = Pseudonyms(city.zone)
        self.devices = devices or {}

    @property
    def devices(self) -> Mapping[str, Device]:
        """The devices that may come in, by name; may be replaced from another thread."""
        return self._routing[0]

    @devices.setter
    def devices(self, devices: Mapping[str, Device]) -> None:
        self._routing: tuple[Mapping[str, Device], dict[str, _Route]] = (devices, {})

    def read(self, messages: Iterable[Message], *, now: datetime) -> Batch:
        """Turn messages into a batch; ``now`` is the place's clock, in UTC."""
        batch = Batch()
        moving: list[Accepted] = []
        latest = now + MAX_AHEAD
        key_since = self._pseudonyms.since(now=now)
        for message in messages:
            if is_reserved(message.topic):
                continue
            for item in self._one(message):
                if isinstance(item, Accepted):
                    item = self._check(item, len(message.payload), now, latest, key_since)
                if isinstance(item, Rejected):
                    batch.rejected.append(item)
                elif item.reading.moves:
                    moving.append(item)
                else:
                    batch.accepted.append(item)
                    batch.noted += _notes(item)
        self._place(moving, batch)
        return batch

    def _one(self, message: Message) -> Iterator[Accepted | Rejected]:
        route = self._route(message.topic)
        size = len(message.payload)
        if route.device is None:
            yield Rejected(
                reason=route.reason or Reason.UNKNOWN_DEVICE, size_bytes=size, domain=route.domain
            )
        elif route.reason is not None:
            yield _refuse(route.device, route.reason, size)
        elif size > MAX_PAYLOAD_BYTES:
            yield _refuse(
                route.device,
                Reason.TOO_LARGE,
                size,
                message=f"a message may have {MAX_PAYLOAD_BYTES} bytes",
            )
        elif route.adapter is None:
            yield from self._native(route.device, message.payload)
        else:
            yield from self._adapted(route.device, route.adapter, message)

    def _route(self, topic: str) -> _Route:
        devices, routes = self._routing
        route = routes.get(topic)
        if route is None:
            route = self._find_route(topic, devices)
            if route.device is not None:
                routes[topic] = route
        return route

    def _find_route(self, topic: str, devices: Mapping[str, Device]) -> _Route:
        native = parse_topic(topic)
        if native is not None:
            domain, name = native
            device = devices.get(name)
            if domain not in self._codecs:
                return _Route(device, None, reason=Reason.UNKNOWN_DOMAIN)
            if device is not None and device.domain != domain:
                return _Route(device, domain, reason=Reason.WRONG_DOMAIN)
            return _Route(device, domain)
        for adapter in self._adapters:
            name = adapter.device(topic)
            if name is not None:
                device = devices.get(name)
                return _Route(device, device.domain if device else None, adapter)
        return _Route(None, None, reason=Reason.UNKNOWN_TOPIC)

    def _native(self, device: Device, payload: bytes) -> Iterator[Accepted | Rejected]:
        codec = self._codecs[device.domain]
        if payload.lstrip()[:1] != b"[":
            yield self._validate(codec, device, payload, len(payload))
            return
        try:
            items: object = json.loads(payload)
        except (ValueError, RecursionError):
            yield _refuse(
                device, Reason.NOT_JSON, len(payload), message="not a JSON array in UTF-8"
            )
            return
        for item in cast("list[object]", items):
            text = json.dumps(item).encode()
            yield self._validate(codec, device, text, len(text))

    def _adapted(
        self, device: Device, adapter: Adapter, message: Message
    ) -> Iterator[Accepted | Rejected]:
        size = len(message.payload)
        try:
            readings = adapter.read(message.topic, message.payload)
        except AdapterError as err:
            yield _refuse(device, err.reason, size, field=err.field, message=str(err))
            return
        for reading in readings:
            text = json.dumps(reading).encode()
            yield self._validate(self._codecs[device.domain], device, text, size)

    def _validate(
        self, codec: _Codec, device: Device, payload: bytes, size: int
    ) -> Accepted | Rejected:
        try:
            reading = codec.one.validate_json(payload)
        except ValidationError as err:
            return _explain(codec, device, err, payload, size)
        if codec.layers[reading.kind] != device.layer:
            return _refuse(
                device,
                Reason.WRONG_KIND,
                size,
                field="kind",
                message=f"this device watches {device.layer or 'no fixed thing'}",
                of=reading,
            )
        return Accepted(device, reading, device.x_m, device.y_m, device.hex)

    def _check(
        self, item: Accepted, size: int, now: datetime, latest: datetime, key_since: datetime
    ) -> Accepted | Rejected:
        reading, device = item.reading, item.device
        if reading.observed_at > latest:
            return _refuse(
                device,
                Reason.TOO_FAR_AHEAD,
                size,
                field="observed_at",
                message=f"more than {MAX_AHEAD.seconds // 60} minutes ahead: check the clock",
                of=reading,
            )
        if (reading.boot is None or reading.seq is None) and reading.observed_at < now - HORIZON:
            return _refuse(
                device,
                Reason.TOO_OLD,
                size,
                field="observed_at",
                message="older than 48 hours, and without boot and seq",
                of=reading,
            )
        faults = list(reading.faults(device))
        faults += [
            (name, f"no such name among the place's {layer}")
            for name, layer in reading.refers_to.items()
            if reading.__dict__[name] not in self._things[layer]
        ]
        if faults:
            return _refuse(
                device,
                Reason.INVALID,
                size,
                field=faults[0][0],
                message="; ".join(f"{name}: {what}" for name, what in faults),
                of=reading,
            )
        field = reading.same_key_since
        if field and (began := reading.__dict__[field]) is not None and began < key_since:
            return _refuse(
                device,
                Reason.KEY_LOST,
                size,
                field=field,
                message="since then the key was lost that tells things apart: this cannot be counted",
                of=reading,
            )
        if reading.identifies:
            item.reading = self._without_identifiers(reading, now)
        return item

    def _without_identifiers(self, reading: Reading, now: datetime) -> Reading:
        """Replace what could tell one thing from another."""
        values = {name: reading.__dict__[name] for name in reading.identifies}
        return reading.model_copy(
            update={
                name: self._pseudonyms.of(str(value), now=now)
                for name, value in values.items()
                if value is not None
            }
        )

    def _place(self, moving: list[Accepted], batch: Batch) -> None:
        """Give readings with a position of their own their place in the city, or refuse them."""
        if not moving:
            return
        readings = [cast("MovingReading", item.reading) for item in moving]
        lon = np.array([reading.lon for reading in readings])
        lat = np.array([reading.lat for reading in readings])
        xs, ys = self._city.to_metres.transform(lon, lat)
        inside = cast("np.ndarray", shapely.contains_xy(self._boundary, xs, ys))
        for item, reading, x_m, y_m, is_inside in zip(
            moving, readings, xs, ys, inside, strict=True
        ):
            if is_inside:
                item.x_m, item.y_m = float(x_m), float(y_m)
                item.hex = hex_at(reading.lon, reading.lat)
                batch.accepted.append(item)
            else:
                batch.rejected.append(
                    _refuse(
                        item.device,
                        Reason.OUTSIDE_PLACE,
                        0,
                        field="lon",
                        message="lon and lat lie outside the place",
                        of=reading,
                    )
                )


def _refuse(
    device: Device,
    reason: Reason,
    size: int,
    *,
    field: str | None = None,
    message: str = "",
    of: Reading | None = None,
) -> Rejected:
    return Rejected(
        reason=reason,
        size_bytes=size,
        device=device.device,
        domain=device.domain,
        field=field,
        message=message,
        boot=of.boot if of else None,
        seq=of.seq if of else None,
    )


def _notes(item: Accepted) -> Iterator[Noted]:
    reading = item.reading
    for field, message in reading.excess(item.device):
        yield Noted(item.device.device, field, message, reading.boot, reading.seq)


def _explain(
    codec: _Codec, device: Device, err: ValidationError, payload: bytes, size: int
) -> Rejected:
    faults = err.errors(include_input=False, include_context=False, include_url=False)
    if faults[0]["type"] == "json_invalid":
        return _refuse(device, Reason.NOT_JSON, size, message="not JSON in UTF-8")
    named = [(codec.field(fault["loc"]), fault["msg"]) for fault in faults]
    boot, seq = _identity(payload)
    return Rejected(
        reason=Reason.INVALID,
        size_bytes=size,
        device=device.device,
        domain=device.domain,
        field=named[0][0],
        message="; ".join(f"{name}: {what}" for name, what in named[:_MAX_FAULTS]),
        boot=boot,
        seq=seq,
    )


def _identity(payload: bytes) -> tuple[str | None, int | None]:
    """Return boot and seq of a reading that is otherwise invalid, so that it can be settled."""
    try:
        content: object = json.loads(payload)
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(content, dict):
        return None, None
    values = cast("dict[str, object]", content)
    try:
        return _BOOT.validate_python(values.get("boot")), _SEQ.validate_python(values.get("seq"))
    except ValidationError:
        return None, None
