"""Plans that are put to residents: publishing, answering once, and what is deleted when."""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from made import NOW, MadeFigures
from neighbourhood import neighbourhood
from staffed import Staffed
from test_home import FORBIDDEN, _text
from test_pages import Parts

from scenarios.files import scenario_yaml
from scenarios.scenario import Scenario
from twin.domains import load_domains
from twin.place import write_public
from web.app import tend
from web.plans.link import plan_text, read_plan
from web.proposals.measured import PAIRS, beside
from web.proposals.store import LONGEST_TEXT, PER_ADDRESS
from web.staff.accounts import Role

LANGUAGES = ("nl", "en")
SECRET = "Mijn buurvrouw op nummer 12 vindt het niks"
TOKEN = "a" * 22


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("proposals")
    write_public(neighbourhood(), directory / "public")
    MadeFigures(directory, load_domains()).write(now=NOW, days=29)
    return directory


@pytest.fixture(scope="module")
def staffed(directory):
    with Staffed(directory).running() as staffed:
        yield staffed


@pytest.fixture
def site(staffed):
    """The site at noon on a Tuesday; addresses that answered are forgotten."""
    staffed.now = NOW
    with staffed.staff.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM tried")
    return staffed


@pytest.fixture
def analyst(site):
    return site.signed_in(Role.ANALYST)


@pytest.fixture(scope="module")
def plan(staffed):
    made = staffed.visitor.get("/en/try/change?tool=remove_bays&where=Zuidkade&count=5")
    return re.search(r"plan=([\w-]+)", made.headers["location"])[1]


@pytest.fixture
def form(plan):
    today = NOW.date()
    return {
        "plan": f"https://wijk.example/nl/try?plan={plan}&figure=driven",
        "title_nl": "Bankjes op de Zuidkade",
        "title_en": "Benches on the Zuidkade",
        "text_nl": "Wij willen plek maken.\n\nWat vindt u?",
        "text_en": "We want to make room.\n\nWhat do you think?",
        "owner": "Openbare ruimte",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=14)).isoformat(),
        "decision_on": (today + timedelta(days=40)).isoformat(),
        "question_nl": "Moet dit doorgaan?",
        "question_en": "Should this go ahead?",
        "choice1_nl": "Ja",
        "choice1_en": "Yes",
        "choice2_nl": "Nee",
        "choice2_en": "No",
        "department1": "Mobiliteit",
        "stance1": "agreed",
        "department2": "Economie",
        "stance2": "objects",
    }


@pytest.fixture
def published(analyst, form):
    answer = analyst.post("/en/staff/plans/new", data=form)
    assert answer.status_code == 303, _text(answer.text)
    return answer.headers["location"].rpartition("/")[2]


def answer(site, published, token=TOKEN, choice="0", text="", language="en"):
    data = {"choice": choice, "text": text, "token": token}
    return site.browser().post(f"/{language}/try/plans/{published}", data=data)


