"""The pages of text, over the public files of the hand-made neighbourhood."""

import re
import shlex
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

import pytest
from made import MadeFigures
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from sensors.topics import parse_topic
from twin.batch import Reason
from twin.domains import load_domains
from twin.place import write_public
from twin.words import LANGUAGES
from web.app import create_app

NOW = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
PAGES = ("about", "privacy", "algorithms", "devices", "api")
COPYRIGHT = "https://www.openstreetmap.org/copyright"
HOST, PORT = "127.0.0.1", 18831
EVERY = [(language, page) for language in LANGUAGES for page in PAGES]


class Parts(HTMLParser):
    """The elements of a page, with their attributes; fails on tags that do not match."""

    VOID = frozenset({"meta", "link", "img", "input", "br", "path", "rect", "line", "circle"})

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, self.getpos()

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def _client(directory, host=HOST):
    app = create_app(
        place_directory=directory,
        domains=load_domains(),
        now=lambda: NOW,
        mqtt_host=host,
        mqtt_port=PORT,
        poll_s=60,
    )
    return TestClient(app, follow_redirects=False)


@pytest.fixture(scope="module")
def place(city, tmp_path_factory):
    """A place's folder with public files only."""
    directory = tmp_path_factory.mktemp("place")
    write_public(city, directory / "public")
    MadeFigures(directory, load_domains()).write(now=NOW, days=2)
    return directory


@pytest.fixture(scope="module")
def client(place):
    with _client(place) as client:
        yield client


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A client of a place that nothing has been published of yet."""
    with _client(tmp_path_factory.mktemp("empty")) as client:
        yield client


def _lines(html, name):
    found = re.findall(rf'<pre[^>]*class="{name}"[^>]*><code>(.*?)</code>', html, flags=re.DOTALL)
    return [unescape(line) for line in found]


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_a_page_is_there_in_its_language(client, language, page):
    answer = client.get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    parts = Parts(answer.text)
    assert parts.of("html") == [{"lang": language}]
    assert len(parts.of("h1")) == 1
    (other,) = [link["href"] for link in parts.of("link") if link["rel"] == "alternate"]
    assert client.get(other).status_code == 200


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_a_page_has_no_inline_code_and_asks_nobody_else(client, language, page):
    parts = Parts(client.get(f"/{language}/{page}").text)
    assert not parts.of("style")
    assert all(script.get("src") for script in parts.of("script"))
    for tag, attributes in parts.elements:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("href", "src", "action"):
            target = attributes.get(name, "/")
            assert target == COPYRIGHT or re.match(r"/(?!/)|#", target), (tag, target)


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_links_within_the_site_lead_somewhere(client, language, page):
    parts = Parts(client.get(f"/{language}/{page}").text)
    links = {one["href"] for one in parts.of("a") + parts.of("link")}
    for href in sorted(link for link in links if link.startswith("/")):
        assert client.get(href).status_code == 200, href


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("accept", "language"), [("en", "en"), ("de, en;q=0.5", "en"), ("de", "nl")]
)
def test_without_a_language_the_browser_decides(client, page, accept, language):
    answer = client.get(f"/{page}", headers={"Accept-Language": accept})
    assert answer.status_code == 307
    assert answer.headers["location"] == f"/{language}/{page}"
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_a_page_is_there_before_a_place_is(empty, language, page):
    answer = empty.get(f"/{language}/{page}")
    assert answer.status_code == 200
    Parts(answer.text)


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_a_page_that_the_browser_has_is_not_sent_again(client, language, page):
    first = client.get(f"/{language}/{page}")
    again = client.get(f"/{language}/{page}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_an_unknown_language_has_no_pages(client):
    assert client.get("/fr/about").status_code in {404, 422}


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_names_every_figure_and_what_it_protects(client, language):
    text = unescape(client.get(f"/{language}/about").text)
    for domain in load_domains():
        for quantity in domain.quantities:
            assert quantity.title.into(language) in text
            assert quantity.protects.what.into(language) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_devices_names_the_broker_the_topics_and_the_schemas(client, language):
    text = unescape(client.get(f"/{language}/devices").text)
    assert f"{HOST}:{PORT}" in text
    for topic in ("wijk/v1/‹", "wijk/v1/receipt/", "wijk/v1/status/"):
        assert topic in text
    assert 'href="/api/v1/devices/schemas"' in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_devices_has_a_line_for_each_kind_that_ingest_would_take(client, place, language):
    html = client.get(f"/{language}/devices").text
    domains = {domain.name: domain for domain in load_domains()}
    registered = client.app.state.site.live.reader.devices()
    known = {row["device"]: row for row in registered}
    kinds = set()
    for line in _lines(html, "publish"):
        words = shlex.split(line.replace("'$(date -u +%FT%TZ)'", f"{NOW:%Y-%m-%dT%H:%M:%SZ}"))
        assert words[:5] == ["mosquitto_pub", "-h", HOST, "-p", str(PORT)]
        options = dict(zip(words[5::2], words[6::2], strict=True))
        domain, device = parse_topic(options["-t"])
        models = {s.reading.model_fields["kind"].default: s for s in domains[domain].sensors}
        kind = next(name for name in models if f'"kind": "{name}"' in options["-m"])
        TypeAdapter(models[kind].reading).validate_json(options["-m"])
        if models[kind].layer is not None:
            assert known[device]["layer"] == models[kind].layer
        kinds.add((domain, kind))
    assert kinds == {
        (domain.name, sensor.reading.model_fields["kind"].default)
        for domain in domains.values()
        for sensor in domain.sensors
    }
    assert len(_lines(html, "listen")) == len(kinds)


def test_a_broker_elsewhere_asks_for_a_password(place):
    with _client(place, host="broker.example.org") as client:
        html = client.get("/en/devices").text
    lines = _lines(html, "publish")
    assert lines
    assert all("-P PASSWORD" in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_devices_explains_every_reason_for_refusal(client, language):
    html = client.get(f"/{language}/devices").text
    for reason in Reason:
        assert f"<code>{reason.value}</code>" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_api_lists_every_request_with_its_parameters(client, language):
    html = client.get(f"/{language}/api").text
    description = client.get("/api/v1/openapi.json").json()
    assert description["paths"]
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert f"{method.upper()} {path}" in html
            for parameter in operation.get("parameters", []):
                assert f"<code>{parameter['name']}</code>" in html
    assert 'href="/api/v1/openapi.json"' in html
