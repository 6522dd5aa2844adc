"""The page for whoever makes or installs a device: topics, payloads, receipts, and lines to try."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sensors.sample import first_reading
from sensors.schemas import example_of
from sensors.topics import reading_topic, receipt_topic, status_topic
from twin.batch import Reason
from twin.city import City
from twin.domains import Domain, Sensor
from twin.readings import Device, Reading, Survey
from twin.words import Language, Origin
from web.i18n import Words
from web.pages.text import text_page, to_language
from web.site import Broker, Here, Site

router = APIRouter(include_in_schema=False)

EXAMPLE_DEVICE: Final = "my-device"
"""Stands for a device's name where none of that kind is registered yet."""

_NOW: Final = "'$(date -u +%FT%TZ)'"
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of reading: what it says, its fields, and lines that publish one."""

    name: str
    title: str
    layer: str | None
    says: str
    fields: list[tuple[str, str]]
    device: str
    is_registered: bool
    topic: str
    example: str
    publish: str
    listen: str


@router.get("/devices")
def devices_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_language(request, "devices")


@router.get("/{language}/devices")
def devices(request: Request, language: Language, site: Here) -> Response:
    """Explain how a device talks to the city."""
    kinds = {
        domain.title.into(language): list(_kinds(site, domain, language))
        for domain in site.live.domains
    }
    return text_page(
        request,
        site,
        language,
        "devices",
        kinds=kinds,
        reasons=reason_words(site.pages.words(language)),
        broker=site.broker,
        topics=(
            reading_topic("‹domain›", "‹device›"),
            receipt_topic("‹device›"),
            status_topic("‹device›"),
        ),
        needs_password=site.broker.host not in _LOCAL,
    )


def _kinds(site: Site, domain: Domain, language: Language) -> Iterator[Kind]:
    registered = site.live.reader.devices()
    for sensor in domain.sensors:
        known = next(
            (
                row
                for row in registered
                if row["domain"] == domain.name and row["layer"] == sensor.layer
            ),
            None,
        )
        reading = _reading(site, domain, sensor, known)
        if reading is None:
            continue
        name = str(known["device"]) if known else EXAMPLE_DEVICE
        topic = reading_topic(domain.name, name)
        yield Kind(
            name=str(reading["kind"]),
            title=sensor.title.into(language),
            layer=sensor.layer,
            says=_first_line(sensor.reading),
            fields=_fields(sensor.reading),
            device=name,
            is_registered=known is not None,
            topic=topic,
            example=json.dumps(reading),
            publish=_publish(site.broker, name, topic, reading),
            listen=f"mosquitto_sub {_broker(site.broker, name)} -t {receipt_topic(name)}",
        )


def _reading(
    site: Site, domain: Domain, sensor: Sensor, known: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return a reading that this place would accept from that device."""
    if not site.live.has_place:
        return None
    city = site.live.city
    target = known["target"] if known else None
    device = Device(
        device=str(known["device"]) if known else EXAMPLE_DEVICE,
        domain=domain.name,
        origin=Origin.MEASURED,
        layer=sensor.layer,
        target=target,
        capacity=_capacity(city, sensor.layer, target),
    )
    only = replace(domain, sensors=(sensor,))
    found = first_reading(city, only, device, now=site.live.now())
    if found is None and issubclass(sensor.reading, Survey):
        cells = city.layers["cells"]
        hexes = list(cells.loc[cells["domain"] == domain.name, "hexes"].iloc[0])[:2]
        return {**(example_of(sensor.reading) or {}), "hexes": hexes, "seq": 1}
    return found


def reason_words(words: Words) -> dict[str, str]:
    """Say why a message or a reading can be refused, and what to do about it."""
    said = {
        Reason.TOO_LARGE: words.text(
            "the message is larger than 256 kB; send fewer readings at once"
        ),
        Reason.NOT_JSON: words.text("the message is not JSON in UTF-8"),
        Reason.INVALID: words.text(
            "a field is missing, unknown or out of range, or this sensor cannot have seen it; see “field” and “message” on the receipt"
        ),
        Reason.UNKNOWN_TOPIC: words.text("the topic does not have the form above"),
        Reason.UNKNOWN_DEVICE: words.text(
            "no sensor of that name is registered; there is no receipt then"
        ),
        Reason.UNKNOWN_DOMAIN: words.text("there is no such subject"),
        Reason.WRONG_DOMAIN: words.text(
            "the sensor is registered for another subject; publish there"
        ),
        Reason.WRONG_KIND: words.text(
            "the sensor is registered for something that this kind of reading is not about"
        ),
        Reason.OUTSIDE_PLACE: words.text(
            "the position lies outside the neighbourhood; check the order of “lon” and “lat”"
        ),
        Reason.TOO_FAR_AHEAD: words.text(
            "the time is more than five minutes ahead; set the sensor’s clock"
        ),
        Reason.TOO_OLD: words.text(
            "seen more than 48 hours ago, and sent without “boot” and “seq”"
        ),
        Reason.TOO_MANY_GAPS: words.text(
            "more than 1000 gaps in the numbers of this “boot”; send “oldest”, or start a new “boot”"
        ),
        Reason.KEY_LOST: words.text(
            "the round began before this system, or the day, did: its bicycles cannot be told apart"
        ),
    }
    return {reason.value: said[reason] for reason in Reason}


def _capacity(city: City, layer: str | None, target: str | None) -> int:
    if layer is None or "capacity" not in city.layers[layer].columns:
        return 0
    frame = city.layers[layer]
    found = frame.loc[frame.iloc[:, 0].astype(str) == target, "capacity"].tolist()
    return int(found[0]) if found else 1


def _publish(broker: Broker, device: str, topic: str, reading: dict[str, Any]) -> str:
    """Return a shell line that publishes the reading as seen at the moment it is run."""
    text = json.dumps(reading)
    for value in {str(reading["observed_at"]), str(reading["boot"])}:
        text = text.replace(value, _NOW)
    return f"mosquitto_pub {_broker(broker, device)} -q 1 -t {topic} -m '{text}'"


def _broker(broker: Broker, device: str) -> str:
    where = f"-h {broker.host} -p {broker.port}"
    return where if broker.host in _LOCAL else f"{where} -u {device} -P PASSWORD"


def _first_line(model: type[Reading]) -> str:
    return (model.__doc__ or "").strip().partition("\n\n")[0].replace("\n", " ")


def _fields(model: type[Reading]) -> list[tuple[str, str]]:
    own = model.model_fields.keys() - Reading.model_fields.keys()
    return [
        (name, info.description or "") for name, info in model.model_fields.items() if name in own
    ]
