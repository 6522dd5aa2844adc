"""Pages of staff as browsers get them: who may see what, and what other sites cannot send."""

import re
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import NOW, MadeFigures
from staffed import PASSWORD, Staffed, sign_in
from test_home import _text
from test_pages import Parts

from twin.domains import load_domains
from twin.place import write_public
from web.guard import MOST_BYTES
from web.staff.accounts import PER_ACCOUNT, Role

LANGUAGES = ("nl", "en")
PAGES = {
    "": Role.VIEWER,
    "/operations": Role.VIEWER,
    "/plans": Role.VIEWER,
    "/studies": Role.VIEWER,
    "/calibration": Role.VIEWER,
    "/password": Role.VIEWER,
    "/accounts": Role.ADMIN,
    "/audit": Role.ADMIN,
}


CANARY = "a-field-that-was-refused"


def write_operations(ops):
    """Write what the city process tells of itself, besides its state and the sensors."""
    day = NOW.date() - timedelta(days=1)
    refused = {"domain": "parking", "reason": "invalid", "field": CANARY, "at_least": 100}
    late = {"domain": "bikes", "heartbeats": 1234, "in_time": 0.5, "within_hour": 0.75}
    room = {"oldest": day, "room": "little", "written": day}
    for name, row in (("rejected", refused), ("lateness", late), ("storage", room)):
        pq.write_table(pa.Table.from_pylist([{"day": day, **row}]), ops / f"{name}.parquet")


@pytest.fixture(scope="module")
def staffed(city, tmp_path_factory):
    directory = tmp_path_factory.mktemp("staffed")
    write_public(city, directory / "public")
    MadeFigures(directory, load_domains()).write(now=NOW, days=1)
    write_operations(directory / "ops")
    with Staffed(directory).running() as staffed:
        yield staffed


@pytest.fixture
def site(staffed):
    """The site on another day, so that no try of another test counts."""
    staffed.later(days=1)
    return staffed


def names(site):
    return {account.name for account in site.staff.accounts.all()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_ask_to_sign_in_and_lead_on_to_what_was_asked_for(site, language):
    for page in PAGES:
        answer = site.visitor.get(f"/{language}/staff{page}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"/{language}/staff/sign-in?next=")
    form = site.visitor.get(answer.headers["location"])
    Parts(form.text)
    wanted = re.search(r'name="next" value="([^"]+)"', form.text)[1]
    entered = sign_in(site.browser(), site.account(Role.ADMIN), language=language, next=wanted)
    assert entered.headers["location"] == f"/{language}/staff{page}"


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example/nl/staff", "https://evil.example", "/nl/staff\\@evil.example", "/en/staffroom",
     "/en/staff/\r\nSet-Cookie: a=b", "javascript:alert(1)", "/en/../evil"],
)  # fmt: skip
def test_signing_in_leads_to_pages_of_staff_only(site, wanted):
    answer = sign_in(site.browser(), site.account(Role.VIEWER), next=wanted)
    assert answer.headers["location"] == "/en/staff"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_a_role_sees_its_pages_and_no_others(site, role, language):
    client = site.signed_in(role)
    for page, least in PAGES.items():
        answer = client.get(f"/{language}/staff{page}")
        assert answer.status_code == (200 if role.includes(least) else 403), page
        assert answer.headers["cache-control"] == "no-store"
        Parts(answer.text)
    assert ("/staff/accounts" in client.get("/en/staff").text) == (role is Role.ADMIN)


def test_residents_get_no_cookie_and_staff_one_that_script_cannot_read(site):
    for page in ("/en/", "/en/try", "/en/staff/sign-in", "/en/staff", "/en/privacy"):
        assert "set-cookie" not in site.visitor.get(page).headers
    answer = sign_in(site.browser(), site.account(Role.VIEWER))
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("staff=")
    for part in ("httponly", "samesite=lax", "path=/"):
        assert part in cookie
    assert "secure" not in cookie


def test_with_https_the_cookie_is_for_this_host_and_https_only(site):
    client = site.browser(origin="https://testserver")
    client.base_url = "https://testserver"
    answer = sign_in(client, site.account(Role.VIEWER))
    assert answer.headers["set-cookie"].startswith("__Host-staff=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "Domain" not in answer.headers["set-cookie"]
    assert client.get("/en/staff").status_code == 200


def test_signing_out_ends_the_session_and_takes_the_cookie_back(site):
    client = site.signed_in(Role.VIEWER)
    token = client.cookies["staff"]
    client.post("/en/staff/sign-out")
    assert "staff" not in client.cookies
    client.cookies.set("staff", token)
    assert client.get("/en/staff").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {"origin": "http://testserver", "sec-fetch-site": "same-site"},
    ],
)
def test_what_another_site_sends_changes_nothing(site, headers):
    client = site.signed_in(Role.ADMIN)
    del client.headers["origin"]
    data = {
        "name": "mallory" + str(len(names(site))),
        "role": "admin",
        "password": "paard batterij nietje",
    }
    answer = client.post("/en/staff/accounts", data=data, headers=headers)
    assert answer.status_code == 403
    assert data["name"] not in names(site)
    client.headers["origin"] = "http://testserver"
    assert client.post("/en/staff/accounts", data=data).status_code == 303
    assert data["name"] in names(site)


