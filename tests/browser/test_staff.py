"""Staff and residents in a real browser: a plan is put to residents, who answer once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from web.staff.accounts import Role
from web.staff.staff import Staff

pytestmark = pytest.mark.browser

PASSWORD = "een lang geheim om te delen"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "color_scheme": "dark",
}
WIDTH = "document.documentElement.scrollWidth"
STREET = "Annankatu"


@pytest.fixture(scope="module")
def account(site, neighbourhood):
    """Add an account beside the running web process, as the command line does; return its name."""
    staff = Staff(neighbourhood.directory)
    staff.open()

    def add(name, role):
        staff.accounts.add(name, role, PASSWORD, by="test", now=neighbourhood.now)
        return name

    yield add
    staff.close()


def sign_in(visitor, name):
    page = visitor.go("/nl/staff")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("form .button").click()
    expect(page.locator(".staff-nav")).to_be_visible()
    return page


def violations(page):
    return [(each["id"], each["nodes"]) for each in Axe().run(page).response["violations"]]


def test_a_plan_is_put_to_residents_who_answer_once(visit, site, account):
    analyst = visit(has_webgl=False)
    page = sign_in(analyst, account("anna", Role.ANALYST))
    link = f"{site}/en/try/change?tool=remove_bays&where={STREET}&count=12"
    with page.context.expect_page() as opened:
        page.evaluate("link => { window.open(link) }", link)
    tried = opened.value
    expect(tried.locator(".steps li")).to_have_count(1)
    plan = tried.url
    tried.close()

    page.goto(f"{site}/nl/staff/plans/new")
    page.locator("#plan").fill(plan)
    today, later, last = "2026-05-08", "2026-05-20", "2026-06-20"
    words = {
        "title": ("Minder auto’s", "Fewer cars"),
        "text": ("Wij willen plek maken.", "We want to make room."),
        "question": ("Moet dit doorgaan?", "Should this go ahead?"),
        "choice1": ("Ja", "Yes"),
        "choice2": ("Nee", "No"),
    }
    for name, (nl, en) in words.items():
        page.locator(f"#{name}_nl").fill(nl)
        page.locator(f"#{name}_en").fill(en)
    page.locator("#owner").fill("Openbare ruimte")
    for name, day in (("starts_on", today), ("ends_on", later), ("decision_on", last)):
        page.locator(f"#{name}").fill(day)
    assert violations(page) == []
    page.locator("form .button").last.click()
    expect(page.locator("h1")).to_have_text("Minder auto’s")
    assert violations(page) == []

    resident = visit(has_webgl=False, **PHONE)
    phone = resident.go("/en/try")
    phone.get_by_role("link", name="Fewer cars").click()
    expect(phone.locator("h1")).to_have_text("Fewer cars")
    assert phone.context.cookies() == []
    assert phone.evaluate("localStorage.length") == 0
    assert phone.evaluate(WIDTH) == 390
    assert violations(phone) == []
    phone.get_by_label("Yes", exact=True).check()
    phone.locator("#why").fill("Please plant a tree.")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#thanks")).to_be_visible()
    expect(phone.locator(".totals li").first).to_contain_text("1")
    phone.goto(phone.url.partition("?")[0])
    expect(phone.locator("#thanks")).to_be_visible()
    expect(phone.locator("#answer-form")).to_be_hidden()
    assert phone.context.cookies() == []

    page.reload()
    expect(page.locator(".people")).to_contain_text("Please plant a tree.")
    expect(page.locator(".counts")).to_contain_text("Ja1")


def test_pages_of_staff_are_usable_by_everyone(visit, account):
    admin = visit(has_webgl=False, **PHONE)
    page = admin.go("/en/staff/sign-in")
    assert violations(page) == []
    sign_in(admin, account("bo", Role.ADMIN))
    for path in ("", "/operations", "/accounts", "/audit", "/password", "/plans"):
        page = admin.go(f"/nl/staff{path}")
        page.locator("summary").evaluate_all(
            "all => all.forEach(one => { one.parentElement.open = true })"
        )
        assert violations(page) == [], path
        assert page.evaluate(WIDTH) == 390, path
