"""The neighbourhood's page as the server sends it."""

import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import NOW, MadeFigures
from starlette.testclient import TestClient

from twin import errors
from twin.domains import load_domains
from twin.words import LANGUAGES
from web.app import create_app
from web.errors import STATUSES

pytestmark = pytest.mark.slow

FORBIDDEN = {
    "nl": r"\b(cel|cellen|ensemble|vrijgave|kalibratie)\b|ρ",
    "en": r"\b(cells?|ensembles?|releases?|calibration)\b|ρ",
}
QUANTITIES = [q.name for domain in load_domains() for q in domain.quantities]


def _text(html):
    """What a person reads of a page."""
    main = re.search(r"<main.*</main>", html, re.DOTALL)[0]
    shown = re.sub(r"<(script|svg|style).*?</\1>", " ", main, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", shown))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("is_usual", [False, True])
def test_every_view_reads_in_plain_words(site, language, quantity, is_usual):
    hour = {"hour": 34, "day": 24, "snapshot": 24 + max(_quantity(quantity).windows.hours or (0,))}
    period = f"&period=usual-{hour[_quantity(quantity).windows.kind]}" if is_usual else ""
    answer = site.get(f"/{language}/?show={quantity}{period}")
    assert answer.status_code == 200
    text = _text(answer.text)
    assert not re.search(FORBIDDEN[language], text, re.IGNORECASE)
    assert "%(" not in text
    assert "nan" not in text.split()
    assert not re.search(r"\b(None|True|False)\b", text)


def test_the_period_is_named_and_never_now(site):
    text = _text(site.get("/en/?show=footfall_passages").text)
    assert "Tuesday 12 May, 12:00 to 13:00" in text
    assert not re.search(r"\bnow\b", text, re.IGNORECASE)


def test_origin_and_coverage_stand_beside_the_figure(site):
    html = site.get("/en/?show=parking_occupied").text
    assert re.search(r'class="badge origin-simulated"[^>]*>simulated<', html)
    assert "easured" in _text(html)


@pytest.mark.parametrize("page", ["/en/", "/nl/about", "/nl/devices", "/en/api", "/en/nothing"])
def test_a_demonstration_says_so_on_every_page(site, page):
    assert 'class="strip demonstration"' in site.get(page).text


def test_a_real_place_is_not_called_a_demonstration(made):
    made.say(now=NOW, is_demonstration=False)
    with _client(made) as client:
        assert "demonstration" not in client.get("/en/").text


@pytest.mark.parametrize(
    "page", ["/en/", "/nl/about", "/api/v1/place", "/en/nothing", "/robots.txt"]
)
def test_nobody_else_is_let_in(site, page):
    headers = site.get(page).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_assets_never_change_under_their_address(site):
    html = site.get("/en/").text
    for url in sorted(set(re.findall(r'"(/assets/[^"]+)"', html))):
        answer = site.get(url)
        assert answer.status_code == 200, url
        assert "immutable" in answer.headers["cache-control"]
    assert site.get("/assets/000000000000/site.css").status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("show=nothing", 404),
        ("domain=nothing", 404),
        ("origin=measured", 404),
        ("period=2020-01-01T00:00Z", 404),
        ("period=tomorrow", 422),
        ("period=usual-168", 422),
        ("period=usual-999", 422),
        ("spot=here", 422),
        ("sort=prettiest", 422),
        ("place=" + 100 * "x", 422),
    ],
)
def test_a_wrong_address_gets_a_page_that_helps(site, query, status):
    answer = site.get(f"/nl/?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert 'href="/nl/"' in answer.text


@pytest.mark.parametrize(
    "query", ["place=nothing", "spot=0,0", "spot=180,90", "q=%00", "q=<script>alert(1)</script>"]
)
def test_what_is_not_here_leaves_the_neighbourhood(site, query):
    answer = site.get(f"/en/?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_a_fault_of_ours_says_nothing_of_itself(made, monkeypatch, caplog):
    with _client(made) as client:
        monkeypatch.setattr("web.pages.home.make_view", _fail)
        answer = client.get("/en/")
        api = client.get("/api/v1/nothing")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret" in caplog.text
    assert api.status_code == 404


def _fail(*_):
    raise RuntimeError("a secret of the machine")


def test_every_error_has_an_answer():
    ours = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.WijktwinError)
    ]
    assert ours
    assert [one for one in ours if one not in STATUSES] == []


