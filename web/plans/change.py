"""From a tool and the answers to its questions to one more measure in a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import atan2, cos, degrees, radians, sin
from typing import Any, cast

import shapely
from pydantic import ValidationError

from scenarios.applying import cities
from scenarios.errors import ScenarioError
from scenarios.faults import model_faults
from scenarios.measures import Measure
from scenarios.measures.streets import CARS, PEOPLE, streets_of
from scenarios.scenario import Scenario
from twin.city import City
from twin.place.search import SearchIndex
from twin.words import Text
from web.plans.toolbox import TOOLS, Number, Question, Tool

MOST_MEASURES = 40
"""A plan that residents make has at most so many changes: more do not fit in a link."""

_WHERE = Text("Kies eerst waar: tik op de kaart of typ een straat.", "First choose where: tap the map or type a street.")  # fmt: skip
_UNKNOWN = Text("Hier is niets dat “{}” heet.", "Nothing here is called “{}”.")
_ANSWER = Text(
    "“{}”: vul een getal van {:g} tot {:g} in.", "“{}”: give a number from {:g} to {:g}."
)
_CHOICE = Text("“{}”: kies een van de antwoorden.", "“{}”: choose one of the answers.")
_DRAWN = Text(
    "Het getekende gebied heeft minstens drie hoeken nodig.",
    "The area that you draw needs at least three corners.",
)
_FEWEST_CORNERS = 3
MOST_CORNERS = 200
"""A form draws areas with at most so many corners; larger ones come in a file."""

_MANY = Text(
    f"Een plan heeft hoogstens {MOST_MEASURES} veranderingen.",
    f"A plan has at most {MOST_MEASURES} changes.",
)


class ChangeError(Exception):
    """The answers make no change; ``faults`` says why, in both languages."""

    def __init__(self, faults: list[Text]) -> None:
        super().__init__("; ".join(fault.en for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Answers:
    """What was answered in a tool's form: where, and the text of each answer by its question.

    ``where`` is what a person typed or reads; ``area`` (corners, each longitude and latitude, with
    ``;`` between them), ``segment`` and ``spot`` are what was drawn or tapped, and go before it.
    """

    where: str = ""
    spot: str = ""
    segment: str = ""
    area: str = ""
    is_part: bool = False
    said: Mapping[str, str] = field(default_factory=dict[str, str])


def changed(
    plan: Scenario, tool: Tool, answers: Answers, city: City, search: SearchIndex, edit: str = ""
) -> Scenario:
    """Return the plan with one more measure, or with the measure called ``edit`` replaced.

    Raises
    ------
    ChangeError
        An answer is missing or cannot be understood.
    ScenarioError
        The plan cannot be carried out with it.
    """
    content = _content(tool, answers, city, search)
    measures = [measure.model_dump(mode="json", exclude_none=True) for measure in plan.measures]
    ids = [measure.id for measure in plan.measures]
    if edit in ids:
        measures[ids.index(edit)] = {**content, "id": edit}
    else:
        measures.append(content)
    if len(measures) > MOST_MEASURES:
        raise ChangeError([_MANY])
    return checked(plan, measures, city)


def answers_of(tool: Tool, measure: Measure) -> Answers | None:
    """Return the answers that make a measure; None where they cannot be told from it."""
    content = measure.model_dump(mode="json", exclude_none=True)
    where: Any = content.get(tool.field) if tool.picks else {}
    if where is None or isinstance(where, str) or content["kind"] == "new_housing":
        return None
    said = {
        question.name: question.write(_get(content, question.name)) for question in tool.questions
    }
    segments: list[str] = where.get("segments", [])
    if len(segments) > 1 or not set(where) <= {"street", "segments", "at", "area"}:
        return None
    area = _corners(where["area"]) if "area" in where else ""
    if area is None:
        return None
    spot = ",".join(f"{v:.7f}" for v in where.get("at", []))
    return Answers(
        where=where.get("street", ""),
        spot=spot,
        segment=segments[0] if segments else "",
        area=area,
        is_part=bool(segments),
        said=said,
    )


def tool_of(measure: Measure) -> Tool | None:
    """Return the tool with which a measure is made; None where there is none."""
    has_hours = "when" in measure.model_dump(exclude_none=True)
    for tool in TOOLS:
        asks_hours = any(question.name.startswith("when.") for question in tool.questions)
        if (tool.measure or tool.name) == measure.kind and asks_hours == has_hours:
            return tool
    return None


def without(plan: Scenario, measure: str) -> Scenario:
    """Return the plan without the measure of that id; the others keep theirs."""
    kept = tuple(each for each in plan.measures if each.id != measure)
    return plan.model_copy(update={"measures": kept})


def checked(plan: Scenario, measures: list[dict[str, Any]], city: City) -> Scenario:
    """Return the plan with these measures; ScenarioError where it cannot be carried out."""
    content = plan.model_dump(mode="json", exclude_none=True) | {"measures": measures}
    try:
        made = Scenario.model_validate(content)
    except ValidationError as err:
        raise ScenarioError("This change cannot be made", model_faults(err)) from err
    cities(made, city)
    return made


def _content(tool: Tool, answers: Answers, city: City, search: SearchIndex) -> dict[str, Any]:
    """Return the measure's content, with every fault of the answers found first."""
    content: dict[str, Any] = {"kind": tool.measure or tool.name}
    faults: list[Text] = []
    for question in tool.questions:
        try:
            value = question.read(answers.said.get(question.name, ""))
        except ValueError:
            faults.append(_answer_fault(question))
            continue
        if value is not None:
            _put(content, question.name, value)
    try:
        if tool.picks is not None:
            content[tool.field] = _where(tool, answers, city, search)
    except ChangeError as err:
        faults = [*err.faults, *faults]
    if faults:
        raise ChangeError(faults)
    return _finished(content, city)


