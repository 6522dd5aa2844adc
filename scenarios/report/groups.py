"""Who gains and who loses, in words: each group with its figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.report.scorecard import Score, is_small
from scenarios.report.speech import Speech
from scenarios.report.words import lower_first
from scenarios.shown import Line


@dataclass(frozen=True, slots=True)
class Told:
    """One figure and how it changes; or all that change a little, named together."""

    words: str
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its verdict by the name of the sentence, and what changes for it."""

    title: str
    verdict: str
    better: list[Told]
    worse: list[Told]
    other: list[Told]
    unclear: str


def groups(found: Sequence[Score], say: Speech) -> list[Group]:
    """Return every group in words."""
    return [
        Group(
            title=say.capital(score.title),
            verdict=score.verdict,
            better=_told(score.better, say),
            worse=_told(score.worse, say),
            other=_told(score.other, say),
            unclear=say("of_figures", unclear=score.unclear, count=score.count),
        )
        for score in found
    ]


def losers(found: Sequence[Score], say: Speech) -> list[tuple[str, str]]:
    """Return the groups for which something becomes worse, and what."""
    return [(say.capital(one.title), _listed(one.worse, say)) for one in found if one.worse]


def _told(found: Sequence[Line], say: Speech) -> list[Told]:
    large = [
        Told(f"{say.text(line.indicator.title)}: {line.words(say.language)}")
        for line in found
        if not is_small(line)
    ]
    small = _small(found, say)
    return [*large, Told(small, is_small=True)] if small else large


def _listed(found: Sequence[Line], say: Speech) -> str:
    large = [
        f"{lower_first(say.text(line.indicator.title))} ({line.words(say.language)})"
        for line in found
        if not is_small(line)
    ]
    return "; ".join([*large, *filter(None, [_small(found, say)])])


def _small(found: Sequence[Line], say: Speech) -> str:
    names = [lower_first(say.text(line.indicator.title)) for line in found if is_small(line)]
    return f"{say('a_little')}: {'; '.join(names)}" if names else ""
