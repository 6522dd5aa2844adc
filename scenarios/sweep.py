"""Sweeps: one plan over a range of one number, such as from 0 to 40 spaces in steps of 4."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scenarios.errors import ScenarioError
from scenarios.faults import Fault
from scenarios.scenario import Scenario
from twin.words import Text

_WRITTEN = re.compile(
    r"^(?P<measure>[a-z0-9-]+)\.(?P<field>\w+)="
    r"(?P<first>-?\d+(?:\.\d+)?)\.\.(?P<last>-?\d+(?:\.\d+)?)(?:/(?P<step>\d+(?:\.\d+)?))?$"
)

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Sweep:
    """A field of a measure, and the values it takes, the first and the last included.

    >>> Sweep.read("bays.count=0..12/4").values()
    [0, 4, 8, 12]
    """

    measure: str
    field: str
    first: float
    last: float
    step: float

    @classmethod
    def read(cls, text: str) -> "Sweep":
        """Read ``measure.field=first..last/step``; without a step it is 1.

        Raises
        ------
        ScenarioError
            It is written otherwise, or has no values or too many.
        """
        found = _WRITTEN.match(text)
        if found is None:
            message = Text(
                "schrijf het als maatregel.veld=eerste..laatste/stap",
                "write it as measure.field=first..last/step",
            )
            raise ScenarioError(f"{text!r} is no sweep", [Fault("", message)])
        sweep = cls(
            found["measure"],
            found["field"],
            float(found["first"]),
            float(found["last"]),
            float(found["step"] or 1),
        )
        steps = (sweep.last - sweep.first) / sweep.step if sweep.step > 0 else -1
        if not 0 <= steps < MOST_STEPS:
            message = Text(
                f"het moet oplopen, in hoogstens {MOST_STEPS} stappen boven 0",
                f"it must rise, in at most {MOST_STEPS} steps above 0",
            )
            raise ScenarioError(f"{text!r} is no sweep", [Fault("", message)])
        return sweep

    def values(self) -> list[int | float]:
        """Return the values, whole numbers where they are whole."""
        count = int((self.last - self.first) / self.step + 1e-9)
        exact = [self.first + number * self.step for number in range(count + 1)]
        return [int(one) if float(one).is_integer() else one for one in exact]


def variants(scenario: Scenario, sweep: Sweep) -> Iterator[tuple[int | float, Scenario]]:
    """Yield each value and the plan with it.

    Raises
    ------
    ScenarioError
        The plan has no such measure or field, or a value is not allowed there.
    """
    by_id = {measure.id: measure for measure in scenario.measures}
    if sweep.measure not in by_id:
        raise ScenarioError(f"The plan has no measure {sweep.measure!r}", [_has(by_id)])
    fields = type(by_id[sweep.measure]).model_fields
    if sweep.field not in fields:
        raise ScenarioError(f"{sweep.measure!r} has no {sweep.field!r}", [_has(fields)])
    for value in sweep.values():
        yield value, _with(scenario, sweep, value)


def _has(names: Iterable[str]) -> Fault:
    known = ", ".join(names)
    return Fault("", Text(f"er zijn: {known}", f"it has: {known}"))


def _with(scenario: Scenario, sweep: Sweep, value: float) -> Scenario:
    """Return the plan with a value; without the measure where there cannot be 0 of something."""
    content: dict[str, Any] = scenario.as_json()
    changed = [
        {**measure, sweep.field: value} if measure["id"] == sweep.measure else measure
        for measure in content["measures"]
    ]
    others = [measure for measure in content["measures"] if measure["id"] != sweep.measure]
    try:
        return Scenario.model_validate({**content, "measures": changed})
    except ValueError as err:
        if value == 0:
            return Scenario.model_validate({**content, "measures": others})
        message = Text("dit getal mag hier niet", str(err).splitlines()[-1])
        raise ScenarioError(
            f"{sweep.measure}.{sweep.field} cannot be {value:g}", [Fault("", message)]
        ) from err
