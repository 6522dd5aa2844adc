"""The page on which plans are tried out, and what it hears while they are worked out."""

import json
import re
from html import unescape

import pytest
from made import NOW, MadeFigures
from neighbourhood import neighbourhood
from starlette.testclient import TestClient
from test_pages import Parts

from scenarios.files import read_scenario
from scenarios.scenario import Scenario
from twin.domains import load_domains
from twin.place import write_public
from web.app import create_app
from web.plans.link import plan_text, read_plan

LANGUAGES = ("nl", "en")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    directory = tmp_path_factory.mktemp("plans")
    write_public(neighbourhood(), directory / "public")
    MadeFigures(directory, load_domains()).write(now=NOW, days=2)
    app = create_app(
        place_directory=directory,
        domains=load_domains(),
        now=lambda: NOW,
        poll_s=60,
        processes=1,
    )
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def plan_of(answer):
    """The plan in the address that an answer sends to."""
    assert answer.status_code == 303, answer.text[:2000]
    return re.search(r"plan=([\w-]+)", answer.headers["location"])[1]


@pytest.fixture
def plan(client):
    return plan_of(client.get("/en/try/change?tool=remove_bays&where=Zuidkade&count=5"))


def test_without_a_language_the_browser_decides(client):
    answer = client.get("/try", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["location"]) == (307, "/en/try")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["", "?tool=remove_bays", "?tool=event", "?tool=new_housing"])
def test_pages_are_whole(client, language, query):
    answer = client.get(f"/{language}/try{query}")
    assert answer.status_code == 200
    Parts(answer.text)


def test_a_form_leads_to_the_page_of_the_plan(client, plan):
    (measure,) = read_plan(plan).measures
    assert (measure.kind, measure.count, measure.where.street) == ("remove_bays", 5, "Zuidkade")
    for language, said in (("nl", "5 parkeerplekken weg in Zuidkade"), ("en", "Take away 5")):
        page = client.get(f"/{language}/try?plan={plan}")
        assert said in unescape(page.text)
        Parts(page.text)


def test_a_second_change_comes_after_the_first(client, plan):
    both = plan_of(client.get(f"/nl/try/change?plan={plan}&tool=removal_round&every_d=7&label_d=7"))
    assert [measure.kind for measure in read_plan(both).measures] == [
        "remove_bays",
        "removal_round",
    ]


def test_a_change_is_changed_in_place(client, plan):
    form = client.get(f"/en/try?plan={plan}&edit=m1").text
    assert 'name="edit" value="m1"' in form
    assert 'value="Zuidkade"' in form
    query = f"plan={plan}&tool=remove_bays&edit=m1&where=Zuidkade&count=2"
    (measure,) = read_plan(plan_of(client.get(f"/en/try/change?{query}"))).measures
    assert measure.count == 2


def test_a_change_can_be_taken_out_by_a_link(client, plan):
    page = unescape(client.get(f"/en/try?plan={plan}").text)
    href = re.search(r'href="([^"]+)" data-key="remove-m1"', page)[1]
    assert "Nothing yet" in client.get(href).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("where=Zuidkade&count=400", "there are 20 parking spaces here, not 400"),
        ("where=Nergens&count=1", "Nothing here is called “Nergens”"),
        ("where=Zuidkade&count=many", "give a number from 1 to 500"),
        ("count=1", "choose where"),
        ("spot=999,999&count=1", ""),
        ("segment=unknown&part=1&count=1", "no segment 'unknown'"),
    ],
)
def test_a_form_with_faults_comes_back_with_its_answers(client, query, said):
    answer = client.get(f"/en/try/change?tool=remove_bays&{query}")
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert 'id="faults"' in page
    assert said in page
    assert "measures[" not in page
    for value in re.findall(r"where=(\w+)", query):
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    ("query", "said", "unsaid"),
    [
        ("where=Zuidkade&count=400", "er zijn hier 20 parkeerplekken, geen 400", "parking spaces"),
        ("spot=4.9,52&count=1", "deze plek ligt buiten de wijk", "lies outside"),
        ("spot=999,52&count=1", "“at” mag hoogstens 180 zijn", "should be"),
        ("segment=unknown&part=1&count=1", "geen straatdeel “unknown”", "no segment"),
    ],
)
def test_a_dutch_form_says_its_faults_in_dutch(client, query, said, unsaid):
    page = unescape(client.get(f"/nl/try/change?tool=remove_bays&{query}").text)
    faults = page.partition('id="faults"')[2].partition("</ul>")[0]
    assert said in faults
    assert unsaid not in faults


