"""Studies of staff: plans side by side, worked out in the background, compared, and taken along."""

import io
import json
import re
import time

import geopandas as gpd
import pypdf
import pytest
from made import NOW, MadeFigures
from staffed import Staffed
from test_pages import Parts

from scenarios.backtest.kept import Backtests, RunCase, backtests_file
from scenarios.backtest.published import Observed
from scenarios.ensemble import Interval
from scenarios.files import read_scenario
from twin.domains import load_domains
from twin.place import write_public
from web.plans.link import plan_text
from web.staff.accounts import Role
from web.staff.audit import entries
from web.studies.studies import MOST_RUNS, MOST_VARIANTS

FEWER = """
name: fewer
title: Minder vakken
measures:
  - kind: remove_bays
    id: bays
    where: {segments: [s0]}
    count: 4
"""
RACKS = json.dumps(
    {
        "name": "racks",
        "title": {"nl": "Meer rekken", "en": "More racks"},
        "measures": [{"kind": "add_racks", "where": {"segments": ["s0"]}, "places": 20}],
    }
)
WAIT_S = 240


@pytest.fixture(scope="module")
def folder(city, tmp_path_factory):
    directory = tmp_path_factory.mktemp("studies")
    write_public(city, directory / "public")
    MadeFigures(directory, load_domains()).write(now=NOW, days=1)
    return directory


@pytest.fixture(scope="module")
def staffed(folder):
    with Staffed(folder).running() as staffed:
        yield staffed


@pytest.fixture(scope="module")
def analyst(staffed):
    return staffed.signed_in(Role.ANALYST)


@pytest.fixture(scope="module")
def viewer(staffed):
    return staffed.signed_in(Role.VIEWER)


def begin(client, title="The quay"):
    answer = client.post("/en/staff/studies", data={"title": title})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def bring(client, study, *texts):
    files = [("files", (f"plan{at}.yaml", text.encode())) for at, text in enumerate(texts)]
    return client.post(f"{study}/variants", files=files)


def set_up(client, study, **settings):
    asked = {"title": "The quay", "day": "weekday", "runs": "2", **settings}
    return client.post(f"{study}/set-up", data=asked)


def progress(client, study):
    queue = client.app.state.site.workbench.queue
    return queue.progress(study.rpartition("/")[2])


def run(client, study):
    assert client.post(study, data={"do": "run"}).status_code == 303
    return wait(client, study)


def wait(client, study, until="done"):
    deadline = time.monotonic() + WAIT_S
    while (state := progress(client, study).state).is_busy:
        assert time.monotonic() < deadline, "the study was not worked out in time"
        time.sleep(0.05)
    assert state == until
    return client.get(study).text


def variants_of(page):
    return re.findall(r'<li id="variant-(\w+)">', page)


def faults_of(answer):
    assert answer.status_code == 422
    return re.findall(
        r"<li>(.*?)</li>", answer.text[answer.text.index('id="faults"') :].split("</div>")[0]
    )


@pytest.fixture(scope="module")
def study(analyst):
    """A study of three variants in two futures, worked out."""
    study = begin(analyst)
    assert bring(analyst, study, FEWER, RACKS).status_code == 303
    first = variants_of(analyst.get(study).text)[0]
    data = {"do": "sweep", "over": "bays.count=2..4/2"}
    assert analyst.post(f"{study}/variants/{first}", data=data).status_code == 303
    assert set_up(analyst, study, futures=["today", "2035-fewer-cars"]).status_code == 303
    run(analyst, study)
    return study


