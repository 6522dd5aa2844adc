"""Scenario files: reading them, whatever their version, and writing them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from scenarios.errors import ScenarioError
from scenarios.faults import Fault, model_faults
from scenarios.future import Future
from scenarios.plain_data import MOST_BYTES, read_plain, write_yaml
from scenarios.scenario import VERSION, Scenario
from twin.words import Text

Content = dict[str, Any]


def _from_0(content: Content) -> Content:
    """Version 0 called the measures changes."""
    content = {**content}
    if "changes" in content and "measures" not in content:
        content["measures"] = content.pop("changes")
    return content


UPGRADES: tuple[Callable[[Content], Content], ...] = (_from_0,)
"""What turns a file of version n into one of version n + 1, at place n."""


def read_scenario(source: Path | str) -> Scenario:
    """Read a scenario from a file, or from the text of one, in YAML or JSON.

    Raises
    ------
    ScenarioError
        With every fault in it and its place in the file; or it is of a newer version.
    """
    text, file = _text_of(source)
    content = _upgraded(_mapping(read_plain(text, file), file), file)
    try:
        return Scenario.model_validate(content)
    except ValidationError as err:
        raise ScenarioError(f"{file} is no plan", model_faults(err)) from err


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario as YAML; reading it gives the same scenario."""
    path.write_text(scenario_yaml(scenario), encoding="utf-8")


def scenario_yaml(scenario: Scenario) -> str:
    """Return a scenario as YAML, without what is as it would be anyway."""
    return write_yaml(scenario_content(scenario))


def scenario_content(scenario: Scenario) -> Content:
    """Return what a file of the scenario says, without what is as it would be anyway."""
    content = scenario.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    measures = [
        {"kind": measure.kind, "id": measure.id}
        | measure.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        for measure in scenario.measures
    ]
    return {"version": VERSION, **content} | ({"measures": measures} if measures else {})


def read_future(source: Path | str) -> Future:
    """Read assumptions about demand from a file of their own.

    Raises
    ------
    ScenarioError
        With every fault in it.
    """
    text, file = _text_of(source)
    try:
        return Future.model_validate(_mapping(read_plain(text, file), file))
    except ValidationError as err:
        raise ScenarioError(f"{file} is no future", model_faults(err)) from err


def _text_of(source: Path | str) -> tuple[str, str]:
    if isinstance(source, str):
        return source, "the plan"
    try:
        if source.stat().st_size > MOST_BYTES:
            message = Text(
                f"het bestand is groter dan {MOST_BYTES} bytes",
                f"it is larger than {MOST_BYTES:,} bytes",
            )
            raise ScenarioError(f"{source.name} cannot be read", [Fault("", message)])
        return source.read_text(encoding="utf-8"), source.name
    except (OSError, UnicodeDecodeError) as err:
        message = Text("het bestand kan niet worden gelezen", str(err))
        raise ScenarioError(f"{source.name} cannot be read", [Fault("", message)]) from err


def _mapping(content: object, file: str) -> Content:
    if not isinstance(content, dict):
        message = Text(
            "er staan geen velden in, zoals name: en measures:",
            "it has no fields such as name: and measures: (a file is given by its Path)",
        )
        raise ScenarioError(f"{file} is no plan", [Fault("", message)])
    return cast("Content", content)


def _upgraded(content: Content, file: str) -> Content:
    version = content.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        message = Text(f"“{version}” is geen versie", f"{version!r} is no version")
        raise ScenarioError(f"{file} is no plan", [Fault("version", message)])
    if version > VERSION:
        message = Text(
            f"het plan heeft versie {version}; dit programma kent versies tot en met {VERSION}",
            f"{version}; this program reads up to {VERSION}",
        )
        raise ScenarioError(f"{file} is newer than this program", [Fault("version", message)])
    for upgrade in UPGRADES[version:]:
        content = upgrade(content)
    return {**content, "version": VERSION}