def test_a_dutch_page_says_what_is_wrong_with_a_plan_in_dutch(client, plan):
    wrong = read_plan(plan)
    (measure,) = wrong.measures
    many = measure.model_copy(update={"count": 400})
    text = plan_text(wrong.model_copy(update={"measures": (many,)}))
    page = unescape(client.get(f"/nl/try?plan={text}").text)
    assert "er zijn hier 20 parkeerplekken, geen 400" in page
    assert "parking spaces here" not in page


def test_an_unknown_tool_changes_nothing(client, plan):
    assert plan_of(client.get(f"/en/try/change?plan={plan}&tool=teleport")) == plan


@pytest.mark.parametrize("text", ["x", "AAAA", "a" * 19_000, "%F0%9F%9A%B2"])
@pytest.mark.parametrize("path", ["/en/try", "/en/try/change", "/en/try/plan.yaml"])
def test_an_unknown_link_is_answered_with_a_clear_page(client, path, text):
    answer = client.get(f"{path}?plan={text}")
    assert answer.status_code == 422
    assert "This plan cannot be read" in answer.text
    assert "it is cut off" in answer.text


def test_a_dutch_page_says_what_is_wrong_with_a_link_in_dutch(client):
    answer = client.get("/nl/try?plan=AAAA")
    assert answer.status_code == 422
    assert "de link is afgebroken" in answer.text
    assert "holds no plan" not in answer.text
    assert "it is cut off" in client.get("/en/try?plan=AAAA").text


def test_an_endless_link_is_refused(client):
    assert client.get(f"/en/try?plan={'a' * 30_000}").status_code == 422


def test_a_plan_of_another_place_says_what_is_wrong(client):
    text = plan_text(Scenario(name="plan", place="elsewhere"))
    page = client.get(f"/en/try?plan={text}")
    assert page.status_code == 200
    assert "it was made for" in page.text


def test_the_budget_says_what_is_left(client, plan):
    assert "is left" in client.get(f"/en/try?plan={plan}&budget=1000000").text
    assert "over the budget" in client.get(f"/en/try?plan={plan}&budget=1").text
    assert client.get(f"/en/try?plan={plan}&budget=-1").status_code == 422


def test_another_day_is_another_plan(client, plan):
    page = unescape(client.get(f"/en/try?plan={plan}").text)
    href = re.search(r'href="([^"]+)" data-key="day-saturday"', page)[1]
    assert read_plan(re.search(r"plan=([\w-]+)", href)[1]).day == "saturday"


def test_the_file_is_the_plan(client, plan):
    answer = client.get(f"/nl/try/plan.yaml?plan={plan}")
    assert answer.headers["content-disposition"].endswith('.yaml"')
    assert read_scenario(answer.text) == read_plan(plan)


def test_a_plan_sets_no_cookie_and_is_kept_nowhere(client, plan):
    answer = client.get(f"/nl/try?plan={plan}")
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_streets_of_an_unknown_figure_are_not_found(client, plan):
    answer = client.get(f"/api/v1/effects/streets?plan={plan}&figure=noise")
    assert answer.status_code == 404
    assert "parked_night" in answer.json()["error"]


@pytest.mark.slow
def test_effects_come_in_and_the_page_tells_them(client, plan):
    with client.stream("GET", f"/api/v1/effects/events?plan={plan}") as events:
        said = [json.loads(line[6:]) for line in events.iter_lines() if line.startswith("data: ")]
    assert [one["done"] for one in said] == sorted(one["done"] for one in said)
    assert said[-1] == {"state": "done", "done": 20, "of": 20, "ahead": 0}

    for language, wanted in (
        ("nl", "Alle effecten in een tabel"),
        ("en", "All effects in a table"),
    ):
        page = client.get(f"/{language}/try?plan={plan}&figure=parked_evening").text
        assert wanted in page
        assert 'data-done="20"' in page
        Parts(page)
    streets = client.get(f"/api/v1/effects/streets?plan={plan}&figure=parked_night&runs=20").json()
    assert streets["runs"] == 20
    assert len(streets["now"]) == 12
    assert (
        len(streets["at"]) == len(streets["change"]) == len(streets["low"]) == len(streets["high"])
    )


@pytest.mark.slow
def test_without_script_a_page_can_wait_for_a_first_impression(client):
    plan = plan_of(client.get("/en/try/change?tool=remove_bays&where=Straat+6&count=3"))
    page = client.get(f"/en/try?plan={plan}&wait=1").text
    assert "A first estimate, from" in page or "From 20 days" in page
