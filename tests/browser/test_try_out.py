"""Trying plans out in a real browser: whole journeys, by hand, by keyboard, on a phone."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
WIDTH = "document.documentElement.scrollWidth"
COMPILING_MS = 300_000
"""The first plan of all waits until the model has been compiled."""

STREET = "Annankatu"


@pytest.fixture(scope="module")
def made(browser, site):
    """The address of a plan whose effects have been worked out, in English."""
    page = browser.new_page()
    page.goto(f"{site}/en/try/change?tool=remove_bays&where={STREET}&count=12")
    expect(page.locator("#effects")).to_have_attribute("data-state", "done", timeout=COMPILING_MS)
    address = urlsplit(page.url)
    page.context.close()
    return f"{address.path}?{address.query}"


def put_in_plan(page):
    page.locator("#tool button[type=submit]").click()


def wait_for_effects(page):
    expect(page.locator("#effects")).to_have_attribute("data-state", "done", timeout=60_000)


@pytest.mark.parametrize(
    ("language", "start", "own", "other"),
    [
        ("en", "Try it out", "Make a plan of your own", "Change something else"),
        ("nl", "Probeer het uit", "Maak zelf een plan", "Verander nog iets"),
    ],
)
def test_a_newcomer_replaces_spaces_by_racks_and_shares_it(
    visit, made, language, start, own, other
):
    visitor = visit()
    page = visitor.go(f"/{language}/")
    page.get_by_role("navigation").get_by_text(start).click()
    page.get_by_text(own).click()
    page.locator("#where").fill("annank")
    page.locator("#suggestions li").first.click()
    expect(page.locator("#where")).to_have_value(STREET)
    page.locator('[name="count"]').fill("12")
    put_in_plan(page)
    expect(page.locator(".steps li")).to_have_count(1)
    expect(page.locator(".steps")).to_contain_text(STREET)

    page.get_by_text(other).click()
    page.locator("[data-key=tool-add_racks]").click()
    expect(page.locator("#where")).to_be_focused()
    page.locator("#where").fill("Annankatu 10")
    page.locator('[name="places"]').fill("40")
    put_in_plan(page)
    expect(page.locator(".steps li")).to_have_count(2)
    wait_for_effects(page)
    expect(page.locator(".changes li").first).to_be_visible()
    told = page.locator(".changes").inner_text()

    other_visitor = visit()
    other_page = other_visitor.go(page.url.removeprefix(visitor.address))
    wait_for_effects(other_page)
    assert other_page.locator(".changes").inner_text() == told
    assert not other_visitor.strangers()


def test_undo_and_redo(visit, made):
    page = visit(has_webgl=False).go(made)
    page.locator("[data-key=remove-m1]").click()
    expect(page.locator(".steps li")).to_have_count(0)
    page.locator("#undo").click()
    expect(page.locator(".steps li")).to_have_count(1)
    expect(page.locator("#undo")).to_be_disabled()
    page.locator("#redo").click()
    expect(page.locator(".steps li")).to_have_count(0)
    page.go_back()
    expect(page.locator(".steps li")).to_have_count(1)


def test_a_street_is_tapped_on_the_map(visit, made):
    visitor = visit()
    page = visitor.go(made)
    visitor.wait_for_map()
    page.locator("#toolbox-more summary").click()
    page.locator("[data-key=tool-close_street]").click()
    expect(page.locator("#map")).to_have_class(re.compile("is-picking"))
    box = page.locator("#map").bounding_box()
    for across in (0.5, 0.55, 0.6, 0.65, 0.7, 0.45):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_timeout(400)
        if page.locator('[name="segment"]').input_value():
            break
    assert page.locator('[name="segment"]').input_value()
    expect(page.locator("#part-line")).to_be_visible()


def test_the_map_shows_the_plan_in_four_ways(visit, made):
    visitor = visit()
    page = visitor.go(made)
    visitor.wait_for_map()
    expect(page.locator("#modes")).to_be_visible()
    seen = set()
    for mode in ("change", "now", "plan", "both"):
        page.locator(f'[name="mode"][value="{mode}"]').check()
        page.wait_for_timeout(700)
        seen.add(page.locator("#map").screenshot())
    assert len(seen) == 4
    before = page.locator("#map").screenshot()
    page.locator("#curtain-at").focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(700)
    assert page.locator("#map").screenshot() != before
    expect(page.locator(".legend-level")).to_be_visible()


def test_a_form_with_faults_says_them_and_keeps_what_was_typed(visit, made):
    visitor = visit(has_webgl=False)
    page = visitor.go("/en/try?tool=remove_bays")
    page.locator("#where").fill("Nergensstraat")
    put_in_plan(page)
    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("#faults")).to_contain_text("Nergensstraat")
    expect(page.locator("#where")).to_have_value("Nergensstraat")
    visitor.complaints.clear()


def test_by_keyboard_alone(visit, made):
    page = visit(has_webgl=False).go("/en/try")
    start = page.get_by_text("Make a plan of your own")
    for _ in range(20):
        page.keyboard.press("Tab")
        if start.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#tool")).to_be_visible()
    page.locator("#where").focus()
    with page.expect_response(lambda answer: "q=annankatu&" in answer.url):
        page.keyboard.type("annankatu")
    expect(page.locator("#suggestions li").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#where")).to_have_value(STREET)
    page.keyboard.press("Enter")
    expect(page.locator(".steps li")).to_have_count(1)
    page.locator("body").press("Control+z")
    expect(page.locator(".steps li")).to_have_count(0)


WAITING = 'event: progress\ndata: {"state":"waiting","done":0,"of":20,"ahead":3}\n\n'


def test_who_waits_hears_how_many_go_before_and_may_stop(visit, made):
    visitor = visit(has_webgl=False)
    visitor.page.route(
        "**/api/v1/effects/events*",
        lambda route: route.fulfill(body=WAITING, content_type="text/event-stream"),
    )
    page = visitor.go("/nl/try/change?tool=removal_round&every_d=9&label_d=5")
    expect(page.locator("#said")).to_contain_text("Voor u: 3")
    page.locator("#stop").click()
    expect(page.locator("#said")).to_contain_text("Gestopt")
    expect(page.locator("#stop")).to_be_hidden()


def test_on_a_phone(visit, made):
    page = visit(**PHONE).go(made)
    assert page.evaluate(WIDTH) <= 390
    wait_for_effects(page)
    page.locator("details:has(table) summary").first.click()
    page.locator("#toolbox-more summary").click()
    assert page.evaluate(WIDTH) <= 390
    page.locator("[data-key=tool-event]").click()
    expect(page.locator("#tool")).to_be_in_viewport()
    assert page.evaluate(WIDTH) <= 390


def test_without_script_everything_is_a_link_or_a_form(visit, made):
    page = visit(java_script_enabled=False).go("/en/try")
    page.get_by_text("Make a plan of your own").click()
    page.locator("#where").fill(STREET)
    page.locator('[name="count"]').fill("7")
    put_in_plan(page)
    assert page.locator(".steps li").count() == 1
    page.get_by_text("Work out the effects").click()
    expect(page.locator("#effects .hint").first).to_be_visible(timeout=60_000)


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        ("/en/try", "light"),
        ("/nl/try?tool=event", "light"),
        ("made", "light"),
        ("made", "dark"),
        ("edit", "light"),
        ("/en/week", "light"),
        (f"/nl/street/{STREET}", "light"),
    ],
)
def test_axe_finds_nothing(visit, made, path, scheme):
    has_webgl = path == "made" and scheme == "light"
    page = visit(has_webgl=has_webgl, color_scheme=scheme).go(
        {"made": made, "edit": f"{made}&edit=m1"}.get(path, path)
    )
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
