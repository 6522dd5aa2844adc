"""What the page on which plans are tried out is filled with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import Any

from scenarios.applying import cities
from scenarios.errors import ScenarioError
from scenarios.indicators import STREETS
from scenarios.measures import Measure
from scenarios.prices import Cost
from scenarios.scenario import Day, Scenario
from scenarios.scenario import Words as Written
from scenarios.shown import Line, plain
from twin.city import City
from twin.place.frames import texts
from twin.words import Language, Text
from web.i18n import Words
from web.knowing import known, subject
from web.mapfiles import MapFiles
from web.pages.try_asked import Asked
from web.plans.change import Answers, answers_of, tool_of, without
from web.plans.link import MOST_CHARACTERS, plan_text
from web.plans.model import Model
from web.plans.result import Result
from web.plans.shapes import plan_shapes
from web.plans.streets import FIGURES, SCALES, Shown, shown
from web.plans.told import ForGroup, Shift, by_group, handful, parts, shifts
from web.plans.toolbox import GROUPS, TOOLS, Tool
from web.plans.tries import TooManyPlansError, Try
from web.site import Site
from web.svgmap import lines as line_path

DAYS: Mapping[Day, Text] = {
    "weekday": Text("een doordeweekse dag", "a weekday"),
    "friday": Text("een vrijdag met koopavond", "a Friday with shops open late"),
    "saturday": Text("een zaterdag", "a Saturday"),
    "sunday": Text("een zondag", "a Sunday"),
}
SVG_LABEL_ZOOM = 14.0
PREVIEW_PAIRS = 4
PREVIEW_S = 20.0


@dataclass(frozen=True)
class Form:
    """A tool's form as it stands: its answers, what is wrong with them, the measure it changes."""

    tool: Tool
    answers: Answers
    faults: tuple[str, ...] = ()
    edit: str = ""

    @classmethod
    def empty(cls, tool: Tool, language: Language) -> "Form":
        """Return the form of a tool before anything is answered."""
        return cls(tool, Answers(said={one.name: one.first(language) for one in tool.questions}))


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan, as the list shows it."""

    id: str
    said: str
    cost: Cost
    without: str
    edit: str | None


@dataclass(frozen=True)
class Looked:
    """A plan as far as it was looked at: its changes with their costs, or what is wrong with it."""

    steps: tuple[Step, ...] = ()
    cost: Cost = field(default_factory=Cost)
    faults: tuple[str, ...] = ()
    shapes: tuple[dict[str, Any], ...] = ()


def try_parts(
    site: Site, language: Language, asked: Asked, plan: Scenario | None, form: Form | None
) -> dict[str, Any]:
    """Return everything that the template needs."""
    model, words, files = site.model, site.pages.words(language), site.map_files()
    figure = asked.shown
    looked = _looked(model, language, asked, plan) if plan else Looked()
    text = plan_text(plan) if plan else ""
    one = _effects(site, plan, looked, is_waiting=asked.wait) if plan else None
    result = one.result if one else None
    drawn = shown(result, figure) if result else None

    def here(plan: str | None = text, **more: str) -> str:
        return asked.href(language, plan, **more)

    return {
        "plan": plan,
        "plan_text": text,
        "is_long": len(text) > MOST_CHARACTERS,
        "plan_title": written(plan.title, language) if plan else "",
        "plan_about": written(plan.text, language) if plan else "",
        "here": here,
        "asked": asked,
        "budget": asked.budget,
        "examples": [
            (written(each.title, language), written(each.text, language), plan_text(each))
            for each in model.examples()
        ],
        "days": [(name, said.into(language), _with_day(plan, name)) for name, said in DAYS.items()]
        if plan
        else [],
        "looked": looked,
        "tools": [
            (title.into(language), [tool for tool in TOOLS if tool.group == group])
            for group, title in GROUPS.items()
        ],
        "form": form,
        "effects": one,
        "can_part": plan is not None and 1 < len(plan.measures) <= MOST_PARTS,
        "parts": _parts(model, plan, looked, result)
        if asked.each and plan and one and result and one.state == "done"
        else None,
        "result": result,
        **_told(model, result, language),
        "figure": FIGURES[figure],
        "figures": [(each.name, each.title.into(language)) for each in STREETS],
        "scale": SCALES[figure],
        "drawn": drawn,
        "legend": _legend(words, drawn, language) if drawn else [],
        "levels": _levels(drawn, language) if drawn else [],
        "lines": _lines(site, drawn) if drawn else [],
        "calibration": model.calibration,
        "fits": _fits(site, words),
        "knowing": partial(known, site, words),
        "subject": subject,
        "number": partial(plain, digits=2, language=language),
        "map": files,
        "map_urls": _map_urls(files),
        "svg_labels": [label for label in files.labels if label.zoom <= SVG_LABEL_ZOOM],
        "attributions": site.live.geography.place.attributions,
    }


def _effects(site: Site, plan: Scenario, looked: Looked, *, is_waiting: bool) -> Try | None:
    """Return what is known of a plan's effects; of a sound plan they are worked out from now on."""
    if looked.faults or not plan.measures:
        return None
    model = site.model
    if not is_waiting:
        return model.known_effects(plan)
    try:
        one = model.effects(plan)
    except TooManyPlansError:
        return None
    model.wait_for(one, PREVIEW_PAIRS, PREVIEW_S)
    return one


