"""What is measured, what is kept, and what all of it gives away about somebody: the limits first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from twin.domains import ProtectedUnit
from twin.privacy.algorithms import when
from twin.privacy.facts import PROMISED_DAYS
from twin.privacy.notice import HORIZONS, Habit, apart, at_once, auc, right_of_100, together
from twin.words import Language, Origin
from web.i18n import Words
from web.notice import AccountSpent, Kind, Notice, read_notice
from web.pages.text import text_page, to_language
from web.site import Here, Site
from web.wording import origin_words

router = APIRouter(include_in_schema=False)

FEW_STREETS = 5
"""So many streets are named at once; the rest unfold."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured about one subject: its sensors, and its figures with when they are made."""

    title: str
    sensors: list[str]
    figures: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Where:
    """A kind of sensor as the page shows it."""

    kind: Kind
    subject: str
    title: str
    streets: list[str]
    origins: str
    is_measured: bool


@dataclass(frozen=True, slots=True)
class Spending:
    """A row of the ledger: shares of what may be spent."""

    what: str
    origin: str
    shares: list[str]
    last_day: str


@router.get("/privacy")
def privacy_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_language(request, "privacy")


@router.get("/{language}/privacy")
def privacy(request: Request, language: Language, site: Here) -> Response:
    """Tell people what this means for them."""
    words, notice = site.pages.words(language), read_notice(site.live)
    return text_page(
        request,
        site,
        language,
        "privacy",
        notice=notice,
        organisation=notice.register.organisation,
        today=site.live.now().date(),
        horizons=HORIZONS,
        promised_days=PROMISED_DAYS,
        habits=list(_habits(words, notice)),
        everything=[right_of_100(together(notice.habits, days)) for days in HORIZONS],
        several=list(_several(words, notice)),
        most=max(right_of_100(rho) for rho in _dearest(notice)),
        subjects=list(_subjects(site, language)),
        kinds=[_where(words, kind) for kind in notice.kinds],
        few_streets=FEW_STREETS,
        until=words.date(notice.until) if notice.until else "",
        spending=[spending_of(words, account) for account in notice.accounts],
        units=[(unit, unit.because.into(language)) for unit in _units(notice)],
        sums=list(_sums(words, notice)),
    )


def _units(notice: Notice) -> Iterator[ProtectedUnit]:
    for habit in notice.habits:
        yield habit.unit


def _title(words: Words, habit: Habit) -> str:
    return (habit.unit.habit or habit.unit.what).into(words.language)


def _habits(words: Words, notice: Notice) -> Iterator[tuple[str, list[int]]]:
    for habit in notice.habits:
        yield _title(words, habit), [right_of_100(habit.after(days)) for days in HORIZONS]


def _dearest(notice: Notice) -> list[float]:
    """Return what the habit spends that spends most, of all that may be somebody's."""
    used = [habit for habit in notice.habits if habit.unit.is_used]
    return [max((habit.after(days) for habit in used), default=0.0) for days in HORIZONS]


def _several(words: Words, notice: Notice) -> Iterator[tuple[str, list[int]]]:
    rows: list[tuple[str, Callable[[float, int], float], int]] = [
        (words.text("1 car, bicycle or walk past a counter"), apart, 1),
        (words.text("2 of them, in different areas or hours"), apart, 2),
        (words.text("2 of them, in the same area and hour"), at_once, 2),
        (words.text("5 of them, in different areas or hours"), apart, 5),
        (words.text("5 of them, in the same area and hour"), at_once, 5),
    ]
    for title, cost, things in rows:
        yield title, [right_of_100(cost(rho, things)) for rho in _dearest(notice)]


def _sums(words: Words, notice: Notice) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for habit in notice.habits:
        spent = [habit.after(days) for days in HORIZONS]
        yield (
            habit.unit.what.into(words.language),
            [(words.decimal(rho, 2), words.decimal(auc(rho), 3)) for rho in spent],
        )


def _subjects(site: Site, language: Language) -> Iterator[Subject]:
    for domain in site.live.domains:
        yield Subject(
            domain.title.into(language),
            list(dict.fromkeys(sensor.title.into(language) for sensor in domain.sensors)),
            [
                (quantity.title.into(language), when(quantity).into(language))
                for quantity in domain.quantities
            ],
        )


def _where(words: Words, kind: Kind) -> Where:
    nameless = words.text("without a street name")
    origins = [
        (origin_words(words, origin), words.number(count)) for origin, count in kind.origins.items()
    ]
    return Where(
        kind=kind,
        subject=kind.domain.title.into(words.language),
        title=kind.title.into(words.language),
        streets=[f"{street or nameless} ({words.number(count)})" for street, count in kind.streets],
        origins=origins[0][0]
        if len(origins) == 1
        else ", ".join(f"{count} {name}" for name, count in origins),
        is_measured=Origin.MEASURED in kind.origins,
    )


def spending_of(words: Words, account: AccountSpent) -> Spending:
    """Say what was spent on a protected unit as parts of its limits."""
    spent, unit = account.spent, account.unit
    shares = (
        [
            words.percent(spent.in_day / unit.rho_per_day),
            words.percent(spent.in_month / unit.rho_per_28_days),
            words.percent(spent.in_year / unit.rho_per_year),
        ]
        if unit
        else ["–", "–", "–"]
    )
    return Spending(
        what=unit.what.into(words.language) if unit else spent.unit,
        origin=origin_words(words, Origin(spent.origin)),
        shares=shares,
        last_day=words.date(spent.last_day),
    )