@pytest.mark.parametrize(
    ("value", "covered", "drawn", "said"),
    [
        (None, 0, "silent", "not measured: the sensors were silent"),
        (-3, 3600, r"s0 few", r"few: 0 to \d+"),
        (2000, 3600, r"s4 about", r"about 2,000 \("),
    ],
)
def test_states_look_different(made, value, covered, drawn, said):
    quantity = _quantity("footfall_passages")
    window = list(quantity.windows.between(NOW, NOW + timedelta(hours=1), made.zone))[-1]
    (unit,) = made.units[quantity.name]
    row = made.row(quantity, unit, window, value=value, covered=covered)
    made.add(quantity, [row], window.day.isoformat())
    with _client(made) as client:
        html = client.get("/en/?show=footfall_passages").text
    assert re.search(rf'data-unit="{unit}"[^>]*><path class="cell {drawn}"', html)
    assert re.search(said, re.search(r"<table.*?</table>", html, re.DOTALL)[0])
    assert not re.search(r"(few:|about) -", html)


def test_a_figure_too_noisy_to_use_is_not_given(made):
    quantity = _quantity("bikes_loose")
    window = list(quantity.windows.between(NOW, NOW + timedelta(days=1), made.zone))[-1]
    unit = min(made.units[quantity.name])
    row = made.row(quantity, unit, window, value=90, covered=made.units[quantity.name][unit])
    made.add(quantity, [{**row, "sigma": 200.0}], window.day.isoformat())
    with _client(made) as client:
        html = client.get("/en/?show=bikes_loose&period=" + f"{window.start:%Y-%m-%dT%H:%MZ}").text
    assert "too uncertain to say" in html


@pytest.mark.parametrize(
    ("language", "name", "sentence"),
    [
        (
            "en",
            "The week of Monday 4 May to Sunday 10 May",
            r": on an average day about \d+ dumped bikes in Tiny \(between \d+ and \d+\)",
        ),
        (
            "nl",
            "De week van maandag 4 mei tot en met zondag 10 mei",
            r": op een gemiddelde dag ongeveer \d+ gedumpte fietsen in Tiny \(tussen \d+ en \d+\)",
        ),
    ],
)
def test_the_last_whole_week_stands_beside_a_day_of_dumped_bikes(site, language, name, sentence):
    html = site.get(f"/{language}/?show=bikes_dumped").text
    assert re.search(name + sentence, _text(html))
    weekly = site.get("/api/v1/weekly/bikes_dumped").json()["levels"]
    known = {one["unit"]: one for one in weekly if one["week"] == "2026-05-04"}
    table = re.search(r'<table class="all">.*?</table>', html, re.DOTALL)[0]
    rows = re.findall(r'<tr data-unit="([^"]+)".*?<td>([^<]*)</td>\s*</tr>', table, re.DOTALL)
    assert {unit for unit, _ in rows} == set(known)
    for unit, said in rows:
        level, wide = known[unit]["level"], 1.645 * known[unit]["standard_error"]
        numbers = [float(one) for one in re.findall(r"\d+", said)]
        assert numbers, said
        assert numbers[-2:] == pytest.approx([max(0, level - wide), level + wide], abs=0.51)
    unit = rows[0][0]
    chosen = _text(site.get(f"/{language}/?show=bikes_dumped&place={unit}").text)
    assert re.search(name + r", [a-z ]+: +" + re.escape(rows[0][1].strip()), chosen)


@pytest.mark.parametrize(
    "query",
    ["show=bikes_loose", "show=bikes_dumped&period=usual-0", "show=parking_occupied"],
)
def test_other_figures_have_no_week_beside_them(site, query):
    assert "The week of" not in _text(site.get(f"/en/?{query}").text)


