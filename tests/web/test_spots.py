"""For my home, and smart shopping: the page has all of the place before anybody chooses."""

import json
import re
from html import unescape

import pytest
from made import NOW, MadeFigures
from neighbourhood import neighbourhood
from starlette.testclient import TestClient
from test_pages import Parts

from scenarios.indicators import INDICATORS, STREETS
from twin.domains import load_domains
from twin.place import write_public
from web.app import create_app
from web.knowing import KNOWLEDGE, subject
from web.plans.link import plan_text

LANGUAGES = ("nl", "en")
PAGES = ("my-home", "shops")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    directory = tmp_path_factory.mktemp("spots")
    write_public(neighbourhood(), directory / "public")
    MadeFigures(directory, load_domains()).write(now=NOW, days=15)
    app = create_app(
        place_directory=directory, domains=load_domains(), now=lambda: NOW, poll_s=60, processes=1
    )
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def city(client):
    return client.app.state.site.model.place.city


def around(client, plan):
    model = client.app.state.site.model
    one = model.effects(plan)
    model.wait_for(one, one.study.runs, 300)
    assert one.state == "done"
    return client.get(f"/api/v1/effects/around?plan={plan_text(plan)}").json()


@pytest.fixture(scope="module")
def now(client):
    """What is there around every spot without a plan."""
    return around(client, client.app.state.site.model.empty())


@pytest.fixture(scope="module")
def planned(client):
    """A plan that takes spaces away, adds stands, benches and a building's worth of trees."""
    answer = client.get("/en/try/change?tool=remove_bays&where=Zuidkade&count=20")
    for query in (
        "tool=add_racks&where=Zuidkade&places=40",
        "tool=benches_and_green&where=Zuidkade&benches=20&trees=20",
    ):
        text = re.search(r"plan=([\w-]+)", answer.headers["location"])[1]
        answer = client.get(f"/en/try/change?plan={text}&{query}")
        assert answer.status_code == 303, unescape(answer.text)[:2000]
    return re.search(r"plan=([\w-]+)", answer.headers["location"])[1]


@pytest.mark.parametrize("page", PAGES)
def test_without_a_language_the_browser_decides_and_the_plan_goes_along(client, page):
    answer = client.get(f"/{page}?plan=x", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["location"]) == (307, f"/en/{page}?plan=x")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_pages_are_whole_and_say_what_needs_script(client, language, page):
    answer = client.get(f"/{language}/{page}")
    assert answer.status_code == 200
    Parts(answer.text)
    assert {"nl": "Uw keuze blijft in uw browser", "en": "Your choice stays in your browser"}[
        language
    ] in answer.text
    assert "<noscript>" in answer.text
    assert 'name="' not in answer.text.partition("<form")[2].partition("</form>")[0]


@pytest.mark.parametrize("page", PAGES)
def test_a_broken_plan_is_refused_clearly(client, page):
    answer = client.get(f"/en/{page}?plan=AAAA")
    assert answer.status_code == 422
    assert "This plan cannot be read" in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_a_plan_goes_along(client, planned, page):
    text = unescape(client.get(f"/en/{page}?plan={planned}").text)
    assert "Zuidkade" in text
    assert f"/en/try?plan={planned}" in text


def test_the_file_of_a_place_has_every_address_once(client, city):
    file = client.get(client.app.state.site.whole_place()["spots"])
    assert "immutable" in file.headers["cache-control"]
    spots = file.json()
    known = {
        (a, b) for a, b in zip(city.addresses["street"], city.addresses["number"], strict=True)
    }
    assert {(spots["streets"][row[0]], row[1]) for row in spots["addresses"]} <= known
    assert len(spots["addresses"]) == len({(row[0], row[1]) for row in spots["addresses"]})
    assert len(spots["green_m"]) == len(city.segments)
    for_visitors = city.bays["kind"].isin(["public", "paid", "short_stay"])
    assert not for_visitors.all()
    assert sum(room for _, room in spots["spaces"]) == city.bays["capacity"][for_visitors].sum()


