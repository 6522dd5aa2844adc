"""`report_html`: a plan and what it does as one file of HTML, for people, without a script."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scenarios.contributions import Contributions
from scenarios.ensemble import FEW_RUNS, Effects
from scenarios.files import scenario_yaml
from scenarios.report.belief import assumptions, days, future_words, judged
from scenarios.report.on_paper import moments, norms_source, parts
from scenarios.report.places import maps, moves
from scenarios.report.scorecard import is_small, most, scores
from scenarios.report.speech import Speech
from scenarios.report.through_day import charts
from scenarios.report.words import DAYS, capital, lower_first, written
from scenarios.shown import Line, lines
from scenarios.study import HERE_M, Study
from twin.words import Language, Text

EUROS = Text("€", "€")
CANNOT = ("cannot_feel", "cannot_day", "cannot_beyond", "cannot_shops")
"""What the simulated day cannot know, by the names of the sentences."""


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
    say = Speech(language)
    found = lines(effects)
    context: dict[str, Any] = {
        "say": say,
        "language": language,
        "study": study,
        "is_empty": not study.scenario.measures,
    }
    context |= _top(study, effects, say) | _effects(found, say)
    context |= _plan(study, found, say) | _repeating(study, effects, contributions)
    context |= {
        "moments": moments(study, say),
        "norms": norms_source(study, say),
        "parts": parts(study, found, contributions, say),
        "notices": notices(study, effects),
        "judged": judged(study.calibration.fits, say),
        "fitted": days(study.calibration, say),
        "assumed": assumptions(study.before, say),
        "cannot": CANNOT,
        "future": future_words(study.scenario.future, say),
        "charts": charts(effects, say),
    }
    if study.scenario.measures:
        context |= maps(study, effects, say) | {
            "moves": moves(study, effects, say),
            "here": round(HERE_M),
        }
    return environment().get_template("report.html.jinja").render(context)


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
    filters = {"capital": _capital, "lower_first": lower_first, "verdict": _verdict}
    cast("dict[str, Any]", made.filters).update(filters)
    cast("dict[str, Any]", made.tests).update(small=is_small)
    return made


def _top(study: Study, effects: Effects, say: Speech) -> dict[str, Any]:
    plan = study.scenario
    return {
        "title": written(plan.title, say.language) or plan.name,
        "text": written(plan.text, say.language),
        "day": DAYS[plan.day].into(say.language),
        "runs": len(effects),
    }


def notices(study: Study, effects: Effects) -> list[str]:
    """Return the names of what has to be said before anything else."""
    calibration = study.calibration
    said = {
        "demonstration": "simulated" in calibration.origins,
        "uncalibrated": not calibration.is_calibrated,
        "few_runs": len(effects) < FEW_RUNS,
    }
    return [name for name, is_so in said.items() if is_so]


def _effects(found: Sequence[Line], say: Speech) -> dict[str, Any]:
    few = most(found)
    clear = [line for line in found if line.is_clear]
    small = sum(is_small(line) for line in clear)
    return {
        "lines": found,
        "few": few,
        "sentence": say.listing(
            [
                f"{lower_first(line.indicator.title.into(say.language))} ({line.words(say.language)})"
                for line in few[:2]
            ]
        ),
        "clear": len(clear),
        "small": say("of_which_small", small=small) if small else "",
        "scores": scores(found),
        "losers": [score for score in scores(found) if score.worse],
    }


def _capital(text: Markup) -> Markup:
    """Begin a sentence that the page has written itself already."""
    return Markup(capital(text.strip()))  # noqa: S704 escaped before


def _verdict(line: Line) -> str:
    """Name the word for whether a change is for the better."""
    return "neither" if line.is_good is None else "better" if line.is_good else "worse"


def _plan(study: Study, found: Sequence[Line], say: Speech) -> dict[str, Any]:
    revenue = next(line for line in found if line.indicator.name == "revenue_eur")
    return {
        "measures": [capital(measure.into(say.language)) for measure in study.described],
        "once": say.amount(study.cost.investment_eur, EUROS),
        "yearly": say.amount(study.cost.yearly_eur, EUROS),
        "revenue": revenue.words(say.language),
        "attributions": list(
            dict.fromkeys(one.attribution for one in study.before.sources if one.attribution)
        ),
    }


def _repeating(
    study: Study, effects: Effects, contributions: Contributions | None
) -> dict[str, Any]:
    record = study.record()
    file = f"{study.scenario.name}.yaml"
    return {
        "file": file,
        "yaml": scenario_yaml(study.scenario),
        "command": f"wijktwin scenario run {file} --place {study.before.name}"
        f" --runs {len(effects)} --run-seed {study.seed}{'' if contributions is None else ' --each'}"
        f" --out {study.scenario.name}",
        "record": [
            ("record_place", record["place"]),
            ("record_runs", len(effects)),
            ("record_seed", record["seed"]),
            ("record_scenario", record["scenario_sha256"]),
            ("record_city", record["city_sha256"]),
            ("record_calibration", record["calibration_sha256"]),
            ("record_versions", ", ".join(f"{k} {v}" for k, v in record["versions"].items())),
        ],
    }
