"""`Scenario`: a plan as saved data, a named and versioned list of measures."""

import hashlib
import json
from collections.abc import Iterator, Sized
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from scenarios.faults import UnsoundError
from scenarios.future import Future
from scenarios.measures import AnyMeasure, Measure
from scenarios.measures.measure import Saved
from twin.words import Text

VERSION = 1
MOST_MEASURES = 200

Day = Literal["weekday", "friday", "saturday", "sunday"]

Written = Annotated[str, Field(max_length=5_000)]


class Words(Saved, frozen=True):
    """A text in Dutch and in English."""

    nl: Written
    en: Written


class Scenario(Saved, frozen=True):
    """A plan: what is changed, in which place, and on which day it is looked at."""

    version: Annotated[Literal[1], Field(description="Version of the form of this file")] = VERSION
    name: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9-]{0,63}$",
            description="A short name: small letters, digits and -",
        ),
    ]
    title: Annotated[
        Words | Written, Field(description="What people call it; nl and en, or one text")
    ] = ""
    text: Annotated[
        Words | Written, Field(description="What it is about; nl and en, or one text")
    ] = ""
    place: Annotated[
        str | None, Field(description="Name of the place it was made for; any if left out")
    ] = None
    day: Annotated[
        Day,
        Field(description="The day that is looked at; a friday has an evening with open shops"),
    ] = "weekday"
    measures: Annotated[
        tuple[AnyMeasure, ...],
        Field(strict=False, max_length=MOST_MEASURES, description="What is changed, in this order"),
    ] = ()
    future: Annotated[
        Future | None, Field(description="What people will want by then; as today if left out")
    ] = None

    @field_validator("measures", mode="before")
    @classmethod
    def _are_not_too_many(cls, measures: object) -> object:
        """Refuse a very long list before any of it is read."""
        if isinstance(measures, Sized) and len(measures) > MOST_MEASURES:
            raise UnsoundError(
                Text(
                    f"het plan heeft {len(measures)} maatregelen; hoogstens {MOST_MEASURES} mag",
                    f"has {len(measures):,} measures; at most {MOST_MEASURES} are allowed",
                )
            )
        return measures

    @model_validator(mode="after")
    def _names_its_measures(self) -> "Scenario":
        taken = [measure.id for measure in self.measures if measure.id]
        twice = sorted({each for each in taken if taken.count(each) > 1})
        if twice:
            names = ", ".join(twice)
            raise UnsoundError(
                Text(
                    f"twee maatregelen mogen niet hetzelfde heten: {names}",
                    f"measures must have different ids; used twice: {names}",
                )
            )
        named = tuple(_named(self.measures, set(taken)))
        object.__setattr__(self, "measures", named)
        return self

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON has it; what was left out stays out."""
        return self.model_dump(mode="json", exclude_none=True)

    def fingerprint(self) -> str:
        """Return the SHA-256 of what it says: the same for the same plan, however it is written."""
        canonical = json.dumps(
            self.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


def _named(measures: tuple[Measure, ...], taken: set[str]) -> Iterator[Measure]:
    for number, measure in enumerate(measures, start=1):
        if measure.id:
            yield measure
            continue
        free = number
        while f"m{free}" in taken:
            free += 1
        taken.add(f"m{free}")
        yield measure.model_copy(update={"id": f"m{free}"})
