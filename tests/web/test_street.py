"""A street's week in words, and as a feed and a calendar."""

import xml.etree.ElementTree as ET
from datetime import date
from html import unescape

import numpy as np
import pytest
from test_pages import Parts

from twin.domains import load_domains
from web.streets import Mean, _compared

ATOM = "{http://www.w3.org/2005/Atom}"
QUANTITIES = {q.name: q for domain in load_domains() for q in domain.quantities}


@pytest.mark.parametrize(
    ("language", "days", "shop"),
    [("nl", "Deze week:", "Voor winkeliers"), ("en", "This week:", "For shopkeepers")],
)
def test_a_street_tells_its_week(site, language, days, shop):
    answer = site.get(f"/{language}/street/Straat 1")
    assert answer.status_code == 200
    page = unescape(answer.text)
    assert days in page
    assert shop in page
    assert page.count('class="sentence"') == 3
    Parts(answer.text)


@pytest.mark.parametrize("path", ["street/Straat%201", "week"])
def test_without_a_language_the_browser_decides(site, path):
    answer = site.get(f"/{path}", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["location"]) == (307, f"/en/{path}")


def test_a_street_is_asked_for(site):
    assert site.get("/nl/week").status_code == 200
    assert site.get("/nl/week?q=straat+1").headers["location"] == "/nl/street/Straat%201"
    assert "geen straat" in site.get("/nl/week?q=Nergens").text


@pytest.mark.parametrize("name", ["Nergens", "a" * 3000, "%00", "..%2F..%2Fetc"])
def test_an_unknown_street_is_not_found(site, name):
    for end in ("", "/feed.atom", "/calendar.ics"):
        assert site.get(f"/nl/street/{name}{end}").status_code == 404


def test_the_feed_has_the_weeks_and_keeps_their_names(site):
    answer = site.get("/en/street/Straat 1/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.text)  # noqa: S314 our own answer
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    names = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(names)) == len(names)
    assert all("parking spaces" in entry.find(f"{ATOM}content").text for entry in entries)
    assert site.get("/en/street/straat 1/feed.atom").text == answer.text


def test_the_calendar_has_lines_that_any_program_reads(site):
    answer = site.get("/nl/street/Straat 1/calendar.ics")
    lines = answer.text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert all(len(line.encode()) <= 75 for line in lines)
    starts = [line for line in lines if line.startswith("DTSTART")]
    assert starts
    assert all(date.fromisoformat(line[-8:]).weekday() == 0 for line in starts)


@pytest.mark.parametrize(
    ("now", "before", "wanted"),
    [
        (Mean(0.70, 0.01), Mean(0.60, 0.01), 1),
        (Mean(0.60, 0.01), Mean(0.70, 0.01), -1),
        (Mean(0.61, 0.001), Mean(0.60, 0.001), 0),
        (Mean(0.70, 0.10), Mean(0.60, 0.10), 0),
    ],
)
def test_a_difference_is_called_one_when_it_is_clear_and_matters(now, before, wanted):
    assert _compared(QUANTITIES["parking_occupied"], now, before) == wanted


def test_an_interval_holds_nine_in_ten():
    draws = np.random.default_rng(1).normal(100, 5, (20_000, 7)).mean(axis=1)
    sd = 5 / np.sqrt(7)
    held = [(Mean(level, sd).low <= 100 <= Mean(level, sd).high) for level in draws]
    assert np.mean(held) == pytest.approx(0.90, abs=0.01)
