"""Tables of a report that are asked for beside its effects: the parking balance, parts of measures."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.contributions import Contributions
from scenarios.parking_balance import MOMENTS
from scenarios.report.scorecard import most
from scenarios.report.speech import Speech
from scenarios.report.words import capital
from scenarios.shown import Line
from scenarios.study import Study

_ARROW = " → "


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of the parking balance: each text now, and with the plan where that differs."""

    title: str
    asked: str
    there: str
    left: str
    is_short: bool


def moments(study: Study, say: Speech) -> list[Moment]:
    """Return the parking balance at every moment."""
    before, after = study.balances

    def both(now: float, plan: float) -> str:
        texts = [say.number(round(value), 6) for value in (now, plan)]
        return texts[0] if texts[0] == texts[1] else _ARROW.join(texts)

    return [
        Moment(
            title=say.capital(title),
            asked=both(before.asked[at], after.asked[at]),
            there=both(before.supply, after.supply),
            left=both(before.left[at], after.left[at]),
            is_short=bool(after.left[at] < 0),
        )
        for at, title in enumerate(MOMENTS.values())
    ]


def norms_source(study: Study, say: Speech) -> str:
    """Return how many of the norms are assumed."""
    sources = [norm.source for norm in study.norms.by_name.values()]
    assumed = sum(source.startswith("assumed") for source in sources)
    name = "norms_assumed" if assumed == len(sources) else "norms_some"
    return say(name, assumed=assumed, count=len(sources))


@dataclass(frozen=True, slots=True)
class Parts:
    """What each measure does: a text for each of some figures, and for all measures together."""

    means: str
    figures: list[str]
    rows: list[tuple[str, list[str]]]
    together: list[str]


def parts(
    study: Study, found: Sequence[Line], given: Contributions | None, say: Speech
) -> Parts | None:
    """Return the parts of measures in what changes most; None where they were not asked for."""
    if given is None:
        return None
    few = most(found)
    rows = [
        (
            capital(sentence.into(say.language)),
            [say.interval(given.of(measure, line.indicator.name)) for line in few],
        )
        for measure, sentence in zip(given.measures, study.described, strict=True)
    ]
    return Parts(
        means=say(f"parts_{given.method}"),
        figures=[
            f"{say.capital(line.indicator.title)} ({say.text(line.indicator.unit)})" for line in few
        ],
        rows=rows,
        together=[say.interval(line.change) for line in few],
    )