def test_bodies_that_are_too_long_or_of_unknown_length_are_refused_unread(site):
    long = site.visitor.post("/en/staff/sign-in", content=b"a" * (MOST_BYTES + 1))
    assert long.status_code == 413
    unknown = site.visitor.post("/en/staff/sign-in", content=iter([b"name=", b"x"]))
    assert unknown.status_code == 411


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_many_tries_are_told_with_how_long_to_wait(site, language):
    name = site.account(Role.VIEWER)
    for _ in range(PER_ACCOUNT.most):
        wrong = sign_in(site.visitor, name, "wrong", language)
        assert wrong.status_code == 422
        assert 'role="alert"' in wrong.text
    answer = sign_in(site.visitor, name, language=language)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert re.search(r"15 minut(en|es)", answer.text)


def test_an_admin_adds_changes_and_disables_an_account(site):
    admin = site.signed_in(Role.ADMIN)
    new = {"name": "Bo", "role": "analyst", "password": "paard batterij nietje"}
    assert admin.post("/en/staff/accounts", data=new | {"password": "kort"}).status_code == 422
    assert admin.post("/en/staff/accounts", data=new).status_code == 303
    other = site.browser()
    sign_in(other, "bo", new["password"])
    assert other.get("/en/staff").status_code == 200
    change = {"name": "bo", "do": "disable"}
    assert admin.post("/en/staff/accounts/change", data=change).status_code == 303
    assert other.get("/en/staff").status_code == 303
    assert sign_in(other, "bo", new["password"]).status_code == 422
    log = admin.get("/en/staff/audit").text
    assert log.index("account-disabled") < log.index("account-added")


def test_an_admin_cannot_lock_themselves_out(site):
    name = site.account(Role.ADMIN)
    admin = site.signed_in(Role.ADMIN, name)
    for change in ({"do": "disable"}, {"do": "role", "role": "viewer"}):
        answer = admin.post(
            "/en/staff/accounts/change", data={"name": f" {name.title()} ", **change}
        )
        assert answer.status_code == 422
    assert admin.get("/en/staff/accounts").status_code == 200


def test_a_change_of_an_unknown_account_is_not_found(site):
    admin = site.signed_in(Role.ADMIN)
    for data, status in (
        ({"name": "nobody", "do": "disable"}, 404),
        ({"name": "x", "do": "delete"}, 422),
        ({"name": "x", "do": "role", "role": "king"}, 422),
        ({}, 422),
    ):
        assert admin.post("/en/staff/accounts/change", data=data).status_code == status


def test_ones_own_password_changes_and_one_stays_signed_in_here_only(site):
    name = site.account(Role.VIEWER)
    here, there = (site.signed_in(Role.VIEWER, name) for _ in range(2))
    form = {"old": PASSWORD, "new": "nietje batterij paard"}
    refused = here.post("/nl/staff/password", data=form | {"again": "iets anders"})
    assert "niet gelijk" in refused.text
    assert here.post("/nl/staff/password", data=form | {"again": form["new"]}).status_code == 303
    assert here.get("/nl/staff").status_code == 200
    assert there.get("/nl/staff").status_code == 303


def test_a_form_sent_after_the_session_ended_says_so(site):
    client = site.signed_in(Role.ADMIN)
    site.later(hours=2)
    answer = client.post("/en/staff/accounts", data={"name": "x"})
    assert answer.status_code == 401
    assert "You are not signed in" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_operations_shows_health_coverage_refusals_lateness_and_room(site, language):
    text = " ".join(
        _text(site.signed_in(Role.VIEWER).get(f"/{language}/staff/operations").text).split()
    )
    for said in {
        "nl": (CANARY, "1.234 50 % 75 %", "11 mei 2026", "weinig: minder dan een kwart", "Soms stil"),
        "en": (CANARY, "1,234 50% 75%", "11 May 2026", "little: less than a quarter", "At times silent"),
    }[language]:  # fmt: skip
        assert said in text
    assert "sim-" in text
    assert not re.search(r"\b(None|nan)\b", text)


def test_operations_has_a_page_before_anything_is_there(tmp_path, city):
    write_public(city, tmp_path / "public")
    with Staffed(tmp_path).running() as bare:
        answer = bare.signed_in(Role.VIEWER).get("/en/staff/operations")
        assert answer.status_code == 200
        assert "No figure has been published yet" in answer.text


def test_what_operations_tell_is_at_no_address_of_residents(site):
    paths = [path.replace("{language}", "nl") for path in site.app.openapi()["paths"]]
    pages = ["/nl/", "/nl/privacy", "/nl/devices", "/nl/about", "/nl/algorithms", "/nl/try"]
    files = ["/ops/rejected.parquet", "/api/v1/ops/rejected", "/api/v1/place/layers/../../ops"]
    for path in [*paths, *pages, *files]:
        if "events" not in path:
            assert CANARY not in site.visitor.get(path).text, path