@dataclass(frozen=True, slots=True)
class Parts:
    """What each change of a plan does; ``wanted`` is a plan that still has to be worked out."""

    shown: list[Line] = field(default_factory=list[Line])
    rows: list[tuple[str, list[Line]]] = field(default_factory=list[tuple[str, list[Line]]])
    wanted: str = ""


MOST_PARTS = 8


def _parts(model: Model, plan: Scenario, looked: Looked, result: Result) -> Parts:
    """Return what each change adds to the others; plans without one are worked out for it."""
    shown = handful(result)
    if not 1 < len(plan.measures) <= MOST_PARTS or not shown:
        return Parts()
    found: list[Result] = []
    for other in [without(plan, measure.id) for measure in plan.measures]:
        if not model.can_do(other):
            return Parts()
        one = model.known_effects(other)
        if one is None or one.result is None or one.state != "done":
            return Parts(wanted=plan_text(other))
        found.append(one.result)
    said = [step.said for step in looked.steps]
    return Parts(shown, list(zip(said, parts(result, found, shown), strict=True)))


def _looked(model: Model, language: Language, asked: Asked, plan: Scenario) -> Looked:
    try:
        before = cities(plan, model.place.city)
    except ScenarioError as err:
        unsound = [
            _step(plan, each, each.title.into(language), Cost(), asked.href, language)
            for each in plan.measures
        ]
        return Looked(tuple(unsound), faults=tuple(err.told(language)))
    steps: list[Step] = []
    for measure, city in zip(plan.measures, before, strict=False):
        cost = measure.cost(city, model.prices)
        said = measure.describe(city).into(language)
        steps.append(_step(plan, measure, said, cost, asked.href, language))
    total = reduce(Cost.__add__, (step.cost for step in steps), Cost())
    return Looked(tuple(steps), total, shapes=tuple(plan_shapes(plan.measures, before)))


def _step(
    plan: Scenario,
    measure: Measure,
    said: str,
    cost: Cost,
    href: Callable[..., str],
    language: Language,
) -> Step:
    tool = tool_of(measure)
    can_edit = tool is not None and answers_of(tool, measure) is not None
    return Step(
        measure.id,
        said,
        cost,
        href(language, plan_text(without(plan, measure.id))),
        href(language, plan_text(plan), edit=measure.id) if can_edit else None,
    )


def _with_day(plan: Scenario, day: Day) -> str:
    return plan_text(plan.model_copy(update={"day": day}))


def told_steps(plan: Scenario, before: Sequence[City], language: Language) -> list[str]:
    """Say each change of a plan; ``before`` has the city as it is before each."""
    return [
        measure.describe(city).into(language)
        for measure, city in zip(plan.measures, before, strict=False)
    ]


def written(text: Written | str, language: Language) -> str:
    """Return a text of a plan in a language, if it has it in both."""
    return text if isinstance(text, str) else getattr(text, language)


def _told(model: Model, result: Result | None, language: Language) -> dict[str, Any]:
    if result is None:
        return {"handful": [], "groups": (), "shifts": ()}
    segments = model.place.city.segments
    names = dict(zip(map(str, segments["segment"]), texts(segments, "name"), strict=True))
    groups: Sequence[ForGroup] = by_group(result)
    moved: Sequence[Shift] = shifts(result.moved, names, language)
    return {"handful": handful(result), "groups": groups, "shifts": moved}


def _legend(words: Words, drawn: Shown, language: Language) -> list[tuple[str, str]]:
    low, high = (plain(step, 2, language) for step in drawn.steps)
    unit = drawn.figure.unit.into(language)
    return [
        ("less3", words.text("at least %(n)s %(unit)s fewer", n=high, unit=unit)),
        ("less2", words.text("%(low)s to %(high)s fewer", low=low, high=high)),
        ("less1", words.text("up to %(n)s fewer", n=low)),
        ("more1", words.text("up to %(n)s more", n=low)),
        ("more2", words.text("%(low)s to %(high)s more", low=low, high=high)),
        ("more3", words.text("at least %(n)s %(unit)s more", n=high, unit=unit)),
    ]


def _levels(drawn: Shown, language: Language) -> list[tuple[str, str]]:
    """Return where each colour of a level begins and ends; the last has no end."""
    edges = [plain(edge, 2, language) for edge in (0.0, *drawn.breaks)]
    return list(zip(edges, [*edges[1:], ""], strict=True))


def _fits(site: Site, words: Words) -> list[tuple[str, str]]:
    """Return how far the model was off in days that it had not seen, by figure."""
    found: list[tuple[str, str]] = []
    for fit in site.model.calibration.fits:
        quantity = site.live.reader.quantity(fit.quantity)
        off = fit.rmse_without_noise
        said = (
            words.text("%(n)s percentage points", n=words.number(100 * off))
            if quantity.is_share
            else plain(off, 2, words.language)
        )
        found.append((quantity.title.into(words.language), said))
    return found


def _lines(site: Site, drawn: Shown) -> list[tuple[str, str]]:
    """Return the streets that clearly change as path data, by how much they do."""
    geography = site.live.geography
    streets = geography.layers.streets
    return [
        (f"{'less' if level < 0 else 'more'}{abs(level)}", line_path(geography, streets[where]))
        for level in (-1, 1, -2, 2, -3, 3)
        for where in [drawn.change == level]
        if where.any()
    ]


def _map_urls(files: MapFiles) -> dict[str, str]:
    wanted = {
        f"deck-{name[5:]}": url for name, url in files.urls.items() if name.startswith("plan-")
    }
    return {**wanted, "labels": files.urls["labels"], "segments": files.urls["segments"]}
