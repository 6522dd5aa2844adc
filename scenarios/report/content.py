"""What a report says of a plan, worked out once for the page and for paper."""

import shlex
from collections.abc import Sequence
from typing import Any

from scenarios.contributions import Contributions
from scenarios.ensemble import FEW_RUNS, Effects
from scenarios.files import scenario_yaml
from scenarios.report.belief import assumptions, days, future_words, judged
from scenarios.report.groups import groups, losers
from scenarios.report.on_paper import moments, norms_source, parts
from scenarios.report.places import maps, moves
from scenarios.report.scorecard import is_small, most, scores
from scenarios.report.speech import Speech
from scenarios.report.through_day import charts
from scenarios.report.words import DAYS, capital, lower_first, written
from scenarios.shown import Line, lines
from scenarios.study import HERE_M, Study
from twin.words import Text

EUROS = Text("€", "€")
CANNOT = ("cannot_feel", "cannot_day", "cannot_beyond", "cannot_shops")
"""What the simulated day cannot know, by the names of the sentences."""


def report_content(
    study: Study, effects: Effects, say: Speech, contributions: Contributions | None = None
) -> dict[str, Any]:
    """Return what a report says, by name: sentences, lines, tables and drawings."""
    found = lines(effects)
    content: dict[str, Any] = {
        "say": say,
        "language": say.language,
        "study": study,
        "is_empty": not study.scenario.measures,
    }
    content |= _top(study, effects, say) | _effects(found, say)
    content |= _plan(study, found, say) | _repeating(study, effects, contributions)
    content |= {
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
        content |= maps(study, effects, say) | {
            "moves": moves(study, effects, say),
            "here": round(HERE_M),
        }
    return content


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
        "groups": groups(scores(found), say),
        "losers": losers(scores(found), say),
    }


def verdict(line: Line) -> str:
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
        "command": shlex.join(_command(study, len(effects), is_each=contributions is not None)),
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


def _command(study: Study, runs: int, *, is_each: bool) -> list[str]:
    """Return the command that gives the same figures; files of a city's own by their name."""
    plan = study.scenario
    words = ["wijktwin", "scenario", "run", f"{plan.name}.yaml", "--place", study.before.name]
    words += ["--runs", str(runs), "--run-seed", str(study.seed)]
    for option, file in (("--prices", study.prices.file), ("--norms", study.norms.file)):
        words += [option, file.name] if file else []
    return [*words, *(["--each"] if is_each else []), "--out", plan.name]
