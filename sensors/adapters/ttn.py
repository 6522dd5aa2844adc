"""The Things Network, version 3 (The Things Stack): uplinks of LoRaWAN sensors.

A sensor is registered under its end device ID. Format of the messages:
https://www.thethingsindustries.com/docs/integrations/data-formats/ (empty fields are left out).
"""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sensors.adapters.adapter import Adapter, Payload
from sensors.adapters.lorawan import Frame, read_frame
from sensors.errors import AdapterError
from twin.batch import Reason

SUBSCRIPTION = "v3/+/devices/+/up"
BLOCK = 1000
"""So many frames share a boot: many uplinks are lost for good, and a boot can have 1000 gaps."""


def ttn() -> Adapter:
    """Return the adapter."""
    return Adapter("ttn", (SUBSCRIPTION,), _device, _read)


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class _Ids(_Part):
    device_id: str


class _Version(_Part):
    brand_id: str | None = None
    model_id: str | None = None


class _Message(_Part):
    session_key_id: str | None = None
    f_cnt: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    f_port: Annotated[int, Field(ge=0, le=255)] = 0
    frm_payload: str = ""
    decoded_payload: dict[str, Any] | None = None
    attributes: dict[str, str] = {}
    version_ids: _Version = _Version()
    received_at: AwareDatetime | None = None


class _Uplink(_Part):
    end_device_ids: _Ids
    uplink_message: _Message
    received_at: AwareDatetime | None = None
    simulated: bool = False


_NAMES = {name for part in (_Uplink, _Ids, _Version, _Message) for name in part.model_fields}


def _device(topic: str) -> str | None:
    match topic.split("/"):
        case ["v3", application, "devices", device, "up"] if application and device:
            return device
        case _:
            return None


def _read(topic: str, payload: bytes) -> list[Payload]:
    uplink = _parse(payload)
    message = uplink.uplink_message
    if uplink.end_device_ids.device_id != _device(topic):
        raise AdapterError(Reason.INVALID, "not the device of the topic", field="device_id")
    if uplink.simulated:
        raise AdapterError(Reason.INVALID, "not sent by the sensor itself", field="simulated")
    frame = Frame(message.f_port, message.frm_payload, message.decoded_payload, message.attributes)
    version = message.version_ids
    reading = read_frame(frame, version.brand_id, version.model_id)
    if reading is None:
        return []
    return [{**reading, "observed_at": _moment(uplink).isoformat(), **_identity(message)}]


def _parse(payload: bytes) -> _Uplink:
    try:
        return _Uplink.model_validate_json(payload)
    except ValidationError as err:
        fault = err.errors(include_input=False, include_context=False, include_url=False)[0]
        if fault["type"] == "json_invalid":
            raise AdapterError(Reason.NOT_JSON, "not JSON in UTF-8") from err
        # Keys that are not ours may hold anything, so they are not repeated.
        names = [str(part) for part in fault["loc"] if part in _NAMES]
        raise AdapterError(
            Reason.INVALID, fault["msg"], field=names[-1] if names else None
        ) from err


def _moment(uplink: _Uplink) -> datetime:
    """Return when the network heard it; a gateway's own clock may be wrong."""
    moment = uplink.uplink_message.received_at or uplink.received_at
    if moment is None:
        raise AdapterError(Reason.INVALID, "missing", field="received_at")
    return moment


def _identity(message: _Message) -> Payload:
    """Return boot and seq from the session and the frame counter, which starts at 0."""
    if not message.session_key_id:
        return {}
    block, place = divmod(message.f_cnt, BLOCK)
    session = blake2b(message.session_key_id.encode(), digest_size=8).hexdigest()
    return {"boot": f"{session}.{block}", "seq": place + 1}
