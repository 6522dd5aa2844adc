"""Where a plan changes what: the maps of the report, and the waterbed in words."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from scenarios.ensemble import Effects
from scenarios.indicators import STREETS, StreetFigure
from scenarios.report.map import Sheet, Step
from scenarios.report.speech import Speech
from scenarios.report.streets import Flags, StreetChange, most_changed
from scenarios.shown import displaced
from scenarios.study import Study
from twin.words import Language

SHOWN = ("parked_afternoon", "driven", "walked", "loose")
"""Figures by street of which there is a map."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One map: its drawing, its legend, and the streets that change most, in words."""

    name: str
    title: str
    about: str
    body: Markup
    marks: Markup
    legend: list[tuple[str, str]]
    streets: list[tuple[str, str]]
    streets_title: str


@dataclass(frozen=True, slots=True)
class Move:
    """What a figure does near what the plan changes, and elsewhere."""

    title: str
    inside: str
    outside: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map on its own, as a picture that a notebook shows."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg


def maps(study: Study, effects: Effects, say: Speech) -> dict[str, Any]:
    """Return the maps, and what lies under and over all of them."""
    sheet = Sheet(study.before)
    area = study.footprint
    own = study.is_inside()
    return {
        "view": sheet.view,
        "ground": sheet.ground(),
        "outline": sheet.outline(area),
        "maps": [
            _shown(sheet, effects, figure, own, say) for figure in STREETS if figure.name in SHOWN
        ],
    }


def draw_map(study: Study, effects: Effects, figure: str, language: Language = "nl") -> Drawing:
    """Draw how one of `STREETS`, by its name, changes by street.

    Raises
    ------
    KeyError
        There is no such figure.
    """
    say, sheet = Speech(language), Sheet(study.before)
    area = study.footprint
    one = {figure.name: figure for figure in STREETS}[figure]
    shown = _shown(sheet, effects, one, study.is_inside(), say)
    style = (files("scenarios.report") / "map.css").read_text(encoding="utf-8")
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{sheet.view}" height="700" role="img">'
        f"<title>{escape(shown.about)}</title><style>{style}</style>"
        f"{sheet.ground()}{shown.body}{sheet.outline(area)}{shown.marks}</svg>"
    )


def moves(study: Study, effects: Effects, say: Speech) -> list[Move]:
    """Return the waterbed in words."""
    return [
        Move(
            say.text(moved.figure.title),
            say.change(moved.inside, moved.unit),
            say.change(moved.outside, moved.unit),
        )
        for moved in displaced(effects, study.is_inside(), study.length_m)
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
        about=say("map_title", figure=say.text(figure.title)),
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
    return f"{street.name} ({say('by_plan')})" if street.is_here else street.name


def _step_words(step: Step, figure: StreetFigure, say: Speech) -> str:
    way = "less" if step.is_less else "more"
    values = {"low": say.number(step.low, 2), "unit": say.text(figure.unit)}
    if step.high is None:
        return say(f"beyond_{way}", **values)
    return say(f"range_{way}", high=say.number(step.high, 2), **values)
