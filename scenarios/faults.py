"""What is wrong with a file, as a person reads it: the place in the file, and what is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

MOST_FAULTS = 200
"""So many faults of one file are shown; who made more has made one many times."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the field it is in (empty: the whole), and what is wrong with it."""

    field: str
    message: str

    def under(self, field: str) -> "Fault":
        """Return the same fault as one of a field within ``field``.

        >>> str(Fault("street", "does not exist").under("where"))
        'where.street: does not exist'
        """
        if not self.field:
            return Fault(field, self.message)
        dot = "" if self.field.startswith("[") else "."
        return Fault(f"{field}{dot}{self.field}", self.message)

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


def model_faults(err: ValidationError) -> list[str]:
    """Return what pydantic found, each fault with its place in the file, and how many more."""
    errors = err.errors(include_url=False, include_input=False)
    more = len(errors) - MOST_FAULTS
    faults = [str(_fault(error)) for error in errors[:MOST_FAULTS]]
    return [*faults, f"and {more:,} more"] if more > 0 else faults


def _fault(error: Any) -> Fault:
    place = place_in_file(error["loc"])
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    match error["type"]:
        case "union_tag_invalid":
            kinds = [kind.strip(" '") for kind in error["ctx"]["expected_tags"].split(",")]
            tag = str(error["ctx"]["tag"])
            place += ".kind"
            message = f"there is no measure {tag!r}; {suggest(tag, kinds)}"
        case "union_tag_not_found":
            place += ".kind"
            message = "is missing: it says which measure this is"
        case "extra_forbidden":
            message = "there is no such field here"
        case "missing":
            message = "is missing"
        case "tuple_type":
            message = "should be a list"
        case "model_type" | "model_attributes_type" | "dict_type":
            message = "should have fields, such as kind: …"
        case _:
            message = message[:1].lower() + message[1:]
    return Fault(place, message)


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


def suggest(word: str, known: Sequence[str], *, count: int = 3) -> str:
    """Return a hint at what was probably meant.

    >>> suggest("remove_bay", ["remove_bays", "tariff"])
    'did you mean remove_bays?'
    >>> suggest("x", ["b", "a"])
    'there are: a, b'
    """
    folded = {each.casefold(): each for each in known}
    near = [
        folded[each] for each in get_close_matches(word.casefold(), folded, n=count, cutoff=0.5)
    ]
    if near:
        return f"did you mean {' or '.join(near)}?"
    few = sorted(known)[: 4 * count]
    more = ", …" if len(known) > len(few) else ""
    return f"there are: {', '.join(few)}{more}"