class TestMaking:
    """What can be made and changed, and by whom."""

    def test_a_plan_that_was_tried_out_is_kept_by_who_may(self, staffed, analyst, viewer):
        plan = plan_text(read_scenario(FEWER))
        page = f"/en/try?plan={plan}"
        assert "Keep as a study" in analyst.get(page).text
        assert "Keep as a study" not in viewer.get(page).text
        assert "Keep as a study" not in staffed.visitor.get(page).text
        form = analyst.get(f"/en/staff/studies/keep?plan={plan}")
        assert 'value="Minder vakken"' in form.text
        data = {"title": "From the map", "plan": plan}
        kept = analyst.post("/en/staff/studies/keep", data=data)
        found = analyst.get(kept.headers["location"]).text
        assert "From the map" in found
        assert "4 parking spaces in Straat 0" in found

    def test_who_may_only_look_changes_nothing(self, viewer, study):
        shown = viewer.get(study)
        assert shown.status_code == 200
        assert "<textarea" not in shown.text
        for path, data in (("", {"do": "delete"}), ("/set-up", {"title": "x"}), ("/variants", {})):
            assert viewer.post(f"{study}{path}", data=data).status_code == 403
        assert viewer.post("/en/staff/studies", data={"title": "x"}).status_code == 403

    def test_every_fault_of_every_file_is_listed_with_its_place(self, analyst):
        study = begin(analyst)
        unsound = FEWER.replace("count: 4", "count: -1") + "colour: red\n"
        elsewhere = FEWER.replace("s0", "nowhere")
        answer = bring(analyst, study, FEWER, unsound, elsewhere, "a: [")
        faults = faults_of(answer)
        assert any(one.startswith("plan1.yaml, measures[0].count:") for one in faults)
        assert any(one.startswith("plan1.yaml, colour:") for one in faults)
        assert any(one.startswith("plan2.yaml, measures[0].where") for one in faults)
        assert any(one.startswith("plan3.yaml") for one in faults)
        assert variants_of(analyst.get(study).text) == []

    @pytest.mark.parametrize("runs", ["0", str(MOST_RUNS + 1), "many", "1e9", ""])
    def test_numbers_that_cannot_be_change_nothing(self, analyst, study, runs):
        before = analyst.get(study).text
        answer = set_up(analyst, study, runs=runs, title="Other")
        assert answer.status_code == 422
        assert analyst.get(study).text == before

    def test_too_many_variants_are_refused(self, analyst):
        study = begin(analyst)
        bring(analyst, study, FEWER)
        first = variants_of(analyst.get(study).text)[0]
        for over in (
            f"bays.count=0..{MOST_VARIANTS + 1}",
            "bays.count=0..4000/0.1",
            "bays.x=1..2",
            "x",
        ):
            answer = analyst.post(f"{study}/variants/{first}", data={"do": "sweep", "over": over})
            assert faults_of(answer), over
        assert len(variants_of(analyst.get(study).text)) == 1

    def test_a_study_is_renamed_duplicated_archived_and_deleted(self, staffed, analyst):
        study = begin(analyst, "Once")
        bring(analyst, study, FEWER)
        set_up(analyst, study, title="Twice")
        copy = analyst.post(study, data={"do": "duplicate", "title": "Thrice"}).headers["location"]
        assert len(variants_of(analyst.get(copy).text)) == 1
        first = variants_of(analyst.get(copy).text)[0]
        change = f"{copy}/variants/{first}"
        assert analyst.post(change, data={"do": "rename", "title": "Anders"}).status_code == 303
        assert analyst.post(change, data={"do": "duplicate"}).status_code == 303
        assert analyst.post(change, data={"do": "remove"}).status_code == 303
        assert len(variants_of(analyst.get(copy).text)) == 1
        analyst.post(study, data={"do": "archive"})
        assert "Twice" not in analyst.get("/en/staff/studies").text
        assert "Twice" in analyst.get("/en/staff/studies?archived=true").text
        analyst.post(study, data={"do": "delete"})
        assert analyst.get(study).status_code == 404
        assert analyst.post(study, data={"do": "run"}).status_code == 404
        with staffed.staff.database.reading() as session:
            found = [entry.action for entry in entries(session, most=12)]
        assert found[:4] == ["study-deleted", "study-archived", "variant-removed", "variants-added"]
        assert {"variant-renamed", "study-duplicated", "study-set-up", "study-added"} <= set(found)

    def test_a_study_without_variants_cannot_be_worked_out(self, analyst):
        answer = analyst.post(begin(analyst), data={"do": "run"})
        assert faults_of(answer) == ["There are no variants yet."]

    @pytest.mark.parametrize(
        "text",
        [
            "\x00",
            "\ud800".encode("utf-8", "surrogatepass"),
            "x" * 5000,
            "<b>&amp;",
            "{",
            "[" * 9000,
        ],
    )
    def test_hostile_words_are_refused_or_stay_text(self, analyst, text):
        study = begin(analyst)
        bring(analyst, study, FEWER)
        variant = f"{study}/variants/{variants_of(analyst.get(study).text)[0]}"
        for path, data in (
            ("/en/staff/studies", {"title": text}),
            ("/en/staff/studies/keep", {"title": text, "plan": text, "study": text}),
            (f"{study}/set-up", {"title": text, "day": text, "runs": text, "futures": text}),
            (f"{study}/variants", {"text": text, "ready": text}),
            (variant, {"do": "sweep", "over": text}),
            (variant, {"do": "rename", "title": text}),
            (study, {"do": "duplicate", "title": text}),
            (study, {"do": text}),
            ("/en/staff/calibration", {"do": text}),
        ):
            answer = analyst.post(path, data=data)
            assert answer.status_code in {303, 404, 422}, path
        files = [("files", ("\x00<b>.yaml", text if isinstance(text, bytes) else text.encode()))]
        assert analyst.post(f"{study}/variants", files=files).status_code == 422
        assert analyst.get(f"{study}?future=%00&figure=%F0").status_code == 200
        assert analyst.post(f"{study}/variants", data={"text": "x" * 10_000_000}).status_code == 413
        assert "<b>&amp;" not in analyst.get("/en/staff/studies").text.replace(
            "&lt;b&gt;&amp;amp;", ""
        )

    def test_an_unknown_study_is_not_there(self, analyst):
        for path in ("", "/events", "/files/comparison.csv", "/variants/x/report.pdf"):
            assert analyst.get(f"/en/staff/studies/nothing{path}").status_code == 404


