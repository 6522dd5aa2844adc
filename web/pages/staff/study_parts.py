"""What the page of a study is filled with."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from scenarios.applying import cities
from scenarios.errors import EffectsError, ScenarioError
from scenarios.future import Future
from scenarios.indicators import BY_NAME, HOURLY, INDICATORS, STREETS
from scenarios.report.map import Sheet
from scenarios.report.words import DAYS
from scenarios.shown import plain
from twin.words import Language, Text
from web.i18n import Words
from web.plans.link import plan_text
from web.site import Site, address
from web.studies import shown
from web.studies.plans import fields, futures, told
from web.studies.studies import MOST_RUNS
from web.studies.study import KeptStudy, State, Variant
from web.studies.summary import Summary, summaries


@dataclass(frozen=True, slots=True)
class Looked:
    """Which of the results are looked at; what is left out or unknown is chosen."""

    future: str = ""
    figure: str = ""
    hourly: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """A variant as the list shows it: what it does, or what is wrong with it here and now."""

    variant: Variant
    says: tuple[str, ...]
    faults: tuple[str, ...]
    fields: tuple[str, ...]
    plan: str


def study_parts(site: Site, language: Language, kept: KeptStudy, looked: Looked) -> dict[str, Any]:
    """Return everything that the template needs."""
    words = site.pages.words(language)
    progress = site.workbench.queue.progress(kept.id)
    return {
        "study": kept,
        "looked": looked,
        "progress": progress,
        "is_busy": kept.state.is_busy,
        "variants": [_described(site, language, one) for one in kept.variants],
        "days": [(name, said.into(language)) for name, said in DAYS.items()],
        "futures": [(one.name, future_said(words, one)) for one in futures(site.model.place)],
        "examples": [(one.name, _titled(one.title, language)) for one in site.model.examples()],
        "reason": kept.reason.into(language) if kept.reason else "",
        "most_runs": MOST_RUNS,
        "number": partial(plain, digits=3, language=language),
        "short": partial(plain, digits=2, language=language),
        "results": None,
        "gone": "",
        **_results(site, language, kept, looked),
    }


def future_said(words: Words, future: Future) -> str:
    """Return what is assumed of a future."""
    parts = [
        (
            words.text("%(x)s × the cars per household", x=f"{future.car_ownership:g}"),
            future.car_ownership,
        ),
        (words.text("%(x)s × the residents", x=f"{future.population:g}"), future.population),
        (words.text("%(x)s × the visits to shops", x=f"{future.shopping:g}"), future.shopping),
    ]
    said = [text for text, value in parts if value != 1]
    return ", ".join(said) or words.text("as today")


def _results(site: Site, language: Language, kept: KeptStudy, looked: Looked) -> dict[str, Any]:
    if kept.state is not State.DONE or not kept.variants:
        return {}
    every: tuple[Future | None, ...] = kept.futures or (None,)
    chosen = next((one for one in every if one and one.name == looked.future), every[0])
    try:
        by_future = [summaries(site.workbench, kept, one) for one in every]
    except ScenarioError as err:
        return {"gone": " ".join(told(err, language))}
    except EffectsError:
        words = site.pages.words(language)
        return {"gone": words.text("The results do not fit the place or the program any more.")}
    found = by_future[every.index(chosen)]
    return {"results": _shown(site, language, kept, looked, chosen, found, by_future)}


def _shown(
    site: Site,
    language: Language,
    kept: KeptStudy,
    looked: Looked,
    chosen: Future | None,
    found: list[Summary],
    by_future: list[list[Summary]],
) -> dict[str, Any]:
    words, city = site.pages.words(language), site.model.place.city
    sheet = Sheet(city)
    ground = site.live.kept.get(("sheet", site.live.geography.version), sheet.ground)
    figure = looked.figure if looked.figure in {one.name for one in STREETS} else "driven"
    hourly = looked.hourly if looked.hourly in HOURLY else "occupied"
    x, y = (
        asked if asked in BY_NAME else own
        for asked, own in zip((looked.x, looked.y), shown.telling(found), strict=True)
    )
    drawn, day = shown.maps(sheet, ground, found, figure), shown.through_day(found, hourly)
    names = dict(hourly_names(words))
    return {
        "future": chosen.name if chosen else "",
        "found": found,
        "groups": shown.groups(found),
        "figure": next(one for one in STREETS if one.name == figure),
        "figures": [(one.name, one.title.into(language)) for one in STREETS],
        "maps": drawn,
        "hourly": hourly,
        "hourly_title": names[hourly],
        "hourlies": list(names.items()),
        "day": day,
        "x": BY_NAME[x],
        "y": BY_NAME[y],
        "indicators": [(one.name, one.title.into(language)) for one in INDICATORS],
        "plot": shown.trade_off(found, x, y),
        "sweeps": shown.sweeps(found, y),
        "held": shown.held(by_future) if len(by_future) > 1 else [],
        "is_outdated": any(one.is_outdated for each in by_future for one in each),
        "here": partial(_here, language, kept, looked),
    }


def hourly_names(words: Words) -> list[tuple[str, str]]:
    """Return the figures of the whole place by hour, in words."""
    said = {
        "occupied": words.text("Parking spaces taken"),
        "in_garages": words.text("Cars in garages"),
        "loose": words.text("Loose bikes"),
        "walked": words.text("Kilometres walked in an hour"),
        "driven": words.text("Kilometres driven in an hour"),
    }
    return [(name, said[name]) for name in HOURLY]


def _here(language: Language, kept: KeptStudy, looked: Looked, **more: str) -> str:
    asked = {name: getattr(looked, name) for name in Looked.__slots__} | more
    return address(f"/{language}/staff/studies/{kept.id}", **asked)


def _described(site: Site, language: Language, variant: Variant) -> Described:
    plan = variant.plan
    try:
        steps = cities(plan, site.model.place.city)
    except ScenarioError as err:
        says = [one.title.into(language) for one in plan.measures]
        return Described(variant, tuple(says), tuple(told(err, language)), (), plan_text(plan))
    says = [
        measure.describe(city).into(language)
        for measure, city in zip(plan.measures, steps, strict=False)
    ]
    return Described(variant, tuple(says), (), tuple(fields(plan)), plan_text(plan))


def _titled(title: Any, language: Language) -> str:
    return title if isinstance(title, str) else Text(title.nl, title.en).into(language)
