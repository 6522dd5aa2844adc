"""A plan in a file: opened, or refused with every fault and nothing worse, however hostile it is."""

import json
import math
import re
from html import unescape

import pytest
from made import NOW, MadeFigures
from neighbourhood import neighbourhood
from starlette.testclient import TestClient

from scenarios.files import scenario_yaml
from twin.domains import load_domains
from twin.place import write_public
from web.app import create_app
from web.plans.link import read_plan

PLACE = "neighbourhood"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    directory = tmp_path_factory.mktemp("files")
    write_public(neighbourhood(), directory / "public")
    MadeFigures(directory, load_domains()).write(now=NOW, days=1)
    app = create_app(
        place_directory=directory, domains=load_domains(), now=lambda: NOW, poll_s=60, processes=1
    )
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        client.headers["origin"] = "http://testserver"
        yield client


@pytest.fixture(scope="module")
def middle(client):
    """Longitude and latitude well inside the place."""
    west, south, east, north = client.app.state.site.live.geography.place.bbox
    return (west + east) / 2, (south + north) / 2


def give(client, content, language="en", name="plan.yaml"):
    return client.post(f"/{language}/try/open", files={"file": (name, content)})


def faults(answer):
    assert answer.status_code == 422, answer.text[:500]
    part = unescape(answer.text).partition('id="file-faults"')[2].partition("</div>")[0]
    found = re.findall(r"<li>(.*?)</li>", part, re.DOTALL)
    assert found
    return found


def plan_with(area, **more):
    measure = {"kind": "remove_bays", "where": {"area": area}, **more}
    return json.dumps({"version": 1, "name": "plan", "measures": [measure]})


def polygon(ring):
    return {"type": "Polygon", "coordinates": [ring]}


def circle(middle, count, radius=0.0005):
    steps = [math.tau * n / count for n in range(count)]
    ring = [
        [round(middle[0] + radius * math.cos(a), 7), round(middle[1] + radius * math.sin(a), 7)]
        for a in steps
    ]
    return [*ring, ring[0]]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_saved_file_opens_as_the_same_plan(client, language):
    saved = client.get("/en/try/change?tool=remove_bays&where=Zuidkade&count=5").headers["location"]
    text = re.search(r"plan=([\w-]+)", saved)[1]
    file = client.get(f"/en/try/plan.yaml?plan={text}").content
    answer = give(client, file, language)
    assert answer.status_code == 303
    opened = re.search(r"plan=([\w-]+)", answer.headers["location"])[1]
    assert answer.headers["location"].startswith(f"/{language}/try?")
    assert scenario_yaml(read_plan(opened)) == scenario_yaml(read_plan(text))


def test_every_fault_is_listed_with_its_place(client):
    content = """
version: 1
name: Not A Name
measures:
  - {kind: remove_bays, where: {street: Zuidkade}, count: -3}
  - {kind: no_such_measure}
"""
    said = " ".join(faults(give(client, content)))
    assert "name:" in said
    assert "measures[0].count" in said
    assert "no_such_measure" in said


def test_dutch_people_hear_it_in_dutch(client):
    said = " ".join(faults(give(client, "name: plan\nmeasures: [{kind: x}]", "nl")))
    assert "er is geen maatregel “x”" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00\x01", "no text"),
        (b"just words", "fields"),
        (b"[" * 5_000, ""),
        (b"{" * 5_000, ""),
        (b"a: &a [x]\nb: *a", ""),
        (b"x" * 1_050_000, "larger than 1 MB"),
    ],
    ids=["empty", "bytes", "words", "brackets", "braces", "alias", "large"],
)
def test_what_is_no_plan_is_refused(client, content, said):
    assert said in " ".join(faults(give(client, content)))


@pytest.mark.parametrize(("language", "said"), [("nl", "hoogstens 1 MB"), ("en", "At most 1 MB")])
@pytest.mark.parametrize("size", [1_200_000, 10_000_000, 40_000_000])
def test_what_is_far_too_large_is_refused_before_it_is_read(client, language, said, size):
    answer = give(client, b"x" * size, language)
    assert answer.status_code == 413
    assert said in answer.text


def test_what_is_no_form_with_a_file_is_refused(client):
    for answer in (
        client.post("/en/try/open", content=b"file=x"),
        client.post("/en/try/open", data={"file": "no file"}),
        client.post(
            "/en/try/open",
            content=b"--x\r\nbroken",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        ),
        client.post("/en/try/open", content=b"x", headers={"Content-Type": "multipart/form-data"}),
    ):
        faults(answer)


def test_hostile_geometry_is_refused_with_a_reason(client, middle):
    lon, lat = middle
    bow_tie = [
        [lon, lat],
        [lon + 1e-3, lat + 1e-3],
        [lon + 1e-3, lat],
        [lon, lat + 1e-3],
        [lon, lat],
    ]
    for area, said in (
        (polygon(circle(middle, 5_001)), "at most 5,000"),
        (polygon(bow_tie), "is not one sound area"),
        (polygon([[math.nan, lat], [lon, lat], [lon, lat + 1], [math.nan, lat]]), ""),
        (polygon([[1e400, lat], [lon, lat], [lon, lat + 1], [1e400, lat]]), ""),
        (polygon([[lon, lat], [lon, lat]]), "at least 4"),
        ({"type": "Polygon", "coordinates": []}, ""),
        ({"type": "Point", "coordinates": [lon, lat]}, ""),
    ):
        found = faults(give(client, plan_with(area), name="plan.json"))
        assert said in " ".join(found)


def test_an_area_too_large_for_a_link_is_refused(client, middle):
    found = faults(give(client, plan_with(polygon(circle(middle, 4_900)))))
    assert "too large for a link" in " ".join(found)


def test_an_area_outside_the_place_is_said_on_the_page_of_the_plan(client):
    answer = give(client, plan_with(polygon(circle((0.0, 0.0), 8))))
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "outside the place" in page.text


def test_an_area_is_drawn_in_a_form(client, middle):
    lon, lat = middle
    west, _, east, _ = client.app.state.site.live.geography.place.bbox
    wide = 0.2 * (east - west)
    around = ((-wide, -wide / 2), (wide, -wide / 2), (0, wide / 2))
    corners = ";".join(f"{lon + x:.6f},{lat + y:.6f}" for x, y in around)
    answer = client.get(f"/en/try/change?tool=remove_bays&count=1&area={corners}")
    assert answer.status_code == 303, unescape(answer.text)[:3000]
    text = re.search(r"plan=([\w-]+)", answer.headers["location"])[1]
    (measure,) = read_plan(text).measures
    assert len(measure.where.area.coordinates[0]) == 4
    form = client.get(f"/en/try?plan={text}&edit=m1").text
    assert f'name="area" value="{corners}"' in form


@pytest.mark.parametrize(
    "corners",
    ["1,2", "1,2;3,4", "x", ";;;", "nan,nan;nan,nan;nan,nan", "0,0;0,1;1,1", "9e999,1;1,1;2,2"],
)
def test_an_area_that_is_none_comes_back_in_the_form(client, corners):
    answer = client.get(f"/en/try/change?tool=remove_bays&count=1&area={corners}")
    assert answer.status_code == 422
    assert 'id="faults"' in answer.text