def _answer_fault(question: Question) -> Text:
    name = question.label
    if not isinstance(question, Number):
        return Text(_CHOICE.nl.format(name.nl), _CHOICE.en.format(name.en))
    ends = question.low, question.high
    return Text(_ANSWER.nl.format(name.nl, *ends), _ANSWER.en.format(name.en, *ends))


def _put(content: dict[str, Any], name: str, value: Any) -> None:
    """Set a field; the name ``when.from_h`` is the field ``from_h`` within ``when``."""
    *outer, last = name.split(".")
    for step in outer:
        content = content.setdefault(step, {})
    content[last] = value


def _get(content: dict[str, Any], name: str) -> Any:
    value: Any = content
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return value  # pyright: ignore[reportUnknownVariableType]


def _where(tool: Tool, answers: Answers, city: City, search: SearchIndex) -> Any:
    if tool.picks == "thing":
        return _thing(answers, search)
    if tool.takes_area and answers.area:
        return {"area": _area(answers.area)}
    if tool.picks == "street" and answers.segment:
        return _street(answers, city)
    if answers.spot:
        return {"at": _spot(answers.spot)}
    text = answers.where.strip()
    if not text:
        raise ChangeError([_WHERE])
    if tool.picks == "street" and streets_of(city).called(text):
        return {"street": text}
    hits = search.find(text, 1)
    if not hits:
        raise ChangeError([Text(_UNKNOWN.nl.format(text[:60]), _UNKNOWN.en.format(text[:60]))])
    hit = hits[0]
    if tool.picks == "street" and hit.kind == "street":
        return {"street": hit.label}
    return {"at": [hit.lon, hit.lat]}


def _street(answers: Answers, city: City) -> dict[str, Any]:
    """Return the street of a segment that was tapped, or only that part of it."""
    streets = streets_of(city)
    at = streets.position.get(answers.segment)
    name = None if at is None else streets.name[at]
    if answers.is_part or not name:
        return {"segments": [answers.segment]}
    return {"street": name}


def _thing(answers: Answers, search: SearchIndex) -> str:
    text = answers.where.strip()
    if not text:
        raise ChangeError([_WHERE])
    hit = next((hit for hit in search.find(text, 8) if hit.layer == "attractors"), None)
    if hit is None:
        raise ChangeError([Text(_UNKNOWN.nl.format(text[:60]), _UNKNOWN.en.format(text[:60]))])
    return hit.key


def _spot(text: str) -> list[float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError as err:
        raise ChangeError([_WHERE]) from err
    return [lon, lat]


def _area(text: str) -> dict[str, Any]:
    """Return the area with these corners; what is wrong with it, it says itself."""
    try:
        ring = [_spot(corner) for corner in text.split(";")]
    except ChangeError as err:
        raise ChangeError([_DRAWN]) from err
    if len(ring) < _FEWEST_CORNERS:
        raise ChangeError([_DRAWN])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _corners(area: Mapping[str, Any]) -> str | None:
    """Return the corners of an area as a form has them; None for one that is not drawn like that."""
    outline, *holes = area["coordinates"]
    if holes or len(outline) > MOST_CORNERS:
        return None
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in outline[:-1])


def _finished(content: dict[str, Any], city: City) -> dict[str, Any]:
    match content["kind"]:
        case "new_housing":
            return _housing(content, city)
        case "widen_pavement":
            return content | {"clear_m": content.get("by_m", 0) + _CLEAR_NOW_M}
        case _:
            return content


_CLEAR_NOW_M = 1.5
"""How much of a pavement is clear before it is widened, where nobody says so. Assumed."""


def _housing(content: dict[str, Any], city: City) -> dict[str, Any]:
    """Make a building along the nearest street of a spot and two sizes."""
    where: dict[str, Any] = content.pop("where")
    wide, deep = content.pop("wide_m", None), content.pop("deep_m", None)
    if "area" in where:
        return content | {"footprint_area": where["area"]}
    if wide is None or deep is None or "at" not in where:
        raise ChangeError([_WHERE])
    x, y = cast("tuple[float, float]", city.to_metres.transform(*where["at"]))
    turn = radians(_along(city, shapely.Point(x, y)))
    ring: list[list[float]] = []
    for across, ahead in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)):
        along_m, off_m = across * wide / 2, ahead * deep / 2
        corner = (
            x + along_m * cos(turn) - off_m * sin(turn),
            y + along_m * sin(turn) + off_m * cos(turn),
        )
        ring.append([round(float(v), 7) for v in city.to_degrees.transform(*corner)])
    return content | {"footprint_area": {"type": "Polygon", "coordinates": [ring]}}


def _along(city: City, point: shapely.Point) -> float:
    """Return the angle in degrees of the nearest street."""
    streets = streets_of(city)
    near = streets.nearest(point, PEOPLE.flags(city) | CARS.flags(city))
    if near is None:
        return 0.0
    line = streets.line(near[0].segment)
    at = line.project(point)
    before, after = line.interpolate(max(at - 5, 0)), line.interpolate(min(at + 5, line.length))
    return degrees(atan2(after.y - before.y, after.x - before.x))
