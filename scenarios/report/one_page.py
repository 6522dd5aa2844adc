"""The report of a plan on one page, for a council meeting."""

from typing import TYPE_CHECKING

from scenarios.report.blocks import (
    Block,
    Content,
    card,
    chart_block,
    cut,
    in_short,
    map_block,
    questions,
    table_block,
    top,
)
from scenarios.report.words import capital

if TYPE_CHECKING:
    from scenarios.report.groups import Group
    from scenarios.report.speech import Speech
    from scenarios.shown import Line

LONGEST_TITLE, LONGEST_TEXT, LONGEST_ROW = 110, 420, 170
"""Characters of a plan's own words, and of a row, that one page has room for."""

FEW_ON_PAGE = 5


def one_page(content: Content) -> Block:
    """Return what a council meeting needs, for one page; long words of the plan are cut off."""
    say: Speech = content["say"]
    words = {
        "title": cut(content["title"], LONGEST_TITLE),
        "lead": cut(content["text"], LONGEST_TEXT),
    }
    lines: list[Line] = [] if content["is_empty"] else content["few"][:FEW_ON_PAGE]
    drawn = max(content.get("maps", ()), key=lambda one: len(one.streets), default=None)
    rows = [
        [group.title, capital(say(group.verdict)), cut(_brief(group, say), LONGEST_ROW)]
        for group in content["groups"]
    ]
    heads = [say("group"), say("verdict"), say("what_changes")]
    measures = [cut(f"{one}.", LONGEST_ROW) for one in content["measures"][:FEW_ON_PAGE]]
    more = len(content["measures"]) - len(measures)
    return (
        top(content)
        | words
        | {
            "short_title": say("in_short"),
            "short": in_short(content),
            "cards": [card(line, say) for line in lines],
            "plan_title": say("plan"),
            "measures": [*measures, *([say("and_more", count=more)] if more else [])],
            "questions_title": say("questions"),
            "questions": list(questions(content, most=LONGEST_TEXT)),
            "groups_title": say("groups"),
            "groups": table_block(heads, rows),
            "map": map_block(content, drawn, say) if drawn and drawn.legend else None,
            "charts": [chart_block(one, say, with_table=False) for one in content["charts"][:1]],
            "sure": [say("unclear_means"), content["assumed"], _cannot(say)],
            "belief_title": say("belief"),
            "repeat_title": say("repeat"),
            "repeat": [say("repeat_means"), content["command"]],
            "prices": say("prices"),
        }
    )


def _brief(group: "Group", say: "Speech") -> str:
    parts = [
        f"{say(name)}: {'; '.join(one.words for one in found)}"
        for name, found in (("goes_better", group.better), ("goes_worse", group.worse))
        if found
    ]
    return ". ".join(parts)


def _cannot(say: "Speech") -> str:
    return f"{say('cannot')}: {say('cannot_feel')} {say('cannot_beyond')}"
