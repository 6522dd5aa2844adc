"""JSON Schema of a scenario, made from the models that it is read with."""

from collections.abc import Sequence
from typing import Annotated, Any, Union

from pydantic import Field, TypeAdapter

from scenarios.measures import Measure, load_measures
from scenarios.scenario import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema(measures: Sequence[type[Measure]] | None = None) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file with some measures; all installed ones when None.

    It says what a file may hold. Whether a plan fits a place, only the place can say.
    """
    kinds = tuple(load_measures() if measures is None else measures)
    one: Any = Annotated[Union[kinds], Field(discriminator="kind")]  # noqa: UP007
    of_measures = TypeAdapter[Any](one).json_schema()
    definitions = of_measures.pop("$defs")
    schema = Scenario.model_json_schema()
    schema["properties"]["measures"]["items"] = of_measures
    schema["$defs"] = {**schema.get("$defs", {}), **definitions}
    for definition in (schema, *schema["$defs"].values()):
        _tidy(definition)
    return {"$schema": DIALECT, **schema}


def _tidy(definition: dict[str, Any]) -> None:
    """Require ``kind``, which decides how the rest is read, and drop titles that repeat names."""
    for name, field in definition.get("properties", {}).items():
        field.pop("title", None)
        if name == "kind" and "kind" not in definition.setdefault("required", []):
            definition["required"].insert(0, "kind")