class TestResults:
    """What is shown of a study that was worked out."""

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_variants_stand_side_by_side(self, analyst, study, language):
        html = analyst.get(study.replace("/en/", f"/{language}/")).text
        Parts(html)
        table = html[html.index('<table class="compared">') :]
        for title in ("1. Minder vakken", "2. More racks", "3. Minder vakken: 2"):
            assert title in table
        assert {"nl": "waarschijnlijk", "en": "probably"}[language] in table
        assert {"nl": "verandert niet", "en": "does not change"}[language] in table
        assert html.count('<svg class="sheet"') >= 4

    def test_what_is_looked_at_is_chosen_in_the_address(self, analyst, study):
        html = analyst.get(f"{study}?figure=loose&hourly=walked&x=car_km&y=loose_bikes").text
        assert 'aria-label="Map: Loose bikes at 15:00, change by street: Minder vakken"' in html
        assert "Kilometres walked in an hour, whole place" in html
        assert "change of: Car traffic in the neighbourhood" in html
        assert html.count('<circle class="dot"') == 4 + 2
        assert analyst.get(f"{study}?figure=<x>&hourly=&x=1&y=nothing").status_code == 200

    def test_what_holds_in_all_futures_is_marked(self, analyst, study):
        html = analyst.get(study).text
        assert "What holds in all futures" in html
        assert html[html.index('id="held"') :].count("● ") > 1
        other = analyst.get(f"{study}?future=2035-fewer-cars").text
        assert re.search(r'aria-current="true">2035-fewer-cars<', other)

    def test_the_pdf_of_a_variant_is_read_back(self, analyst, study):
        first = variants_of(analyst.get(study).text)[0]
        for name, language, said in (
            ("one-page.pdf", "nl", "Drie vragen die een raadslid zou moeten stellen"),
            ("report.pdf", "en", "Three questions that a council member should ask"),
        ):
            path = f"{study.replace('/en/', f'/{language}/')}/variants/{first}/{name}"
            answer = analyst.get(f"{path}?future=2035-fewer-cars")
            assert answer.headers["content-type"] == "application/pdf"
            assert "fewer-2035-fewer-cars" in answer.headers["content-disposition"]
            pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
            text = " ".join(" ".join(page.extract_text() for page in pages).split())
            assert said in text
            assert "Minder vakken" in text
            assert "2035-fewer-cars" in text or name == "one-page.pdf"

    def test_everything_can_be_taken_along(self, analyst, study, tmp_path):
        first = variants_of(analyst.get(study).text)[0]
        of = f"{study}/variants/{first}"
        assert read_scenario(analyst.get(f"{of}/plan.yaml").text).name == "fewer"
        assert "<h1>Minder vakken</h1>" in analyst.get(f"{of}/report.html").text
        assert analyst.get(f"{of}/indicators.csv").text.startswith("indicator,unit,")
        parquet = gpd.read_parquet(io.BytesIO(analyst.get(f"{of}/streets.parquet").content))
        (tmp_path / "streets.gpkg").write_bytes(analyst.get(f"{of}/streets.gpkg").content)
        assert len(gpd.read_file(tmp_path / "streets.gpkg")) == len(parquet) == 12
        rows = analyst.get(f"{study}/files/comparison.csv").text.splitlines()
        assert len({row.split(",")[0] for row in rows[1:]}) == 4
        assert "<h2" in analyst.get(f"{study}/files/comparison.html").text
        assert analyst.get(f"{study}/files/sweep.csv").text.startswith("bays.count,indicator")
        assert "bays.count" in analyst.get(f"{study}/files/sweep.html").text
        assert analyst.get(f"{of}/passwords.txt").status_code == 404

    def test_results_of_another_place_say_so(self, analyst, study, folder, staffed):
        record = next((folder / "staff" / "studies").rglob("*.json"))
        kept = record.read_text()
        record.write_text(kept.replace('"city_sha256": "', '"city_sha256": "0'))
        staffed.app.state.site.workbench.kept._answers.clear()
        assert "has changed since this was worked out" in analyst.get(study).text
        record.write_text(kept)
        staffed.app.state.site.workbench.kept._answers.clear()
        assert "has changed since this was worked out" not in analyst.get(study).text

    def test_results_that_are_gone_are_worked_out_again(self, analyst, study, folder):
        file = next((folder / "staff" / "studies").rglob("*-own.npz"), None) or next(
            (folder / "staff" / "studies").rglob("*-today.npz")
        )
        content = file.read_bytes()
        file.unlink()
        assert "The results cannot be shown" in analyst.get(study).text
        assert analyst.get(f"{study}/files/comparison.csv").status_code == 404
        file.write_bytes(content)
        assert "The results cannot be shown" not in analyst.get(study).text