def test_before_a_place_the_page_says_what_is_being_done(tmp_path):
    ops = tmp_path / "ops"
    ops.mkdir()
    (ops / "status.json").write_text(
        '{"state": "starting", "message": {"nl": "De wijk wordt gemaakt", "en": "Making it"},'
        ' "progress": 0.5, "updated_at": "2026-05-12T12:00:00+00:00", "is_demonstration": true}'
    )
    app = create_app(place_directory=tmp_path, domains=load_domains(), now=lambda: NOW)
    with TestClient(app) as client:
        page, health = client.get("/nl/"), client.get("/api/v1/health")
    assert page.status_code == 503
    assert page.headers["retry-after"] == "5"
    assert "De wijk wordt gemaakt" in page.text
    assert health.status_code == 503
    assert health.json()["reason"] == "Making it"


@pytest.mark.parametrize("said", ["", "{", "[]", "{}", '{"state": "ready", "message": 3}'])
def test_pages_stay_up_when_what_the_city_process_says_cannot_be_read(made, said):
    now = datetime.now(UTC)
    app = create_app(
        place_directory=made.directory, domains=load_domains(), now=lambda: now, poll_s=0.05
    )
    with TestClient(app) as client:
        watched = client.app.state.site
        (made.directory / "ops" / "status.json").write_text(said)
        assert client.get("/api/v1/health").status_code == 503
        assert client.get("/en/about").status_code == 200
        time.sleep(0.2)
        heard, watched.feed.tell = [], lambda event, content: heard.append((event, content))
        made.say(now=now)
        until = time.monotonic() + 10
        while not heard and time.monotonic() < until:
            time.sleep(0.02)
    assert ("status", {"state": "ready", "is_running": True}) in heard


def test_health_says_when_the_city_process_is_gone(made):
    made.say(now=NOW - timedelta(minutes=2))
    with _client(made) as client:
        answer = client.get("/api/v1/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "stopped"


def test_a_place_without_figures_yet_has_a_page(city, tmp_path):
    from twin.place import write_public

    write_public(city, tmp_path / "public")
    made = MadeFigures(tmp_path, load_domains())
    made.say(now=NOW)
    with _client(made) as client:
        for language in LANGUAGES:
            for quantity in QUANTITIES:
                assert client.get(f"/{language}/?show={quantity}").status_code == 200


def _quantity(name):
    return next(q for d in load_domains() for q in d.quantities if q.name == name)


def _client(made):
    app = create_app(
        place_directory=made.directory, domains=load_domains(), now=lambda: NOW, poll_s=60
    )
    return TestClient(app, raise_server_exceptions=False)


def change_last_period(made, quantity, **changes):
    """Let every place of a quantity's last period say something else."""
    day = max((made.directory / "public" / "release" / quantity).glob("*.parquet"))
    table = pq.read_table(day)
    rows, last = table.to_pylist(), max(table["window_start"].to_pylist())
    changed = [row | changes if row["window_start"] == last else row for row in rows]
    pq.write_table(pa.Table.from_pylist(changed, table.schema), day)


def page_of(made, path):
    app = create_app(
        place_directory=made.directory, domains=load_domains(), now=lambda: NOW, poll_s=60
    )
    with TestClient(app) as client:
        html = client.get(path).text
        link = re.search(r'id="last-measured" href="([^"]*)"', html)
        return _text(html), _text(client.get(unescape(link[1])).text) if link else None


@pytest.mark.parametrize(
    ("language", "said", "link"),
    [
        ("nl", "in Tiny is niets gemeten", "Laatst gemeten:"),
        ("en", "nothing was measured in Tiny", "Last measured:"),
    ],
)
def test_where_nothing_was_measured_the_last_that_was_is_a_link(made, language, said, link):
    change_last_period(made, "footfall_passages", value=None, covered=0, rho=0.0)
    text, linked = page_of(made, f"/{language}/?show=footfall_passages")
    assert said in text
    assert link in text
    assert said not in linked
    assert re.search(r"11[.:]00", linked), "an hour earlier"


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "de privacygrens was bereikt"), ("en", "the privacy limit was reached")],
)
def test_what_the_budget_did_not_allow_is_not_called_silent(made, language, said):
    change_last_period(made, "footfall_passages", value=None, covered=3600, capacity=3600, rho=0.0)
    text, _ = page_of(made, f"/{language}/?show=footfall_passages")
    assert said in text
    assert not re.search(r"niets gemeten|nothing was measured|zwegen|were silent", text)
