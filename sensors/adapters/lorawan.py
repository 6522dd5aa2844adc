"""LoRaWAN sensors whose uplinks we can read, whatever network brings them.

Each is known by its brand and model in the device repository of The Things Network
(TheThingsNetwork/lorawan-devices), and read from the fields that the repository's own payload
formatter gives it, or from its bytes where nobody decoded them.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sensors.adapters.adapter import Payload
from sensors.errors import AdapterError
from twin.batch import Reason

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a sensor sent: its port, its bytes, and what the network makes of them.

    ``attributes`` are those that its owner gave the device in the network's console.
    """

    port: int
    content: str
    decoded: Fields | None
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LorawanSensor:
    """One model of sensor.

    ``knows`` tells whether decoded fields are this model's. ``read`` gives a reading without
    its time and number, or None for a frame that tells of the sensor itself.
    """

    title: str
    brand: str
    model: str
    knows: Callable[[Fields], bool]
    decode: Callable[[int, bytes], Fields | None]
    read: Callable[[Fields, Frame], Payload | None]


def read_frame(frame: Frame, brand: str | None, model: str | None) -> Payload | None:
    """Return what a frame says as a reading without time and number; None if it is not a reading.

    Raises
    ------
    AdapterError
        The sensor is not one we know, or the frame is not as its maker documents it.
    """
    for sensor in SENSORS:
        if frame.decoded is not None and sensor.knows(frame.decoded):
            return sensor.read(frame.decoded, frame)
    for sensor in SENSORS:
        if (sensor.brand, sensor.model) == (brand, model):
            fields = sensor.decode(frame.port, _content(frame.content))
            return None if fields is None else sensor.read(fields, frame)
    titles = ", ".join(sensor.title for sensor in SENSORS)
    raise AdapterError(
        Reason.INVALID, f"not the payload of a sensor we know ({titles})", field="decoded_payload"
    )


def _content(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as err:
        raise AdapterError(Reason.INVALID, "not base64", field="frm_payload") from err


# Bosch TPS110, "Parking Lot Sensor, Communication Interface", v0.29.4: one bay. Port 1 tells a change,
# port 2 a heartbeat (once a day unless set otherwise), port 3 a start; bit 0 is the state.
_BOSCH_TYPES = {1: "parking status", 2: "heartbeat", 3: "startup"}
_BOSCH_STATE = {1: 0, 2: 0, 3: 16}


def _is_bosch(fields: Fields) -> bool:
    return "type" in fields and ("occupied" in fields or fields["type"] in _BOSCH_OTHERS)


_BOSCH_OTHERS = ("device information", "device usage", "debug")


def _decode_bosch(port: int, content: bytes) -> Fields | None:
    if port not in _BOSCH_TYPES:
        return None
    if len(content) <= _BOSCH_STATE[port]:
        raise AdapterError(Reason.INVALID, "too short for its port", field="frm_payload")
    occupied = bool(content[_BOSCH_STATE[port]] & 1)
    return {"type": _BOSCH_TYPES[port], "occupied": occupied}


def _read_bosch(fields: Fields, _: Frame) -> Payload | None:
    if fields["type"] in _BOSCH_OTHERS:
        return None
    occupied = fields["occupied"]
    if not isinstance(occupied, bool):
        raise AdapterError(Reason.INVALID, "must be true or false", field="occupied")
    return {
        "kind": "bays",
        "occupied": [1] if occupied else [],
        "heartbeat": fields["type"] == "heartbeat",
    }


# IMBuildings people counter, payload type 2: variant 6 has the passages since the last frame each way
# (counter_a, counter_b); variants 7 and 8 are heartbeats without them. Bytes are big-endian and counted
# from the end, with or without a header of 10 bytes (github.com/IMBUILDINGS/PayloadParser).
_IMB_PORT = 26
_IMB_BARE = 13
_IMB_HEADER = b"\x02\x06"
_IMB_WITH_HEADER = 23


def _is_imbuildings(fields: Fields) -> bool:
    return "sensor_status" in fields and ("counter_a" in fields or "payload_variant" in fields)


def _decode_imbuildings(port: int, content: bytes) -> Fields | None:
    has_header = len(content) == _IMB_WITH_HEADER and content.startswith(_IMB_HEADER)
    if not has_header and not (port == _IMB_PORT and len(content) == _IMB_BARE):
        return None
    return {
        "counter_a": int.from_bytes(content[-10:-8], "big"),
        "counter_b": int.from_bytes(content[-8:-6], "big"),
    }


def _read_imbuildings(fields: Fields, frame: Frame) -> Payload | None:
    if "counter_a" not in fields:
        return None
    interval: object = fields.get("interval_s", frame.attributes.get("interval_s"))
    if isinstance(interval, str) and interval.isascii() and interval.isdecimal():
        interval = int(interval[:9])
    if interval is None:
        raise AdapterError(
            Reason.INVALID,
            "the payload does not tell over how long it counted: give the device the attribute interval_s",
            field="interval_s",
        )
    return {
        "kind": "passages",
        "passages": _whole(fields, "counter_a") + _whole(fields, "counter_b"),
        "interval_s": _whole({"interval_s": interval}, "interval_s"),
        "heartbeat": True,
    }


def _whole(fields: Fields, name: str) -> int:
    value = fields.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise AdapterError(Reason.INVALID, "must be a whole number, 0 or more", field=name)
    return value


SENSORS: tuple[LorawanSensor, ...] = (
    LorawanSensor("Bosch TPS110", "bosch", "tps110", _is_bosch, _decode_bosch, _read_bosch),
    LorawanSensor(
        "IMBuildings people counter",
        "imbuildings",
        "imbuildings-people-counter",
        _is_imbuildings,
        _decode_imbuildings,
        _read_imbuildings,
    ),
)
