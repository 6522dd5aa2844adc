"""Readings: what one device says at one moment, and the device that says it."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, ClassVar, Literal, Union, get_args, get_origin

import pyarrow as pa
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from twin.words import Origin

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
"""Names of devices, boots, bays and the like: letters, digits and ``._:-``, at most 64."""

HexName = Annotated[str, Field(pattern=r"^8a[0-9a-f]{13}$")]
"""An H3 cell of resolution 10, in its usual hexadecimal form."""

MAX_SEQ = 2**53 - 1
"""The largest integer that every JSON reader keeps exact (RFC 8259, section 6)."""


@dataclass(frozen=True, slots=True)
class Device:
    """A registered device: where it stands, what it watches, and what its figures may be called.

    ``layer`` and ``target`` name the thing it watches (a row of ``bays``, say); both are None
    for a device that moves about. ``capacity`` is the target's, 0 where it has none. ``x_m``,
    ``y_m`` (in the city's CRS) and ``hex`` are None for a device that moves about.
    """

    device: str
    domain: str
    origin: Origin
    layer: str | None = None
    target: str | None = None
    capacity: int = 0
    x_m: float | None = None
    y_m: float | None = None
    hex: str | None = None


class Reading(BaseModel):
    """What every reading says, whatever it measures."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    kind: str
    observed_at: Annotated[
        AwareDatetime,
        Field(description="When it was seen: ISO 8601 with a time zone, e.g. 2026-05-04T09:15:00Z"),
    ]
    boot: Annotated[
        Identifier | None,
        Field(description="A name for this start of the device; a new one after each restart"),
    ] = None
    seq: Annotated[
        int | None,
        Field(
            ge=1, le=MAX_SEQ, description="1, 2, 3… within a boot; a resent reading keeps its own"
        ),
    ] = None
    oldest: Annotated[
        int | None,
        Field(
            ge=1,
            le=MAX_SEQ,
            description="The lowest seq the device still keeps: what is below it will not be resent",
        ),
    ] = None
    heartbeat: Annotated[
        bool,
        Field(description="Sent because it was time to, not because something happened"),
    ] = False

    moves: ClassVar[bool] = False
    refers_to: ClassVar[Mapping[str, str]] = {}
    """Fields that name a thing of the city, and the layer it must be in."""

    identifies: ClassVar[frozenset[str]] = frozenset()
    """Fields that could tell one thing from another: the door replaces what is in them."""

    same_key_since: ClassVar[str | None] = None
    """The field that says since when one key must have replaced them; a reading for which that was
    lost meanwhile is refused."""

    def faults(self, device: Device) -> Iterator[tuple[str, str]]:  # noqa: ARG002
        """Yield (field, what is wrong with it) for what does not go with this device.

        Never decided from how much was counted: whether a reading is refused would tell of that.
        """
        yield from ()

    def excess(self, device: Device) -> Iterator[tuple[str, str]]:  # noqa: ARG002
        """Yield (field, as what it counts) for values above what a figure counts of this device."""
        yield from ()


class MovingReading(Reading):
    """A reading that carries its own position, from a device that moves about."""

    lon: Annotated[float, Field(ge=-180, le=180, description="Longitude in degrees (WGS 84)")]
    lat: Annotated[float, Field(ge=-90, le=90, description="Latitude in degrees (WGS 84)")]

    moves: ClassVar[bool] = True


class Survey(Reading):
    """One round of a device that moves about: which hexagons it passed through.

    It says nothing about what was seen there, so it may decide what counts as measured.
    """

    kind: Literal["survey"] = "survey"  # pyright: ignore[reportIncompatibleVariableOverride]
    hexes: Annotated[
        list[HexName], Field(max_length=5000, description="H3 cells (resolution 10) driven through")
    ]


ENVELOPE: dict[str, pa.DataType] = {
    "device": pa.string(),
    "boot": pa.string(),
    "seq": pa.int64(),
    "observed_at": pa.timestamp("us", tz="UTC"),
    "received_at": pa.timestamp("us", tz="UTC"),
    "origin": pa.string(),
    "kind": pa.string(),
    "heartbeat": pa.bool_(),
    "target": pa.string(),
    "hex": pa.string(),
}
"""The columns that every table of readings has, beside ``geom``."""

_NOT_STORED = {"kind", "observed_at", "boot", "seq", "oldest", "heartbeat", "lon", "lat"}
_ARROW = {int: pa.int64(), float: pa.float64(), str: pa.string(), bool: pa.bool_()}


@cache
def measured_columns(model: type[Reading]) -> dict[str, pa.DataType]:
    """Return the columns in which a kind of reading stores what it measured."""
    return {
        name: _arrow_type(info.annotation)
        for name, info in model.model_fields.items()
        if name not in _NOT_STORED
    }


def _arrow_type(annotation: object) -> pa.DataType:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _arrow_type(args[0])
    if origin is list:
        return pa.list_(_arrow_type(args[0]))
    if origin is Literal:
        return _ARROW[type(args[0])]
    if origin in (Union, types.UnionType):
        return _arrow_type(next(arg for arg in args if arg is not type(None)))
    if annotation in (datetime, AwareDatetime):
        return pa.timestamp("us", tz="UTC")
    if isinstance(annotation, type) and annotation in _ARROW:
        return _ARROW[annotation]
    raise TypeError(f"a reading cannot have a field of type {annotation!r}")
