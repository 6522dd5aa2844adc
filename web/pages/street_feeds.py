"""A street's weeks to follow: an Atom feed and a calendar, without an account."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from xml.sax.saxutils import escape

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from twin.place.search import Hit
from twin.words import Language
from web.encoding import Content, answer
from web.i18n import Words
from web.live import Live
from web.pages.street import asked_street, days_words, street_path, tell
from web.site import Here, Site
from web.streets import WEEK_DAYS, street_week

router = APIRouter(include_in_schema=False)

FEED_WEEKS = 4


@router.get("/{language}/street/{name}/feed.atom")
def feed(request: Request, language: Language, site: Here, name: str) -> Response:
    """Return the weeks of a street as an Atom feed (RFC 4287)."""
    hit, weeks = _weeks(site, name)
    words = site.pages.words(language)
    base = str(request.base_url).rstrip("/")
    home = f"{base}{street_path(language, hit.label)}"
    entries = "".join(
        f"<entry><id>{_uid(hit, end)}</id><title>{escape(days_words(words, end))}</title>"
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
            _property("SUMMARY", f"{hit.label}: {days_words(words, end)}"),
            _property("DESCRIPTION", _text(site, words, hit, end)),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    ics = "".join(f"{_folded(line)}\r\n" for line in lines)
    return answer(request, Content(ics.encode(), "text/calendar; charset=utf-8"))


def _weeks(site: Site, name: str) -> tuple[Hit, list[date]]:
    """Return a street and the Mondays after its last whole weeks, the latest first."""
    hit, end = asked_street(site, name)
    monday = end - timedelta(days=end.weekday())
    weeks = [monday - timedelta(days=WEEK_DAYS * number) for number in range(FEED_WEEKS)]
    return hit, [day for day in weeks if street_week(site.live, hit.lon, hit.lat, day)]


def _text(site: Site, words: Words, hit: Hit, end: date) -> str:
    figures = street_week(site.live, hit.lon, hit.lat, end)
    told = [tell(words, words.language, figure, hit) for figure in figures]
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
