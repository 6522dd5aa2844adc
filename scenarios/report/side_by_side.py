"""Pages that put plans side by side: a comparison, across futures where it has them, and a sweep."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.comparison import Comparison
from scenarios.ensemble import Effects
from scenarios.report.content import notices
from scenarios.report.page import environment
from scenarios.report.speech import Speech
from scenarios.report.words import DAYS, capital, written
from scenarios.shown import Line, lines
from scenarios.study import Study
from twin.words import Language


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and the class that colours it."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One table of a page: heads, and rows of a title with its cells."""

    title: str
    text: str
    heads: list[str]
    rows: list[tuple[str, list[Cell]]]


def comparison_html(comparison: Comparison, language: Language = "nl") -> str:
    """Return plans side by side as one file of HTML, as `report_html` does for one plan."""
    say = Speech(language)
    first = comparison.studies[0][0]
    is_across = len(comparison.futures) > 1
    blocks = _across(comparison, say) if is_across else [_beside(comparison, say)]
    means = say("comparison_means", runs=first.runs, day=DAYS[first.scenario.day].into(language))
    lead = f"{means} {say('holds_means')}" if is_across else means
    return _page(first, comparison.effects[0][0], say("comparison"), lead, blocks, say)


def sweep_html(
    over: str,
    values: Sequence[float],
    studies: Sequence[Study],
    effects: Sequence[Effects],
    language: Language = "nl",
    *,
    show: Sequence[str] = (),
) -> str:
    """Return a plan with a range of values of ``over``, as one file of HTML.

    Only indicators that change clearly somewhere are shown, or those named by ``show``.
    """
    say, first = Speech(language), studies[-1]
    heads = [say.number(value, 6) for value in values]
    rows = [
        (_title(row[0], say), [_cell(line, say) for line in row]) for row in shown(effects, show)
    ]
    lead = say(
        "sweep_means", over=over, runs=first.runs, day=DAYS[first.scenario.day].into(language)
    )
    text = "" if rows else say("nothing_clear")
    block = Block(_plan_title(first, say), text, heads, rows)
    return _page(first, effects[0], say("sweep"), lead, [block], say)


def shown(effects: Sequence[Effects], names: Sequence[str] = ()) -> list[tuple[Line, ...]]:
    """Return, by indicator, the line of each: those named, or those that change clearly somewhere."""
    rows = zip(*(lines(one) for one in effects), strict=True)
    return [
        row
        for row in rows
        if (row[0].indicator.name in names if names else any(line.is_clear for line in row))
    ]


def _across(comparison: Comparison, say: Speech) -> list[Block]:
    """Return a table for each plan, with a column for each future and what holds in all."""
    return [
        Block(
            title=_plan_title(comparison.studies[number][0], say),
            text="",
            heads=[*(say("future_name", future=name) for name in comparison.futures), say("holds")],
            rows=[
                (
                    _title(one.lines[0], say),
                    [
                        *(_cell(line, say) for line in one.lines),
                        Cell(f"● {one.words(say.language)}", _style(one.is_good))
                        if one.holds
                        else Cell(say("not_in_all"), "soft"),
                    ],
                )
                for one in comparison.held(number)
            ],
        )
        for number in range(len(comparison.plans))
    ]


def _beside(comparison: Comparison, say: Speech) -> Block:
    """Return one table with a column for each plan."""
    effects = [of_plan[0] for of_plan in comparison.effects]
    heads = [say("now"), *(_plan_title(of_plan[0], say) for of_plan in comparison.studies)]
    rows = [
        (
            _title(row[0], say),
            [
                Cell(say.amount(row[0].before.middle, row[0].indicator.unit)),
                *(_cell(line, say) for line in row),
            ],
        )
        for row in zip(*(lines(one) for one in effects), strict=True)
    ]
    return Block(say("side_by_side"), "", heads, rows)


def _title(line: Line, say: Speech) -> str:
    return f"{say.capital(line.indicator.title)} ({say.text(line.indicator.unit)})"


def _cell(line: Line, say: Speech) -> Cell:
    return Cell(line.words(say.language), _style(line.is_good) if line.is_clear else "soft")


def _style(is_good: bool | None) -> str:
    return {True: "better", False: "worse", None: ""}[is_good]


def _plan_title(study: Study, say: Speech) -> str:
    return capital(written(study.scenario.title, say.language) or study.scenario.name)


def _page(
    study: Study, effects: Effects, title: str, lead: str, blocks: Sequence[Block], say: Speech
) -> str:
    template = environment().get_template("side_by_side.html.jinja")
    return template.render(
        say=say,
        language=say.language,
        study=study,
        title=title,
        lead=lead,
        blocks=blocks,
        notices=notices(study, effects),
        runs=len(effects),
    )
