"""JSON Schemas of what devices send, made from the models that ingest validates with."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Union, cast

from pydantic import Field, TypeAdapter

from sensors.topics import reading_topic
from twin.domains import Domain
from twin.readings import Reading

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SENT = {"boot": "2026-05-04T06:00:00Z", "seq": 42}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "bays": {
        "observed_at": "2026-05-04T09:15:00Z",
        **_SENT,
        "heartbeat": True,
        "occupied": [1, 2, 5],
    },
    "garage": {"observed_at": "2026-05-04T09:15:00Z", **_SENT, "heartbeat": True, "cars": 318},
    "seen": {
        "observed_at": "2026-05-04T09:15:12Z",
        **_SENT,
        "bay": "121230489274",
        "lon": 4.89111793,
        "lat": 52.39028321,
    },
    "survey": {
        "observed_at": "2026-05-04T10:40:00Z",
        **_SENT,
        "hexes": ["8a196953149ffff", "8a19695314d7fff"],
    },
    "rack": {"observed_at": "2026-05-04T09:15:00Z", **_SENT, "heartbeat": True, "bikes": 27},
    "sighting": {
        "observed_at": "2026-05-04T09:15:12Z",
        **_SENT,
        "state": "loose",
        "lon": 4.89111793,
        "lat": 52.39028321,
    },
    "passages": {
        "observed_at": "2026-05-04T09:15:00Z",
        **_SENT,
        "heartbeat": True,
        "passages": 61,
        "interval_s": 900,
    },
}
"""One realistic reading of each kind of the core domains; other domains bring their own."""


def payload_schemas(domains: Iterable[Domain]) -> dict[str, Any]:
    """Return, by name of domain, the JSON Schema of the payloads its devices may send.

    A payload is one reading or a list of them. Each schema has examples that are valid, one for
    each kind of reading that has one.
    """
    return {domain.name: _schema(domain) for domain in domains}


def examples(domain: Domain) -> list[dict[str, Any]]:
    """Return one realistic reading for each kind that has one."""
    found = (example_of(sensor.reading) for sensor in domain.sensors)
    return [example for example in found if example is not None]


def example_of(model: type[Reading]) -> dict[str, Any] | None:
    """Return one realistic reading of a kind; None where its domain brings none."""
    kind = cast("str", model.model_fields["kind"].default)
    if kind in EXAMPLES:
        return {"kind": kind, **EXAMPLES[kind]}
    own: list[dict[str, Any]] = model.model_json_schema().get("examples", [])
    return own[0] if own else None


def _schema(domain: Domain) -> dict[str, Any]:
    models = tuple(dict.fromkeys(sensor.reading for sensor in domain.sensors))
    one: Any = models[0]
    if len(models) > 1:
        one = Annotated[Union[models], Field(discriminator="kind")]  # noqa: UP007
    many: Any = cast("Any", list)[one]
    payload: Any = one | many
    schema = TypeAdapter[Any](payload).json_schema()
    for model in models:
        definition = schema.get("$defs", {}).get(model.__name__)
        if definition is not None:
            _tidy(definition)
            definition["title"] = _title(domain, model)
    return {
        "$schema": DIALECT,
        "title": domain.title.en,
        "description": (
            f"Published on {reading_topic(domain.name, '<device>')}: one reading, or a list of them."
        ),
        **schema,
        "examples": examples(domain),
    }


def _tidy(definition: dict[str, Any]) -> None:
    """Require ``kind``, which decides how the rest is read, and drop titles that repeat names."""
    for field in definition["properties"].values():
        field.pop("title", None)
    required: list[str] = definition.setdefault("required", [])
    if "kind" not in required:
        required.insert(0, "kind")


def _title(domain: Domain, model: type[Reading]) -> str:
    return next(sensor.title.en for sensor in domain.sensors if sensor.reading is model)
