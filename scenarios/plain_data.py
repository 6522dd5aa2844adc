"""YAML and JSON as plain data: nothing is run, nothing grows, nothing is said twice."""

import json
import re
from typing import Any, cast

import yaml

from scenarios.errors import ScenarioError
from scenarios.faults import Fault
from twin.words import Text

MOST_BYTES = 1_000_000
MOST_DEPTH = 32
MOST_VALUES = 60_000
"""Enough for four areas of 5,000 points; more takes seconds to read."""


def read_plain(text: str, file: str) -> object:
    """Return what a text in YAML or JSON says.

    Numbers, texts, true, false and null are as in JSON: a date is a text, and so is ``no``.

    Raises
    ------
    ScenarioError
        It is too large, nested too deeply, says something twice, refers to itself, or is
        neither of the two.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        message = Text(
            f"het plan is {size} bytes groot; hoogstens {MOST_BYTES} mag",
            f"has {size:,} bytes; at most {MOST_BYTES:,} are allowed",
        )
        raise _refused(file, message)
    if text.lstrip().startswith("{"):
        try:
            return _read_json(text, file)
        except json.JSONDecodeError:
            pass  # YAML may begin like this too
    return _read_yaml(text, file)


def write_yaml(content: object) -> str:
    """Return plain data as YAML that people can read and change."""
    return cast("Any", yaml).dump(
        content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, indent=2
    )


def _refused(file: str, message: Text) -> ScenarioError:
    return ScenarioError(f"{file} cannot be read", [Fault("", message)])


def _twice(name: object) -> Text:
    return Text(f"“{name}” staat er twee keer", f"{name!r} is said twice")


def _read_json(text: str, file: str) -> object:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise _refused(file, _twice(twice))
        return found

    def refuse(number: str) -> float:
        raise _refused(file, Text(f"{number} is geen getal", f"{number} is no number"))

    try:
        content = json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except RecursionError as err:
        raise _refused(file, _TOO_DEEP) from err
    _check_shape(content, file)
    return content


_TOO_DEEP = Text(
    f"er zit te veel in elkaar: hoogstens {MOST_DEPTH} lagen mag",
    f"is nested too deeply; at most {MOST_DEPTH} levels are allowed",
)
_TOO_MUCH = Text(
    f"er staan meer dan {MOST_VALUES} waarden in", f"has more than {MOST_VALUES:,} values"
)


def _check_shape(content: object, file: str) -> None:
    depth, values, level = 0, 0, [content]
    while level:
        depth, values = depth + 1, values + len(level)
        if depth > MOST_DEPTH or values > MOST_VALUES:
            raise _refused(file, _TOO_DEEP if depth > MOST_DEPTH else _TOO_MUCH)
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                inner += cast("dict[object, object]", each).values()
            elif isinstance(each, list):
                inner += cast("list[object]", each)
        level = inner


def _read_yaml(text: str, file: str) -> object:
    try:
        _check_events(text, file)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 a safe loader of our own
    except yaml.MarkedYAMLError as err:
        raise _refused(file, _problem(err)) from err
    except (yaml.YAMLError, ValueError) as err:
        raise _refused(file, Text("dit is geen YAML", f"is no YAML: {err}")) from err


def _problem(err: yaml.MarkedYAMLError) -> Text:
    if "nesting" in (err.problem or ""):
        return _TOO_DEEP
    mark: Any = err.problem_mark or err.context_mark
    if isinstance(err, _NameError):
        what = err.text
    else:
        what = Text("dit is geen goede YAML", str(err.problem or err.context))
    if mark is None:
        return what
    line, column = mark.line + 1, mark.column + 1
    return Text(
        f"regel {line}, plek {column}: {what.nl}", f"line {line}, column {column}: {what.en}"
    )


def _check_events(text: str, file: str) -> None:
    """Refuse what could take long before any of it is built."""
    depth = values = 0
    events: Any = yaml.parse(text, Loader=_Loader)
    for event in events:
        values += isinstance(event, yaml.NodeEvent)
        if values > MOST_VALUES:
            raise _refused(file, _TOO_MUCH)
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark
            line = mark.line + 1
            message = Text(
                f"regel {line}: *{event.anchor} verwijst naar iets anders; schrijf het uit",
                f"line {line}: *{event.anchor} refers to something else; write it out",
            )
            raise _refused(file, message)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise _refused(file, _TOO_DEEP)


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_JSON_TYPES = {
    "bool": (r"^(?:true|false)$", "tf"),
    "null": (r"^(?:null|~|)$", ["n", "~", ""]),
    "int": (r"^[-+]?[0-9]+$", "-+0123456789"),
    "float": (r"^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
}


_ONLY_TEXTS = Text("alleen teksten kunnen namen zijn", "only texts can be names")


class _NameError(yaml.constructor.ConstructorError):
    """The name of a field cannot be one, or is there already."""

    def __init__(self, text: Text, mark: Any) -> None:
        self.text = text
        super().__init__(None, None, text.en, mark)


class _Loader(_Base):
    """A safe loader that knows the types of JSON only, and reads nothing twice."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 as PyYAML wants it

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        names = set[object]()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _NameError(_ONLY_TEXTS, key.start_mark)
            if key.value in names:
                raise _NameError(_twice(key.value), key.start_mark)
            names.add(key.value)
        whole: Any = super()
        found: dict[Any, Any] = whole.construct_mapping(node, deep=deep)
        return {str(name): value for name, value in found.items()}


def _integer(loader: Any, node: Any) -> int:
    """Return a whole number as JSON reads it: a leading zero does not make it octal."""
    return int(loader.construct_scalar(node))


for _name, (_pattern, _first) in _JSON_TYPES.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first))
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)


class _Dumper(yaml.SafeDumper):
    """Writes short lists of numbers on one line, and never refers back."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 for everything
        return True

    def represent_sequence(self, tag: str, sequence: Any, flow_style: Any = None) -> Any:
        is_plain = all(not isinstance(each, dict | list) for each in sequence)
        return super().represent_sequence(tag, sequence, flow_style=is_plain or flow_style)


_Dumper.add_representer(list, _Dumper.represent_list)
