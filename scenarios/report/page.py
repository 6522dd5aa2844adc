"""`report_html`: a plan and what it does as one file of HTML, for people, without a script."""

from functools import cache
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from scenarios.contributions import Contributions
from scenarios.ensemble import Effects
from scenarios.report.content import report_content, verdict
from scenarios.report.scorecard import is_small
from scenarios.report.speech import Speech
from scenarios.report.words import capital
from scenarios.study import Study
from twin.words import Language


def report_html(
    study: Study,
    effects: Effects,
    language: Language = "nl",
    *,
    contributions: Contributions | None = None,
) -> str:
    """Return the report of a plan: the same bytes for the same study and effects.

    ``contributions`` are shown where they are given. The page asks nothing of any other computer, needs no script, and can be printed.
    """
    content = report_content(study, effects, Speech(language), contributions)
    return environment().get_template("report.html.jinja").render(content)


@cache
def environment() -> Environment:
    """Return what fills in the templates of this folder."""
    made = Environment(
        loader=PackageLoader("scenarios.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = {"capital": capital, "verdict": verdict}
    cast("dict[str, Any]", made.filters).update(filters)
    cast("dict[str, Any]", made.tests).update(small=is_small)
    return made
