"""The parts of docs/scenarios.md that follow from the models: measures, fields, prices."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from docs.tables import row, table
from scenarios.future import Future
from scenarios.measures import CORE, kind_of
from scenarios.measures.when import When
from scenarios.measures.where import Where, WhereBays, WhereRacks
from scenarios.parking_balance import MOMENTS, read_norms
from scenarios.prices import read_prices
from scenarios.scenario import Scenario

_LINKS = {
    "Where": "[where](#where)",
    "WhereBays": "[where](#where), or `bays`",
    "WhereRacks": "[where](#where), or `racks`",
    "When": "[hours](#hours)",
    "Area": "a GeoJSON polygon",
    "Future": "[a future](#futures)",
    "Words": "`nl` and `en`",
}


def scenario_fields() -> Iterator[str]:
    """Yield the table of what a scenario file has."""
    yield from _fields(Scenario.model_json_schema())


def where_fields() -> Iterator[str]:
    """Yield the table of the ways to say where."""
    yield from table(("field", "what"))
    schemas = [model.model_json_schema()["properties"] for model in (Where, WhereBays, WhereRacks)]
    for name, field in {**schemas[0], **schemas[1], **schemas[2]}.items():
        yield row(f"`{name}`", field["description"])


def hours_fields() -> Iterator[str]:
    """Yield the table of how to say when."""
    yield from _fields(When.model_json_schema())


def future_fields() -> Iterator[str]:
    """Yield the table of what a future has."""
    yield from _fields(Future.model_json_schema())


def measures() -> Iterator[str]:
    """Yield every measure with its fields."""
    for measure in CORE:
        yield f"### `{kind_of(measure)}`"
        yield ""
        yield " ".join((inspect.getdoc(measure) or "").split("\n\n")[0].split())
        yield ""
        yield from _fields(measure.model_json_schema(), leave_out=("kind", "id"))
        yield ""


def prices() -> Iterator[str]:
    """Yield the table of prices."""
    yield from table(("name", "unit", "euros once", "euros a year", "source"))
    for name, price in read_prices().by_name.items():
        yield row(
            f"`{name}`",
            price.unit,
            f"{price.investment_eur:,.10g}",
            f"{price.yearly_eur:,.10g}",
            price.source,
        )


def norms() -> Iterator[str]:
    """Yield the table of parking norms."""
    yield from table(
        ("name", "unit", "spaces", *(moment.en for moment in MOMENTS.values()), "source")
    )
    for name, norm in read_norms().by_name.items():
        parts = [f"{100 * part:g} %" for part in norm.presence.model_dump().values()]
        yield row(f"`{name}`", norm.unit, f"{norm.spaces:g}", *parts, norm.source)


def _fields(schema: Mapping[str, Any], *, leave_out: tuple[str, ...] = ()) -> Iterator[str]:
    yield from table(("field", "may be", "if left out", "what"))
    needed = set(schema.get("required", ()))
    for name, field in schema["properties"].items():
        if name not in leave_out:
            default = "needed" if name in needed else _default(field.get("default"))
            yield row(f"`{name}`", _allowed(name, field), default, field.get("description", ""))


def _default(value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return (
            "all" if value == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] else _codes(value)
        )
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _allowed(name: str, field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        return _LINKS[field["$ref"].rpartition("/")[2]]
    if "anyOf" in field:
        choices = (_allowed(name, each) for each in field["anyOf"] if each.get("type") != "null")
        return ", or ".join(choices)
    if "enum" in field or "const" in field:
        return _codes(field.get("enum") or [field["const"]])
    match field.get("type"):
        case "array" if name == "measures":
            return "a list of [measures](#the-measures)"
        case "array":
            return f"a list of {_allowed(name, field['items'])}"
        case "integer" | "number":
            return _numbers(field)
        case "boolean":
            return "`true` or `false`"
        case _:
            return "a text"


def _numbers(field: Mapping[str, Any]) -> str:
    what = "a whole number" if field["type"] == "integer" else "a number"
    least = field.get("minimum")
    above = field.get("exclusiveMinimum")
    most = field.get("maximum", field.get("exclusiveMaximum"))
    low = f"above {above:,g}" if least is None and above is not None else f"from {least:,g}"
    below = "up to" if "maximum" in field else "below"
    return f"{what} {low} {below} {most:,.10g}"


def _codes(values: list[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values)
