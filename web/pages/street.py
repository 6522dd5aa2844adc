"""My street, this week: what changed, in a few sentences that print and can be followed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from math import inf, isnan
from urllib.parse import quote
from xml.sax.saxutils import escape

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twin.errors import NotReadyError, UnknownNameError
from twin.place.search import Hit
from twin.words import Language
from web.charts import Chart, Point, lay_out
from web.encoding import Content, answer
from web.i18n import Words
from web.live import Live
from web.pages.home import HTML, VARY
from web.scene import nice
from web.search import spot
from web.site import Here, Site, address, language_of
from web.streets import WEEK_DAYS, StreetFigure, last_week, street_hit, street_week
from web.wording import bounds_words, level_words, origin_words

router = APIRouter(include_in_schema=False)

FEED_WEEKS = 4
QUIET_HOURS = 3
DAY_HOURS = range(7, 20)
"""The hours among which a quiet one for deliveries is looked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of a street in words."""

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
        return RedirectResponse(_path(language, hit.label), status_code=303)
    html = site.pages.render(language, "week.html", path=f"/{language}/week", asked=q[:100])
    return answer(request, Content(html.encode(), HTML))


@router.get("/{language}/street/{name}")
def street(request: Request, language: Language, site: Here, name: str) -> Response:
    """Tell what changed in a street in the last seven days."""
    hit, end = _asked(site, name)
    words = site.pages.words(language)
    figures = street_week(site.live, hit.lon, hit.lat, end)
    path = _path(language, hit.label)
    html = site.pages.render(
        language,
        "street.html",
        path=path,
        street=hit.label,
        days=_days(words, end),
        told=[_told(words, language, figure, hit) for figure in figures],
        shop=_shop(site.live, words, figures),
        feed=f"{path}/feed.atom",
        calendar=f"{path}/calendar.ics",
        map_href=address(f"/{language}/", spot=spot(hit)),
    )
    return answer(request, Content(html.encode(), HTML))


@router.get("/{language}/street/{name}/feed.atom")
def feed(request: Request, language: Language, site: Here, name: str) -> Response:
    """Return the weeks of a street as an Atom feed (RFC 4287)."""
    hit, weeks = _weeks(site, name)
    words = site.pages.words(language)
    base = str(request.base_url).rstrip("/")
    home = f"{base}{_path(language, hit.label)}"
    entries = "".join(
        f"<entry><id>{_uid(hit, end)}</id><title>{escape(_days(words, end))}</title>"
        f"<updated>{_stamp(site.live, end)}</updated>"
        f'<link href="{escape(home)}"/><content type="text">{escape(_text(site, words, hit, end))}</content></entry>'
        for end in weeks
    )
    title = words.text("%(street)s, week by week", street=hit.label)
    updated = _stamp(site.live, weeks[0]) if weeks else "1970-01-01T00:00:00Z"
    xml = (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}"><id>{_uid(hit, None)}</id>'
        f"<title>{escape(title)}</title><author><name>Wijktwin</name></author>"
        f'<updated>{updated}</updated><link rel="self" href="{escape(home)}/feed.atom"/>{entries}</feed>'
    )
    return answer(request, Content(xml.encode(), "application/atom+xml; charset=utf-8"))


@router.get("/{language}/street/{name}/calendar.ics")
def calendar(request: Request, language: Language, site: Here, name: str) -> Response:
    """Return the weeks of a street as a calendar (RFC 5545), each on the Monday after it."""
    hit, weeks = _weeks(site, name)
    words = site.pages.words(language)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Wijktwin//street//EN"]
    lines.append(_property("X-WR-CALNAME", hit.label))
    for end in weeks:
        stamp = _stamp(site.live, end).replace("-", "").replace(":", "")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_uid(hit, end)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{end:%Y%m%d}",
            f"DTEND;VALUE=DATE:{end + timedelta(days=1):%Y%m%d}",
            _property("SUMMARY", f"{hit.label}: {_days(words, end)}"),
            _property("DESCRIPTION", _text(site, words, hit, end)),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    ics = "".join(f"{_folded(line)}\r\n" for line in lines)
    return answer(request, Content(ics.encode(), "text/calendar; charset=utf-8"))


def _asked(site: Site, name: str) -> tuple[Hit, date]:
    hit = street_hit(site.live, name[:100])
    if hit is None or hit.label.casefold() != name.casefold():
        raise UnknownNameError(f"there is no street {name[:100]!r} here")
    end = last_week(site.live)
    if end is None:
        raise NotReadyError("there are no figures yet")
    return hit, end


def _weeks(site: Site, name: str) -> tuple[Hit, list[date]]:
    """Return a street and the Mondays after its last whole weeks, the latest first."""
    hit, end = _asked(site, name)
    monday = end - timedelta(days=end.weekday())
    weeks = [monday - timedelta(days=WEEK_DAYS * number) for number in range(FEED_WEEKS)]
    return hit, [day for day in weeks if street_week(site.live, hit.lon, hit.lat, day)]


def _path(language: Language, street: str) -> str:
    return f"/{language}/street/{quote(street, safe='')}"


def _days(words: Words, end: date) -> str:
    first, last = end - timedelta(days=WEEK_DAYS), end - timedelta(days=1)
    return words.text("%(first)s to %(last)s", first=words.day(first), last=words.day(last))


def _told(words: Words, language: Language, figure: StreetFigure, hit: Hit) -> Told:
    quantity, mean = figure.quantity, figure.mean
    top = 1.0 if quantity.is_share else inf
    low, high = bounds_words(words, quantity, min(mean.low, top), min(mean.high, top))
    return Told(
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


def _text(site: Site, words: Words, hit: Hit, end: date) -> str:
    figures = street_week(site.live, hit.lon, hit.lat, end)
    told = [_told(words, words.language, figure, hit) for figure in figures]
    return "\n".join(f"{one.sentence} {one.compared} ({one.origin})" for one in told)


def _stamp(live: Live, end: date) -> str:
    """Return when a week was over, in UTC."""
    midnight = datetime(end.year, end.month, end.day, tzinfo=live.zone)
    return f"{midnight.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _uid(hit: Hit, end: date | None) -> str:
    """Return a name that stays the same for the same street and week."""
    mark = sha256(f"{hit.layer} {hit.label} {end}".encode()).hexdigest()[:32]
    return f"urn:uuid:{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:]}"


def _property(name: str, text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return f"{name}:{escaped.replace(chr(10), chr(92) + 'n')}"


def _folded(line: str) -> str:
    """Fold a line after at most 75 bytes, as RFC 5545 asks."""
    parts, part = list[str](), ""
    for letter in line:
        if len((part + letter).encode()) > 74:  # noqa: PLR2004 75 with the space that goes before
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
