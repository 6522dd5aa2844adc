"""Plans side by side, in one future or in several: what each does, and what holds in all futures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from scenarios.ensemble import Effects, Interval
from scenarios.errors import ScenarioError
from scenarios.faults import Fault
from scenarios.future import Future
from scenarios.indicators import Indicator
from scenarios.scenario import Scenario
from scenarios.shown import Line, change_in_words, lines
from scenarios.study import Study
from scenarios.workers import Workers
from twin.words import Language, Text

AS_PLANNED = "as-planned"
"""What the futures of the plans themselves are called together."""


@dataclass(frozen=True, slots=True)
class Held:
    """One indicator of a plan in every future."""

    lines: tuple[Line, ...]

    @property
    def indicator(self) -> Indicator:
        """The indicator."""
        return self.lines[0].indicator

    @property
    def holds(self) -> bool:
        """Whether the change is clear in every future, and of the same sign."""
        signs = {line.change.middle > 0 for line in self.lines}
        return len(signs) == 1 and all(line.is_clear for line in self.lines)

    @property
    def is_good(self) -> bool | None:
        """Whether what holds is for the better; None if nothing holds, or neither."""
        return self.lines[0].is_good if self.holds else None

    @property
    def change(self) -> Interval:
        """The change from the lowest to the highest end over all futures."""
        changes = [line.change for line in self.lines]
        middles = sorted(change.middle for change in changes)
        return Interval(
            min(change.low for change in changes),
            (middles[(len(middles) - 1) // 2] + middles[len(middles) // 2]) / 2,
            max(change.high for change in changes),
        )

    def words(self, language: Language) -> str:
        """Return what holds in words; empty if nothing does."""
        return change_in_words(self.change, self.indicator.unit, language) if self.holds else ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Plans, each in every future.

    Attributes
    ----------
    futures
        What the futures are called.
    studies, effects
        By plan and then by future.
    """

    futures: Sequence[str]
    studies: Sequence[Sequence[Study]]
    effects: Sequence[Sequence[Effects]]

    @property
    def plans(self) -> list[str]:
        """The names of the plans."""
        return [of_plan[0].scenario.name for of_plan in self.studies]

    def held(self, plan: int) -> list[Held]:
        """Return every indicator of a plan (by its number) in all futures."""
        by_future = [lines(one) for one in self.effects[plan]]
        return [Held(of_one) for of_one in zip(*by_future, strict=True)]

    def table(self, language: Language = "en") -> pd.DataFrame:
        """Return a row for every indicator: each plan's change in each future, and what holds."""
        data: dict[tuple[str, str], list[str | bool]] = {}
        titles: list[str] = []
        for number, plan in enumerate(self.plans):
            found = self.held(number)
            titles = [one.indicator.title.into(language) for one in found]
            for at, future in enumerate(self.futures):
                data[plan, future] = [one.lines[at].words(language) for one in found]
            data[plan, "holds in all" if language == "en" else "geldt in alle"] = [
                one.holds for one in found
            ]
        return pd.DataFrame(data, index=titles)


def compare(
    studies: Sequence[Study],
    futures: Sequence[Future],
    workers: Workers,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Comparison:
    """Run plans in all futures; without futures, each in its own.

    The members are the same everywhere, so plans and futures differ by what they are alone.

    Raises
    ------
    ScenarioError
        The plans are about different days, or two futures or plans have one name.
    """
    _must_be_alike(studies, futures)
    names = [future.name for future in futures] or [AS_PLANNED]
    in_futures = [[study.in_future(one) for one in futures] or [study] for study in studies]
    effects: list[list[Effects]] = []
    for of_plan in in_futures:
        found: list[Effects] = []
        for study, future in zip(of_plan, names, strict=True):
            what = f"{study.scenario.name}, {future}" if futures else study.scenario.name
            found.append(study.run(workers, lambda done, of, what=what: progress(what, done, of)))
        effects.append(found)
    return Comparison(names, in_futures, effects)


def _must_be_alike(studies: Sequence[Study], futures: Sequence[Future]) -> None:
    if len({study.scenario.day for study in studies}) > 1:
        raise ScenarioError(
            "These plans are about different days; give them the same `day:` first",
            [_about_day(study.scenario) for study in studies],
        )
    for what, names in (
        ("plans", [study.scenario.name for study in studies]),
        ("futures", [future.name for future in futures]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = Text(f"“{twice[0]}” is er twee keer", twice[0])
            raise ScenarioError(
                f"Two {what} have one name, and could not be told apart", [Fault("name", message)]
            )


def _about_day(scenario: Scenario) -> Fault:
    message = Text(f"“{scenario.name}” gaat over de dag “{scenario.day}”", scenario.day)
    return Fault(scenario.name, message)