def tokens(many):
    return [f"{number:022d}" for number in range(many)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_resident_finds_a_published_plan_and_reads_it_in_plain_words(site, published, language):
    listed = site.visitor.get(f"/{language}/try").text
    assert f"/{language}/try/plans/{published}" in listed
    answered = site.visitor.get(f"/{language}/try/plans/{published}")
    assert answered.status_code == 200
    assert "set-cookie" not in answered.headers
    Parts(answered.text)
    text = " ".join(_text(answered.text).split())
    for said in {
        "nl": ("Bankjes op de Zuidkade", "26 mei 2026", "Economie: werkte mee en is het er niet mee eens", "5 parkeerplekken weg in Zuidkade", "geen stemming"),
        "en": ("Benches on the Zuidkade", "26 May 2026", "Mobiliteit: contributed and agrees", "Take away 5", "no vote"),
    }[language]:  # fmt: skip
        assert said in text
    assert not re.search(FORBIDDEN[language], text, re.IGNORECASE)


def test_a_file_is_published_as_well_as_a_link(site, analyst, form, plan):
    text = scenario_yaml(read_plan(plan))
    sent = {name: value for name, value in form.items() if name != "plan"}
    made = analyst.post("/en/staff/plans/new", data=sent, files={"file": ("plan.yaml", text)})
    assert made.status_code == 303
    kept = site.app.state.site.proposals.one(made.headers["location"].rpartition("/")[2])
    assert kept.proposal.plan == plan


def test_a_viewer_reads_what_was_answered_and_cannot_publish(site, published, form):
    viewer = site.signed_in(Role.VIEWER)
    assert viewer.get("/nl/staff/plans").status_code == 200
    assert viewer.get(f"/nl/staff/plans/{published}").status_code == 200
    for path in ("new", f"{published}/edit"):
        assert viewer.get(f"/nl/staff/plans/{path}").status_code == 403
        assert viewer.post(f"/nl/staff/plans/{path}", data=form).status_code == 403
    change = viewer.post(f"/nl/staff/plans/{published}/state", data={"state": "withdrawn"})
    assert change.status_code == 403
    assert site.visitor.post("/nl/staff/plans/new", data=form).status_code == 401


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_faults_of_a_form_are_told_at_once_and_nothing_is_lost(site, analyst, form, language):
    before = len(site.app.state.site.proposals.all("published"))
    wrong = form | {
        "plan": "AAAA",
        "title_en": "",
        "text_nl": "x" * 5001,
        "ends_on": "2026-05-01",
        "decision_on": "tomorrow",
        "choice2_nl": " ",
        "stance1": "king",
        "decision": "maybe",
        "carried_out_on": "0001-01-01",
    }
    answered = analyst.post(f"/{language}/staff/plans/new", data=wrong)
    assert answered.status_code == 422
    faults = answered.text.partition('id="faults"')[2].partition("</ul>")[0]
    assert faults.count("<li>") == 9
    assert "Bankjes op de Zuidkade" in answered.text
    assert len(site.app.state.site.proposals.all("published")) == before


@pytest.mark.parametrize(
    "given",
    [
        {"plan": ""},
        {"plan": "a" * 30_000},
        {"plan": "{" * 5_000},
        {"plan": "&a [*a]: x"},
        {"plan": plan_text(Scenario(name="plan"))},
        {"plan": plan_text(Scenario(name="plan", place="elsewhere"))},
        {"plan": "name: plan\nmeasures:\n - {kind: remove_bays, where: {street: Nergens}}"},
        {"starts_on": "9999-99-99"},
        {"ends_on": "2027-05-01"},
        {"carried_out_on": "2026-05-01"},
        {"question_nl": "\x00\x07"},
    ],
)
def test_hostile_and_mistaken_forms_are_refused_with_a_reason(analyst, form, given):
    answered = analyst.post("/en/staff/plans/new", data=form | given)
    assert answered.status_code == 422
    assert 'id="faults"' in answered.text


def test_markup_in_a_text_is_shown_as_it_was_typed(site, analyst, form):
    form |= {"title_en": "<script>alert(1)</script>", "text_en": "{{7*7}} <b>x</b>"}
    made = analyst.post("/en/staff/plans/new", data=form)
    name = made.headers["location"].rpartition("/")[2]
    for page in (f"/en/try/plans/{name}", "/en/try"):
        html = site.visitor.get(page).text
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html
    assert "{{7*7}}" in site.visitor.get(f"/en/try/plans/{name}").text


def test_a_browser_answers_once(site, published):
    first = answer(site, published, choice="1")
    assert first.status_code == 303
    assert "set-cookie" not in first.headers
    again = answer(site, published, choice="0")
    assert again.status_code == 409
    assert "answered already" in again.text
    assert site.app.state.site.proposals.answered(published).counts == (0, 1)
    page = site.visitor.get(first.headers["location"].partition("#")[0]).text
    assert "your answer is kept" in page


def test_totals_are_shown_and_texts_only_to_staff(site, analyst, published):
    for number, token in enumerate(tokens(3)):
        assert answer(site, published, token, str(number % 2), SECRET).status_code == 303
    public = " ".join(_text(site.visitor.get(f"/en/try/plans/{published}").text).split())
    assert "Yes 2 No 1" in public
    assert SECRET not in public
    assert SECRET in analyst.get(f"/en/staff/plans/{published}").text


@pytest.mark.parametrize(
    "given",
    [
        {"choice": "2"},
        {"choice": "-1"},
        {"choice": "²"},
        {"choice": "9" * 10},
        {"choice": ""},
        {"token": ""},
        {"token": "short"},
        {"token": "<script>" * 4},
        {"text": "x" * (LONGEST_TEXT + 1)},
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_answer_is_refused_with_a_reason(site, published, given, language):
    refused = answer(site, published, language=language, **given)
    assert refused.status_code == 422
    assert 'id="faults"' in refused.text
    assert site.app.state.site.proposals.answered(published).total == 0


def test_a_body_that_is_far_too_long_is_refused(site, published):
    assert answer(site, published, text="x" * 30_000).status_code == 422
    assert answer(site, published, text="x" * 2_000_000).status_code == 413


def test_one_address_answers_so_often_a_day(site, published):
    for token in tokens(PER_ADDRESS.most):
        assert answer(site, published, token).status_code == 303
    refused = answer(site, published, "b" * 22)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == 86400
    site.later(days=1, seconds=1)
    assert answer(site, published, "b" * 22).status_code == 303


@pytest.mark.parametrize("days", [-1, 15, 100])
def test_outside_its_period_a_plan_is_not_answered(site, published, days):
    site.later(days=days)
    refused = answer(site, published)
    assert refused.status_code == 422
    assert "cannot be answered now" in refused.text
    assert "<form" not in site.visitor.get(f"/en/try/plans/{published}").text


@pytest.mark.parametrize("name", ["nothing", "0" * 200, "..%2f..", "%00", "'--"])
def test_an_unknown_plan_is_not_found(site, analyst, name):
    assert site.visitor.get(f"/nl/try/plans/{name}").status_code == 404
    assert answer(site, name).status_code == 404
    assert analyst.get(f"/nl/staff/plans/{name}").status_code == 404


def test_texts_are_gone_from_the_disk_after_the_period_and_totals_stay(site, published, directory):
    def on_disk():
        kept = b"".join(path.read_bytes() for path in (directory / "staff").iterdir())
        return SECRET.encode() in kept

    for number, token in enumerate(tokens(8)):
        answer(site, published, token, str(number % 2), SECRET)
    site.later(days=14)
    tend(site.app.state.site)
    assert on_disk(), "the text is there as long as the period lasts"
    site.later(days=1)
    tend(site.app.state.site)
    assert not on_disk()
    found = site.app.state.site.proposals.answered(published)
    assert (found.total, found.texts) == (8, ())


def test_nobody_can_tell_from_the_database_who_answered(site, published, directory):
    token = "e" * 22
    answer(site, published, token)
    kept = b"".join(path.read_bytes() for path in (directory / "staff").iterdir())
    for hidden in (token, "testclient"):
        assert hidden.encode() not in kept


def test_a_plan_with_answers_keeps_its_question_and_its_log(site, analyst, form, published):
    edit = f"/en/staff/plans/{published}/edit"
    assert "Bankjes op de Zuidkade" in analyst.get(edit).text
    assert analyst.post(edit, data=form | {"question_en": "Really?"}).status_code == 303
    answer(site, published)
    refused = analyst.post(edit, data=form)
    assert refused.status_code == 422
    assert "There are answers already" in refused.text
    now = form | {"question_en": "Really?", "title_en": "Seats on the Zuidkade"}
    assert analyst.post(edit, data=now).status_code == 303
    assert "Seats on the Zuidkade" in site.visitor.get(f"/en/try/plans/{published}").text
    log = unescape(site.signed_in(Role.ADMIN).get("/en/staff/audit").text)
    assert "plan-edited" in log
    assert "Benches on the Zuidkade" in log


def test_what_is_withdrawn_is_gone_and_what_is_archived_is_off_the_list(site, analyst, published):
    def states(state):
        analyst.post(f"/en/staff/plans/{published}/state", data={"state": state})
        listed = f"/en/try/plans/{published}" in site.visitor.get("/en/try").text
        return site.visitor.get(f"/en/try/plans/{published}").status_code, listed

    assert states("withdrawn") == (404, False)
    assert answer(site, published).status_code == 404
    assert states("archived") == (200, False)
    assert answer(site, published).status_code == 422
    assert states("published") == (200, True)
    wrong = analyst.post(f"/en/staff/plans/{published}/state", data={"state": "burnt"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ("yes", "the plan goes ahead"),
        ("changed", "goes ahead, changed"),
        ("no", "does not go ahead"),
    ],
)
def test_the_decision_and_its_reasons_stay_on_the_page(
    site, analyst, form, published, decision, said
):
    form |= {"decision": decision, "reasons_nl": "Omdat.", "reasons_en": "Because of the trees."}
    assert analyst.post(f"/en/staff/plans/{published}/edit", data=form).status_code == 303
    text = " ".join(_text(site.visitor.get(f"/en/try/plans/{published}").text).split())
    assert said in text
    assert "Because of the trees." in text
    assert answer(site, published).status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_once_carried_out_what_was_measured_stands_beside_it(
    site, analyst, form, published, language
):
    form |= {"decision": "yes", "carried_out_on": "2026-04-27"}
    analyst.post(f"/en/staff/plans/{published}/edit", data=form)
    page = site.visitor.get(f"/{language}/try/plans/{published}").text
    Parts(page)
    text = " ".join(_text(page).split())
    wanted = {
        "nl": ("gemeten", "nog niet uitgerekend"),
        "en": ("before about", "not worked out yet"),
    }
    for said in wanted[language]:
        assert said in text
    form["carried_out_on"] = "2026-05-11"
    analyst.post(f"/en/staff/plans/{published}/edit", data=form)
    text = _text(site.visitor.get(f"/{language}/try/plans/{published}").text)
    assert {"nl": "te weinig gemeten", "en": "too little measured"}[language] in text


def test_a_change_in_the_figures_is_found_and_none_where_there_is_none(staffed, tmp_path):
    live = staffed.app.state.site.live
    quiet = beside(live, "weekday", date(2026, 4, 28), [])
    assert [row.indicator.name for row in quiet] == [indicator for _, indicator, _ in PAIRS]
    assert all(row.is_enough for row in quiet)

    write_public(neighbourhood(), tmp_path / "public")
    figures = MadeFigures(tmp_path, load_domains())
    honest = figures.row

    def half_full_from_then_on(quantity, unit, window, **given):
        row = honest(quantity, unit, window, **given)
        share = 0.4 if window.start > datetime(2026, 4, 28, tzinfo=figures.zone) else 0.8
        return row | {"value": round(share * row["covered"]), "sigma": 0.5}

    figures.row = half_full_from_then_on
    figures.write(now=NOW, days=29)
    with Staffed(tmp_path).running() as changed:
        rows = beside(changed.app.state.site.live, "weekday", date(2026, 4, 28), [])
        occupied = next(row for row in rows if row.indicator.name == "occupied_afternoon")
        assert occupied.is_enough
        assert occupied.change.high < 0
        assert occupied.after < 0.75 * occupied.before
        weekend = beside(changed.app.state.site.live, "sunday", date(2026, 5, 10), [])
        assert not any(row.is_enough for row in weekend)
