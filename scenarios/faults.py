"""What is wrong with a plan or a file, as a person reads it: where in it, and what is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from twin.words import Text

MOST_FAULTS = 200
"""So many faults of one file are shown; who made more has made one many times."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the field it is in (empty: the whole), and what is wrong with it.

    The Dutch message says all by itself: who reads it on a page does not see the field.
    """

    field: str
    message: Text

    def under(self, field: str) -> "Fault":
        """Return the same fault as one of a field within ``field``.

        >>> str(Fault("street", Text("bestaat niet", "does not exist")).under("where"))
        'where.street: does not exist'
        """
        if not self.field:
            return Fault(field, self.message)
        dot = "" if self.field.startswith("[") else "."
        return Fault(f"{field}{dot}{self.field}", self.message)

    def __str__(self) -> str:
        said = self.message.en
        return f"{self.field}: {said}" if self.field else said


class UnsoundError(ValueError):
    """What a file says does not fit together; pydantic turns it into a fault of its own."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


def model_faults(err: ValidationError) -> list[Fault]:
    """Return what pydantic found, each fault with its place in the file, and how many more."""
    errors = err.errors(include_url=False, include_input=False)
    more = len(errors) - MOST_FAULTS
    faults = [_fault(error) for error in errors[:MOST_FAULTS]]
    if more > 0:
        faults.append(Fault("", Text(f"en nog {more} andere fouten", f"and {more:,} more")))
    return faults


def _fault(error: Any) -> Fault:
    place, kind, context = place_in_file(error["loc"]), error["type"], error.get("ctx", {})
    match kind:
        case "union_tag_invalid":
            kinds = [each.strip(" '") for each in context["expected_tags"].split(",")]
            tag = str(context["tag"])
            hint = suggest(tag, kinds)
            message = Text(
                f"er is geen maatregel “{tag}”; {hint.nl}",
                f"there is no measure {tag!r}; {hint.en}",
            )
            return Fault(f"{place}.kind", message)
        case "union_tag_not_found":
            message = Text(
                "bij een maatregel ontbreekt “kind”: dat zegt welke maatregel het is",
                "is missing: it says which measure this is",
            )
            return Fault(f"{place}.kind", message)
        case "value_error" if isinstance(context["error"], UnsoundError):
            return Fault(place, context["error"].text)
        case _:
            return Fault(place, Text(_in_dutch(place, kind, context), _in_english(error)))


def _in_english(error: Any) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "there is no such field here"
        case "missing":
            return "is missing"
        case "tuple_type":
            return "should be a list"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "should have fields, such as kind: …"
        case _:
            message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
            return message[:1].lower() + message[1:]


_DUTCH = {
    "missing": "ontbreekt",
    "extra_forbidden": "hoort hier niet",
    "greater_than": "moet meer dan {gt} zijn",
    "greater_than_equal": "moet minstens {ge} zijn",
    "less_than": "moet minder dan {lt} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "int_type": "moet een heel getal zijn",
    "int_from_float": "moet een heel getal zijn",
    "float_type": "moet een getal zijn",
    "finite_number": "moet een getal zijn",
    "bool_type": "moet true of false zijn",
    "string_type": "moet een tekst zijn",
    "string_too_short": "moet langer zijn: minstens {min_length} teken",
    "string_too_long": "mag niet langer zijn dan {max_length} tekens",
    "string_pattern_mismatch": "heeft tekens die hier niet mogen, of te veel",
    "literal_error": "moet een van deze zijn: {expected}",
    "too_short": "heeft er te weinig: minstens {min_length}",
    "too_long": "heeft er te veel: hoogstens {max_length}",
    "tuple_type": "moet een lijst zijn",
    "model_type": "moet velden hebben, zoals kind: …",
    "model_attributes_type": "moet velden hebben, zoals kind: …",
    "dict_type": "moet velden hebben, zoals kind: …",
}
"""What pydantic finds, by its type, after the name of the field."""


def _in_dutch(place: str, kind: str, context: dict[str, Any]) -> str:
    field = place.rpartition(".")[2].partition("[")[0]
    what = f"“{field}”" if field else "het geheel"
    values = {name: _written(value) for name, value in context.items()}
    return f"{what} {_DUTCH.get(kind, 'klopt niet').format(**values)}"


def _written(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:.10g}".replace(".", ",")
    return str(value).replace(" or ", " of ")


def place_in_file(steps: Sequence[str | int]) -> str:
    """Return a place in a file as one reads it.

    The kind of a measure stands between its number and its fields in pydantic's errors; it is
    no place in the file.

    >>> place_in_file(["measures", 2, "remove_bays", "where", "at", 0])
    'measures[2].where.at[0]'
    """
    shown = ""
    for number, step in enumerate(steps):
        if isinstance(step, int):
            shown += f"[{step}]"
        elif not (number > 1 and steps[number - 2] == "measures"):
            shown += f".{step}" if shown else step
    return shown


def suggest(word: str, known: Sequence[str], *, count: int = 3) -> Text:
    """Return a hint at what was probably meant.

    >>> suggest("remove_bay", ["remove_bays", "tariff"]).en
    'did you mean remove_bays?'
    >>> suggest("x", ["b", "a"])
    Text(nl='er zijn: a, b', en='there are: a, b')
    """
    folded = {each.casefold(): each for each in known}
    near = [
        folded[each] for each in get_close_matches(word.casefold(), folded, n=count, cutoff=0.5)
    ]
    if near:
        return Text(f"misschien {' of '.join(near)}?", f"did you mean {' or '.join(near)}?")
    few = sorted(known)[: 4 * count]
    names = ", ".join(few) + (", …" if len(known) > len(few) else "")
    return Text(f"er zijn: {names}", f"there are: {names}")