@pytest.mark.parametrize(
    ("name", "kinds"),
    [(name, ["public", "permit", "paid"]) for name in ("free_night", "free_day", "free_evening")]
    + [("free_shopping", ["public", "paid", "short_stay"])],
)
def test_no_more_is_free_than_there_is_room_for(city, now, name, kinds):
    bays = city.bays[city.bays["kind"].isin(kinds)]
    at = {key: n for n, key in enumerate(city.segments["segment"])}
    room = bays["capacity"].groupby(bays["segment"].map(at)).sum().to_dict()
    free = now["stands"][name]
    assert free["changed"] == []
    for segment, digits in zip(free["at"], free["now"], strict=True):
        assert len(digits) == now["runs"]
        assert max(int(digit, 36) for digit in digits) <= room.get(segment, 0)


def test_a_plan_without_changes_changes_nothing_anywhere(now):
    assert now["buildings"] == now["green"] == now["felt"] == []
    assert now["racks"] is None
    assert now["spaces"] is None
    assert all(not one["changed"] for one in (*now["stands"].values(), *now["passes"].values()))


def test_what_a_plan_takes_away_is_not_free_there(client, city, planned):
    from web.plans.link import read_plan

    found = around(client, read_plan(planned))
    before = sum(
        room
        for _, room in client.get(client.app.state.site.whole_place()["spots"]).json()["spaces"]
    )
    assert sum(room for _, room in found["spaces"]) == before - 20
    assert sum(row[0] for row in found["racks"]) == city.racks["capacity"].sum() + 40
    assert found["felt"]
    there = dict(found["spaces"])
    free = found["stands"]["free_shopping"]
    for place, digits in zip(free["changed"], free["then"], strict=True):
        assert max(int(digit, 36) for digit in digits) <= there.get(free["at"][place], 0)


def test_the_typical_week_of_the_whole_place_comes_at_once(client):
    weeks = client.get("/api/v1/typical").json()
    assert {"footfall_passages", "parking_occupied"} <= set(weeks)
    for week in weeks.values():
        assert len(week["mean"]) == len(week["units"])
        for low, mean, high in zip(week["low"], week["mean"], week["high"], strict=True):
            known = [one for one in zip(low, mean, high, strict=True) if None not in one]
            assert known
            assert all(a <= b <= c for a, b, c in known)
    assert max(max(row) for row in weeks["parking_occupied"]["high"]) <= 100


def test_shops_lie_in_units_that_the_typical_week_knows(client):
    shops = client.get(client.app.state.site.whole_place()["shops"]).json()
    weeks = client.get("/api/v1/typical").json()
    units = shops["units"]["parking"]
    assert set(weeks["parking_occupied"]["units"]) <= set(units["units"])
    assert all(-1 <= at < len(units["units"]) for at in units["of_segment"])
    assert any(at >= 0 for at in units["of_segment"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["/", "/street/Zuidkade", "/my-home", "/shops", "/try?plan={plan}"]
)
def test_beside_figures_stands_how_they_are_known(client, planned, language, path):
    text = unescape(client.get(f"/{language}{path.format(plan=planned)}").text)
    known = re.findall(r'<details class="know">.*?</details>', text, re.DOTALL)
    assert known
    for one in known:
        assert one.count("<dt>") == one.count("<dd>") == 4
        assert all(said.strip() for said in re.findall(r"<dd>(.*?)</dd>", one))


def test_every_indicator_has_an_explanation():
    for one in (*INDICATORS, *STREETS):
        assert subject(one.name) in KNOWLEDGE


def test_the_texts_of_a_page_have_no_jargon(client):
    for page in PAGES:
        text = client.get(f"/nl/{page}").text
        said = json.loads(re.search(r'id="texts">(.*?)</script>', text, re.DOTALL)[1])
        assert not re.search(r"\b(cel|ensemble|vrijgave|kalibratie)\b", " ".join(said.values()))
