"""Which recorded counter, garage or car is shown at which of a place's: an explicit file.

The file is TOML::

    source = "auckland-footfall"
    place = "helsinki"

    [[device]]
    recorded = "45 Queen Street"
    device = "akl-45-queen-street"
    target = "counter-12"

A device that moves about has no ``target``. ``capacity`` is that of the recorded garage, by which it
counts; without it, that of the target holds.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sensors.errors import DeviceError, MappingError
from sensors.registration import watching
from sensors.replay.recording import Source
from twin.city import City
from twin.readings import Device, Identifier
from twin.words import Origin


class MappedDevice(BaseModel):
    """One recorded thing, the device it becomes, and what that device watches at the place."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    recorded: str
    device: Identifier
    target: str | None = None
    capacity: Annotated[int | None, Field(ge=1)] = None


class Mapping(BaseModel):
    """A whole mapping of one source onto one place."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    source: str
    place: str
    devices: Annotated[tuple[MappedDevice, ...], Field(alias="device", min_length=1, strict=False)]

    @property
    def by_recorded(self) -> dict[str, MappedDevice]:
        """The devices by the name of what was recorded."""
        return {device.recorded: device for device in self.devices}


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    MappingError
        The file cannot be read or is not a mapping; every fault is named.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise MappingError(f"{path} cannot be read", [str(err)]) from err
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as err:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in err.errors()
        ]
        raise MappingError(f"{path} is not a mapping", faults) from err
    if faults := list(_repetitions(mapping)):
        raise MappingError(f"{path} is not a mapping", faults)
    return mapping


def to_toml(mapping: Mapping, *, comment: str = "") -> str:
    """Return a mapping as the text of its file."""
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    lines += [f"source = {_quoted(mapping.source)}", f"place = {_quoted(mapping.place)}"]
    for device in mapping.devices:
        lines += ["", "[[device]]"]
        for name, value in device.model_dump(exclude_none=True).items():
            lines.append(f"{name} = {_quoted(value) if isinstance(value, str) else value}")
    return "\n".join(lines) + "\n"


def mapped_devices(city: City, mapping: Mapping, source: Source) -> list[Device]:
    """Return the devices that a replay registers at a place, all of the origin *recorded*.

    Raises
    ------
    MappingError
        The mapping is of another source or place, or names things the place does not have.
    """
    devices: list[Device] = []
    faults: list[str] = []
    if mapping.source != source.name:
        faults.append(f"it is of the source {mapping.source!r}, not {source.name!r}")
    if mapping.place != city.name:
        faults.append(f"it is for the place {mapping.place!r}, not {city.name!r}")
    for mapped in mapping.devices:
        try:
            devices.append(_device(city, mapped, source))
        except DeviceError as err:
            faults += err.faults
    if faults:
        raise MappingError("this mapping does not fit the place", faults)
    return devices


def _device(city: City, mapped: MappedDevice, source: Source) -> Device:
    name = mapped.device
    if source.layer is None:
        if mapped.target is not None:
            raise DeviceError(name, [f"{name}: moves about and has no target"])
        return Device(name, source.domain, Origin.RECORDED)
    if mapped.target is None:
        raise DeviceError(name, [f"{name}: needs a target in {source.layer}"])
    device = watching(
        city, source.domain, name, origin=Origin.RECORDED, layer=source.layer, target=mapped.target
    )
    return device if mapped.capacity is None else replace(device, capacity=mapped.capacity)


def _repetitions(mapping: Mapping) -> Iterator[str]:
    for field in ("recorded", "device", "target"):
        values = Counter(getattr(device, field) for device in mapping.devices)
        yield from (
            f"{field} {value!r} is used {count} times"
            for value, count in values.items()
            if value is not None and count > 1
        )


def _quoted(text: str) -> str:
    """Return a TOML basic string: JSON's escapes are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False)
