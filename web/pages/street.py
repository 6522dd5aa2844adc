"""My street, this week: what changed, in a few sentences that print and can be followed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from math import inf, isnan
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twin.errors import NotReadyError, UnknownNameError
from twin.place.search import Hit
from twin.words import Language
from web.charts import Chart, Point, lay_out
from web.encoding import Content, answer
from web.i18n import Words
from web.knowing import known
from web.live import Live
from web.pages.home import HTML, VARY
from web.scene import nice
from web.search import spot
from web.site import Here, Site, address, language_of
from web.streets import WEEK_DAYS, StreetFigure, last_week, street_hit, street_week
from web.wording import bounds_words, level_words, origin_words

router = APIRouter(include_in_schema=False)

QUIET_HOURS = 3
DAY_HOURS = range(7, 20)
"""The hours among which a quiet one for deliveries is looked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of a street in words."""

    quantity: str
    title: str
    sentence: str
    compared: str
    origin: str
    href: str


@dataclass(frozen=True, slots=True)
class Shop:
    """What a shopkeeper sees: passers-by by hour, and when it is quiet."""

    chart: Chart
    rows: tuple[tuple[str, str], ...]
    quiet: str


@router.get("/street/{name}")
def street_somewhere(request: Request, name: str) -> Response:
    """Find the language."""
    return RedirectResponse(
        f"/{language_of(request)}/street/{quote(name)}", status_code=307, headers=VARY
    )


@router.get("/week")
def week_somewhere(request: Request) -> Response:
    """Find the language."""
    return RedirectResponse(f"/{language_of(request)}/week", status_code=307, headers=VARY)


@router.get("/{language}/week")
def week(request: Request, language: Language, site: Here, q: str = "") -> Response:
    """Ask for a street, or go to the one that was asked for."""
    hit = street_hit(site.live, q[:100]) if q else None
    if hit is not None:
        return RedirectResponse(street_path(language, hit.label), status_code=303)
    html = site.pages.render(language, "week.html", path=f"/{language}/week", asked=q[:100])
    return answer(request, Content(html.encode(), HTML))


@router.get("/{language}/street/{name}")
def street(request: Request, language: Language, site: Here, name: str) -> Response:
    """Tell what changed in a street in the last seven days."""
    hit, end = asked_street(site, name)
    words = site.pages.words(language)
    figures = street_week(site.live, hit.lon, hit.lat, end)
    path = street_path(language, hit.label)
    html = site.pages.render(
        language,
        "street.html",
        path=path,
        street=hit.label,
        days=days_words(words, end),
        told=[tell(words, language, figure, hit) for figure in figures],
        shop=_shop(site.live, words, figures),
        knowing=partial(known, site, words),
        feed=f"{path}/feed.atom",
        calendar=f"{path}/calendar.ics",
        map_href=address(f"/{language}/", spot=spot(hit)),
    )
    return answer(request, Content(html.encode(), HTML))


def asked_street(site: Site, name: str) -> tuple[Hit, date]:
    """Return the street of an address, and the day after its last week.

    Raises
    ------
    UnknownNameError
        There is no such street.
    NotReadyError
        There are no figures yet.
    """
    hit = street_hit(site.live, name[:100])
    if hit is None or hit.label.casefold() != name.casefold():
        raise UnknownNameError(f"there is no street {name[:100]!r} here")
    end = last_week(site.live)
    if end is None:
        raise NotReadyError("there are no figures yet")
    return hit, end


def street_path(language: Language, street: str) -> str:
    """Return the address of the page of a street."""
    return f"/{language}/street/{quote(street, safe='')}"


def days_words(words: Words, end: date) -> str:
    """Name the seven days before a day."""
    first, last = end - timedelta(days=WEEK_DAYS), end - timedelta(days=1)
    return words.text("%(first)s to %(last)s", first=words.day(first), last=words.day(last))


def tell(words: Words, language: Language, figure: StreetFigure, hit: Hit) -> Told:
    """Say a figure in words."""
    quantity, mean = figure.quantity, figure.mean
    top = 1.0 if quantity.is_share else inf
    low, high = bounds_words(words, quantity, min(mean.low, top), min(mean.high, top))
    return Told(
        quantity.name,
        quantity.title.into(language),
        _pattern(words, quantity.name)
        % {
            "level": level_words(
                words, quantity, min(max(mean.level, 0.0), top), mean.high - mean.low
            ),
            "low": low,
            "high": high,
            "title": quantity.title.into(language),
        },
        _compared(words, figure),
        origin_words(words, figure.origin),
        address(f"/{language}/", show=quantity.name, place=figure.unit.unit, spot=spot(hit)),
    )


def _pattern(words: Words, quantity: str) -> str:
    """Return the sentence for a quantity; one that fits any where it has none of its own."""
    known = {
        "parking_occupied": words.text(
            "On average %(level)s of the parking spaces were taken (between %(low)s and %(high)s)."
        ),
        "bikes_loose": words.text(
            "On average %(level)s bikes stood loose (between %(low)s and %(high)s)."
        ),
        "bikes_racked": words.text(
            "The bike racks were %(level)s full on average (between %(low)s and %(high)s)."
        ),
        "footfall_passages": words.text(
            "About %(level)s passers-by an hour were counted (between %(low)s and %(high)s)."
        ),
    }
    return known.get(quantity) or words.text(
        "%(title)s: %(level)s on average (between %(low)s and %(high)s)."
    )


def _compared(words: Words, figure: StreetFigure) -> str:
    before = {
        1: words.text("That is more than the week before"),
        0: words.text("That is about as much as the week before"),
        -1: words.text("That is less than the week before"),
        None: words.text("The week before was not measured"),
    }[figure.than_before]
    usual = {
        1: words.text("and more than usual."),
        0: words.text("and about as usual."),
        -1: words.text("and less than usual."),
        None: words.text("and it is not known yet what is usual."),
    }[figure.than_usual]
    return f"{before}, {usual}"


def _shop(live: Live, words: Words, figures: list[StreetFigure]) -> Shop | None:
    """Return passers-by by hour over the workdays; None where nobody counts them."""
    figure = next((one for one in figures if one.quantity.windows.kind == "hour"), None)
    if figure is None or not any(figure.hours):
        return None
    usual = live.usual(figure.quantity.name, figure.origin)
    unit = figure.unit.unit
    top = 1.15 * max(hour or 0.0 for hour in figure.hours)
    points: list[Point] = []
    rows: list[tuple[str, str]] = []
    for hour, level in enumerate(figure.hours):
        means = [float(usual.shown(24 * day + hour, [unit]).mean[0]) for day in range(5)]
        said = words.text("not measured") if level is None else words.number(level)
        called = _hour(words, hour)
        rows.append((called, said))
        expected = sum(means) / len(means)
        points.append(
            Point(
                label=str(hour),
                title=f"{called}: {said}",
                level=level,
                low=level or 0.0,
                high=level or 0.0,
                usual=None if isnan(expected) else max(0.0, expected),
                has_tick=hour % 3 == 0,
            )
        )
    step = nice(top / 2.5)
    labels = [(number * step, words.number(number * step)) for number in (1, 2)]
    calm = [hour for hour in DAY_HOURS if figure.hours[hour] is not None]
    calm = sorted(sorted(calm, key=lambda hour: figure.hours[hour] or 0.0)[:QUIET_HOURS])
    quiet = ", ".join(_hour(words, hour) for hour in calm)
    return Shop(lay_out(points, top=top, y_labels=labels), tuple(rows), quiet)


def _hour(words: Words, hour: int) -> str:
    return words.text(
        "%(start)s to %(end)s", start=_clock(words, hour), end=_clock(words, hour + 1)
    )


def _clock(words: Words, hour: int) -> str:
    return words.clock(datetime(2024, 1, 1, hour % 24, tzinfo=UTC))
