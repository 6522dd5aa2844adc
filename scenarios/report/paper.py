"""The report of a plan in full, as blocks for paper."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scenarios.report.blocks import (
    Block,
    Content,
    card,
    chart_block,
    in_short,
    map_block,
    questions,
    section,
    table_block,
    text_block,
    top,
)
from scenarios.report.content import verdict
from scenarios.report.groups import Told
from scenarios.report.words import capital

if TYPE_CHECKING:
    from scenarios.report.speech import Speech


def full(content: Content) -> Block:
    """Return the whole report."""
    return top(content) | {"sections": [dict(one) for one in _sections(content)]}


def _sections(content: Content) -> Iterator[Block]:
    say: Speech = content["say"]
    yield section(say("in_short"), _in_short(content))
    if not content["is_empty"]:
        yield section(say("plan"), _plan(content))
        found = list(questions(content))
        yield section(say("questions"), [{"kind": "questions", "questions": found}])
        yield section(say("groups"), _groups(content))
        drawn = [map_block(content, one, say) for one in content["maps"]]
        yield section(say("maps"), [text_block(say("maps_means")), *drawn])
        if content["parts"] and content["parts"].figures:
            yield section(say("parts"), _parts(content))
        yield section(say("moved"), _moved(content))
    yield section(say("balance"), _balance(content))
    charts = [chart_block(one, say) for one in content["charts"]]
    yield section(say("hours"), [text_block(say("hours_means")), *charts])
    yield section(say("all"), _all(content))
    yield section(say("belief"), _belief(content))
    yield section(say("repeat"), _repeat(content))


def _in_short(content: Content) -> list[Block]:
    say: Speech = content["say"]
    found = [text_block(in_short(content))]
    if content["few"] and not content["is_empty"]:
        counted = say(
            "clearly_count",
            count=len(content["lines"]),
            clear=content["clear"],
            small=content["small"],
        )
        cards = [card(line, say) for line in content["few"]]
        found += [text_block(counted), {"kind": "cards", "cards": cards}]
    return [*found, *([text_block(content["future"])] if content["future"] else [])]


def _plan(content: Content) -> list[Block]:
    say: Speech = content["say"]
    facts = [[say("investment"), content["once"]], [say("yearly"), content["yearly"]]]
    return [
        {"kind": "list", "items": [f"{one}." for one in content["measures"]], "is_numbered": True},
        {"kind": "facts", "title": say("cost"), "facts": facts},
        text_block(say("prices")),
    ]


def _groups(content: Content) -> list[Block]:
    say: Speech = content["say"]
    heads = [say(name) for name in ("group", "goes_better", "goes_worse", "goes_other")]

    def told(found: Sequence[Told]) -> str:
        return "\n".join(capital(one.words) for one in found) or say("nothing")

    rows = [
        [
            f"{group.title}\n{say(group.verdict)}",
            *(told(found) for found in (group.better, group.worse, group.other)),
            group.unclear,
        ]
        for group in content["groups"]
    ]
    return [text_block(say("groups_means")), table_block([*heads, say("goes_unclear")], rows)]


def _parts(content: Content) -> list[Block]:
    say: Speech = content["say"]
    parts = content["parts"]
    rows = [[f"{at}. {name}", *cells] for at, (name, cells) in enumerate(parts.rows, start=1)]
    rows.append([say("together"), *parts.together])
    return [
        text_block(parts.means),
        table_block([say("measure"), *parts.figures], rows, is_numeric=True),
    ]


def _moved(content: Content) -> list[Block]:
    say: Speech = content["say"]
    heads = [say("figure"), say("inside", here=content["here"]), say("outside")]
    rows = [[move.title, move.inside, move.outside] for move in content["moves"]]
    return [text_block(say("moved_means")), table_block(heads, rows)]


def _balance(content: Content) -> list[Block]:
    say: Speech = content["say"]
    heads = [say("now_and_plan", what=say(name)) for name in ("asked", "there", "left")]
    rows = [[one.title, one.asked, one.there, one.left] for one in content["moments"]]
    means = text_block(say("balance_means", source=content["norms"]))
    return [means, table_block([say("moment"), *heads], rows, is_numeric=True)]


def _all(content: Content) -> list[Block]:
    say: Speech = content["say"]
    names = ("indicator", "now", "with_plan", "change_80", "unit", "means")
    rows = [
        [
            say.capital(line.indicator.title),
            say.number(line.before.middle),
            say.number(line.after.middle),
            f"{say.interval(line.change)}\n"
            f"{say(verdict(line)) if line.is_clear else line.words(say.language)}",
            say.text(line.indicator.unit),
            say.text(line.indicator.meaning),
        ]
        for line in content["lines"]
    ]
    return [text_block(say("all_means")), table_block([say(name) for name in names], rows)]


def _belief(content: Content) -> list[Block]:
    say: Speech = content["say"]
    found = [text_block(say("how", runs=content["runs"])), text_block(say("unclear_means"))]
    found.append(text_block(content["fitted"] or say("uncalibrated_means")))
    if content["judged"]:
        names = ("figure", "compared", "off_by", "bias", "explained", "held")
        rows = [
            [one.title, one.count, one.off_by, one.bias, one.explained, one.held]
            for one in content["judged"]
        ]
        found.append(table_block([say(name) for name in names], rows, is_numeric=True))
    if content["assumed"]:
        found.append(text_block(content["assumed"]))
    cannot = {"kind": "list", "items": [say(name) for name in content["cannot"]]}
    return [*found, text_block(say("cannot"), is_strong=True), cannot]


def _repeat(content: Content) -> list[Block]:
    say: Speech = content["say"]
    rows = [[say(name), str(value)] for name, value in content["record"]]
    return [
        text_block(say("repeat_means")),
        {"kind": "code", "text": content["command"]},
        text_block(say("the_plan", file=content["file"]), is_strong=True),
        {"kind": "code", "text": content["yaml"]},
        table_block([say("field"), say("value")], rows, title=say("record")),
    ]
