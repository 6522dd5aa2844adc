"""Blocks of the report on paper: plain data that a template lays out, so that no text is markup."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scenarios.report.content import verdict
from scenarios.report.drawing import chart_svg, standalone, swatch
from scenarios.report.page import environment
from scenarios.report.places import Shown
from scenarios.report.speech import Speech
from scenarios.report.through_day import Through
from scenarios.shown import Line

Block = dict[str, Any]
Content = Mapping[str, Any]


def top(content: Content) -> Block:
    """Return what stands above and below everything."""
    say: Speech = content["say"]
    place = content["study"].before.title
    return {
        "language": say.language,
        "title": content["title"],
        "kind": f"{say('report')} · {say('place_day', place=place, day=content['day'])}",
        "lead": content["text"],
        "notices": [
            {"strong": say(name), "text": say(f"{name}_means", runs=content["runs"])}
            for name in content["notices"]
        ],
        "map_data": say("map_data"),
        "attributions": content["attributions"],
        "page": say("page"),
    }


def in_short(content: Content) -> str:
    """Return the whole in one sentence."""
    say: Speech = content["say"]
    if content["is_empty"]:
        return say("nothing_changes")
    if not content["few"]:
        return say("no_clear_changes", day=content["day"])
    return say("sentence", day=content["day"], most=content["sentence"])


def questions(content: Content, most: int = 0) -> Iterator[Block]:
    """Yield the questions with their answers; the list of who loses as short as is asked for."""
    say: Speech = content["say"]
    cost = say("answer_cost", once=content["once"], yearly=content["yearly"])
    revenue = say("answer_revenue", words=content["revenue"])
    yield {"title": say("ask_cost"), "texts": [f"{cost} {revenue}"], "items": []}
    losers = [
        {"strong": group, "text": cut(f": {words}.", most // 3)}
        for group, words in content["losers"]
    ]
    texts = [] if losers else [say("answer_nobody")]
    yield {"title": say("ask_losers"), "texts": texts, "items": losers}
    count = len(content["lines"])
    sure = say("answer_sure", runs=content["runs"], unclear=count - content["clear"], count=count)
    then = say("answer_calibrated") if content["fitted"] else say("uncalibrated_means")
    yield {"title": say("ask_sure"), "texts": [f"{sure} {then}"], "items": []}


def map_block(content: Content, one: Shown, say: Speech) -> Block:
    """Return a map with its legend and, where streets change, their table."""
    legend = [{"svg": swatch(f"change {style}"), "words": words} for style, words in one.legend]
    if legend:
        legend += [
            {"svg": swatch("street"), "words": say("legend_none")},
            {"svg": swatch("plan"), "words": say("legend_plan")},
        ]
    body = f"{content['ground']}{one.body}{content['outline']}{one.marks}"
    rows = [[str(at), *street] for at, street in enumerate(one.streets, start=1)]
    heads = ["#", say("street"), say("change")]
    return {
        "kind": "map",
        "title": one.title,
        "alt": one.about,
        "svg": standalone(content["view"], body, one.about) if legend else "",
        "none": say("map_none"),
        "legend": legend,
        "table": table_block(heads, rows, title=one.streets_title) if rows else None,
    }


def chart_block(one: Through, say: Speech, *, with_table: bool = True) -> Block:
    """Return a chart with its legend and the table of the same."""
    body = environment().get_template("chart.svg.jinja").render(one=one)
    heads = [say(name) for name in ("hour", "now", "with_plan", "change_80")]
    table = table_block(heads, [list(row) for row in one.rows], is_numeric=True)
    return {
        "kind": "chart",
        "title": f"{one.title} ({one.unit})",
        "alt": one.about,
        "svg": chart_svg(one.chart, body, one.title),
        "legend": [
            {"svg": swatch("line-now"), "words": say("now")},
            {"svg": swatch("line-with"), "words": say("with_plan")},
        ],
        "table": table if with_table else None,
    }


def card(line: Line, say: Speech) -> Block:
    """Return a figure that changes clearly."""
    ends = {
        "before": say.amount(line.before.middle, line.indicator.unit),
        "after": say.amount(line.after.middle, line.indicator.unit),
    }
    return {
        "title": say.capital(line.indicator.title),
        "words": line.words(say.language),
        "more": f"{say('from_to', **ends)} · {say(verdict(line))}",
        "verdict": verdict(line),
    }


def section(title: str, blocks: Sequence[Block]) -> Block:
    """Return a section."""
    return {"title": title, "blocks": list(blocks)}


def text_block(text: str, *, is_strong: bool = False) -> Block:
    """Return a paragraph."""
    return {"kind": "text", "text": text, "is_strong": is_strong}


def table_block(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    is_numeric: bool = False,
) -> Block:
    """Return a table."""
    return {
        "kind": "table",
        "title": title,
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "is_numeric": is_numeric,
    }


def cut(text: str, most: int) -> str:
    """Return a text no longer than so many characters; 0 is as long as it is."""
    if not most or len(text) <= most:
        return text
    return f"{text[: most - 1].rstrip()}…"