class TestQueue:
    """Studies in the queue: cancelled, failed, and after a restart."""

    def test_a_study_is_stopped_and_worked_out_later(self, analyst):
        study = begin(analyst)
        bring(analyst, study, FEWER)
        set_up(analyst, study, runs="200")
        analyst.post(study, data={"do": "run"})
        assert 'id="progress"' in analyst.get(study).text
        assert faults_of(set_up(analyst, study, runs="3")) == [
            "The study is being worked out. Stop that first."
        ]
        assert analyst.post(study, data={"do": "cancel"}).status_code == 303
        assert progress(analyst, study).state == "cancelled"
        assert "stopped" in analyst.get(study).text
        set_up(analyst, study, runs="1")
        assert "Results" in run(analyst, study)

    def test_the_events_of_a_study_end_with_it(self, analyst, study):
        answer = analyst.get(f"{study}/events")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.text == (
            'event: progress\ndata: {"state":"done","done":0,"of":0,"ahead":0}\n\n'
        )

    def test_a_restart_loses_nothing(self, city, tmp_path):
        write_public(city, tmp_path / "public")
        MadeFigures(tmp_path, load_domains()).write(now=NOW, days=1)
        with Staffed(tmp_path).running() as first:
            name = first.account(Role.ANALYST)
            client = first.signed_in(Role.ANALYST, name)
            study = begin(client)
            bring(client, study, FEWER, RACKS)
            set_up(client, study, runs="12")
            client.post(study, data={"do": "run"})
            deadline = time.monotonic() + WAIT_S
            while progress(client, study).done < 4:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        days = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("days/**/*.npz")}
        assert len(days) >= 4
        with Staffed(tmp_path).running() as second:
            client = second.signed_in(Role.ANALYST, name)
            assert "1. Minder vakken" in wait(client, study)
        assert all(path.stat().st_mtime_ns == moment for path, moment in days.items())

    def test_a_plan_that_fits_no_more_fails_with_its_reason(self, city, tmp_path):
        write_public(city, tmp_path / "public")
        MadeFigures(tmp_path, load_domains()).write(now=NOW, days=1)
        with Staffed(tmp_path).running() as site:
            client = site.signed_in(Role.ANALYST)
            study = begin(client)
            bring(client, study, FEWER)
            with site.staff.database.writing() as session:
                session.connection().exec_driver_sql(
                    "UPDATE variant SET plan = replace(plan, 's0', 'nowhere')"
                )
            client.post(study, data={"do": "run"})
            page = wait(client, study, until="failed")
            assert page.count("nowhere") >= 2
            assert "This plan cannot be carried out here:" in page


class TestCalibration:
    """What is known of the model's errors."""

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_without_any_it_says_so(self, viewer, language):
        html = viewer.get(f"/{language}/staff/calibration").text
        Parts(html)
        assert "wijktwin backtest" in html
        assert "<button" not in html[html.index("<article") :]

    def test_backtests_are_shown_as_they_were_run(self, viewer, folder):
        rows = (
            Observed("car traffic", -3.0, -2.0, Interval(-4.0, -2.5, -1.0)),
            Observed("hours", -9.0, -9.0, Interval(-4.0, -2.5, -1.0)),
        )
        case = RunCase("A case", "a paper", "set up so", rows)
        Backtests(NOW.date(), (case,)).write(backtests_file(folder))
        html = viewer.get("/en/staff/calibration").text
        assert html.count("✓ hit") == html.count("✗ missed") == 1
        assert "12 May 2026" in html
        backtests_file(folder).write_text("{")
        assert "No backtests have been run" in viewer.get("/en/staff/calibration").text

    def test_too_few_days_cannot_be_fitted(self, analyst, viewer):
        assert viewer.post("/en/staff/calibration", data={"do": "start"}).status_code == 403
        assert analyst.post("/en/staff/calibration", data={"do": "start"}).status_code == 303
        deadline = time.monotonic() + WAIT_S
        while "being fitted" in (html := analyst.get("/en/staff/calibration").text):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert "It could not be fitted." in html
