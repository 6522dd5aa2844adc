"""Where a plan changes what: the maps of the report, and the waterbed in words."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from scenarios.ensemble import Effects
from scenarios.indicators import STREETS, StreetFigure
from scenarios.report.map import Sheet, Step
from scenarios.report.speech import Speech
from scenarios.report.streets import Flags, StreetChange, footprint, inside, most_changed
from scenarios.shown import displaced
from scenarios.study import Study

SHOWN = ("parked_afternoon", "driven", "walked", "loose")
"""Figures by street of which there is a map."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One map: its drawing, its legend, and the streets that change most, in words."""

    name: str
    title: str
    body: Markup
    marks: Markup
    legend: list[tuple[str, str]]
    streets: list[tuple[str, str]]
    streets_title: str


@dataclass(frozen=True, slots=True)
class Move:
    """What a figure does in the streets of the plan, and in all others."""

    title: str
    inside: str
    outside: str


def maps(study: Study, effects: Effects, say: Speech) -> dict[str, Any]:
    """Return the maps, and what lies under all of them."""
    sheet = Sheet(study.before)
    area = footprint(study.scenario, study.before)
    own = inside(study.before, area)
    return {
        "sheet": sheet.view,
        "ground": sheet.ground(),
        "outline": sheet.outline(area),
        "maps": [
            _shown(sheet, effects, figure, own, say) for figure in STREETS if figure.name in SHOWN
        ],
    }


def moves(study: Study, effects: Effects, say: Speech) -> list[Move]:
    """Return the waterbed in words."""
    area: BaseGeometry = footprint(study.scenario, study.before)
    own = inside(study.before, area)
    length_m = np.asarray(study.before.segments["length_m"], float)
    return [
        Move(
            say.text(moved.figure.title),
            say.change(moved.inside, moved.unit),
            say.change(moved.outside, moved.unit),
        )
        for moved in displaced(effects, own, length_m)
    ]


def _shown(sheet: Sheet, effects: Effects, figure: StreetFigure, own: Flags, say: Speech) -> Shown:
    at = STREETS.index(figure)
    change = effects.streets_change[:, at, :].astype(float)
    low, middle, high = np.percentile(change, [10, 50, 90], axis=0)
    drawn = sheet.changes(low, middle, high)
    streets = most_changed(sheet.city, effects, figure.name, own)
    return Shown(
        name=figure.name,
        title=say.text(figure.title),
        body=drawn.body,
        marks=sheet.numbers(streets),
        legend=[(step.style, _step_words(step, figure, say)) for step in drawn.steps],
        streets=[
            (_street_name(street, say), say.change(street.change, figure.unit))
            for street in streets
        ],
        streets_title=say("most_streets_mean" if figure.passes else "most_streets"),
    )


def _street_name(street: StreetChange, say: Speech) -> str:
    return f"{street.name} ({say('in_plan')})" if street.in_plan else street.name


def _step_words(step: Step, figure: StreetFigure, say: Speech) -> str:
    way = "less" if step.is_less else "more"
    values = {"low": say.number(step.low, 2), "unit": say.text(figure.unit)}
    if step.high is None:
        return say(f"beyond_{way}", **values)
    return say(f"range_{way}", high=say.number(step.high, 2), **values)
