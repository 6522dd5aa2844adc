"""For my home, and smart shopping, in a real browser: choosing asks nobody anything."""

import json
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from scenarios.scenario import Scenario
from web.plans.link import plan_text

pytestmark = pytest.mark.browser

COMPILING_MS = 300_000
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WIDTH = "document.documentElement.scrollWidth"
KEPT = "JSON.stringify([localStorage.length, sessionStorage.length, document.cookie])"

CORNERS = ((24.952, 60.1692), (24.9526, 60.1692), (24.9526, 60.16932), (24.952, 60.16932))
STREET = "Annankatu"


@pytest.fixture(scope="module")
def plan():
    """Racks in place of spaces, and a new building."""
    ring = [*map(list, CORNERS), list(CORNERS[0])]
    area = {"type": "Polygon", "coordinates": [ring]}
    measures = [
        {"kind": "new_housing", "footprint_area": area, "dwellings": 40, "floors": 6},
        {"kind": "remove_bays", "where": {"street": STREET}, "count": 20},
        {"kind": "add_racks", "where": {"street": STREET}, "places": 40},
    ]
    return plan_text(Scenario.model_validate({"name": "plan", "measures": measures}))


def open_page(visit, path, field, **settings):
    """Open a page and wait until all is there: the days are played, and one may choose."""
    visitor = visit(**settings)
    page = visitor.go(path)
    expect(page.locator(field)).to_be_enabled(timeout=COMPILING_MS)
    days = page.locator("#spot-days, #shop-days")
    expect(days).to_have_text("", timeout=COMPILING_MS)
    if "/my-home" in path:
        page.locator("#window[data-state]").wait_for(state="attached")
    page.wait_for_timeout(300)
    visitor.requests.clear()
    return visitor, page


def choose(page, field, text):
    """Choose by keyboard what is suggested first."""
    page.locator(field).focus()
    page.keyboard.type(text)
    expect(page.locator("ul.suggestions li").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_choosing_a_home_asks_nothing_and_keeps_nothing(visit, plan):
    visitor, page = open_page(visit, f"/en/my-home?plan={plan}", "#spot")
    before = page.url
    choose(page, "#spot", "annank 25")
    expect(page.locator("#spot-name")).to_have_text("Annankatu 25")
    expect(page.locator("#free dd")).to_have_count(3)
    for said in ("#loose", "#walked", "#green", "#minutes"):
        expect(page.locator(said)).not_to_be_empty()
    expect(page.locator("#free")).to_contain_text("plan")
    expect(page.locator("#spot-result")).not_to_contain_text("0 to 0")
    expect(page.locator("#window canvas")).to_be_visible()
    page.locator("#floor").select_option(index=2)
    page.locator("#side").select_option("2")
    page.locator("#with-plan").uncheck()
    page.locator("#turns button").first.click()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="New building 1").click()
    expect(page.locator("#spot-name")).to_have_text("New building 1")
    assert page.locator("#floor option").count() == 6
    page.wait_for_timeout(500)
    assert visitor.requests == []
    assert page.url == before
    assert json.loads(page.evaluate(KEPT)) == [0, 0, ""]


def test_the_view_shows_what_is_built(visit, plan):
    """What the plan adds is in the picture only where somebody looks at it with the plan."""
    _, page = open_page(visit, f"/nl/my-home?plan={plan}", "#spot")
    choose(page, "#spot", "Aleksanterinkatu")
    pictures = set()
    for is_with in (True, False):
        page.locator("#with-plan").set_checked(is_with)
        page.wait_for_timeout(1500)
        pictures.add(page.locator("#window").screenshot())
    page.locator("#turns button").first.click()
    page.wait_for_timeout(1000)
    pictures.add(page.locator("#window").screenshot())
    assert len(pictures) >= 2


def test_without_webgl_the_view_is_a_sentence(visit, plan):
    _, page = open_page(visit, f"/en/my-home?plan={plan}", "#spot", has_webgl=False)
    choose(page, "#spot", "annank 25")
    expect(page.locator("#view-said")).to_contain_text("WebGL")
    expect(page.locator("#window")).to_be_hidden()
    expect(page.locator("#free dd")).to_have_count(3)


def test_people_read_before_the_view_is_there(visit, plan):
    """Whoever chooses early reads at once, and sees the view when it has come."""
    visitor, held = visit(), []
    visitor.page.route("**/deck.js", lambda route: held.append(route))
    page = visitor.go(f"/en/my-home?plan={plan}")
    expect(page.locator("#spot")).to_be_enabled(timeout=COMPILING_MS)
    choose(page, "#spot", "annank 25")
    expect(page.locator("#free dd")).to_have_count(3)
    expect(page.locator("#view-said")).to_have_text("The view is on its way…")
    held[0].continue_()
    expect(page.locator("#window canvas")).to_be_visible()
    expect(page.locator("#view-said")).to_contain_text("metres above the street")
    assert page.locator("#floor option").count() > 1


def test_a_view_that_cannot_be_fetched_is_a_sentence(visit, plan):
    visitor = visit()
    visitor.page.route("**/deck.js", lambda route: route.abort())
    page = visitor.go(f"/en/my-home?plan={plan}")
    page.locator("#window[data-state=failed]").wait_for(state="attached", timeout=COMPILING_MS)
    choose(page, "#spot", "annank 25")
    expect(page.locator("#view-said")).to_contain_text("could not be fetched")
    expect(page.locator("#window")).to_be_hidden()
    assert all("deck.js" in said or "ERR_FAILED" in said for said in visitor.complaints)
    visitor.complaints.clear()


def test_choosing_shops_asks_nothing_and_keeps_nothing(visit, plan):
    visitor, page = open_page(visit, f"/nl/shops?plan={plan}", "#shop", **PHONE)
    choose(page, "#shop", "stockm")
    choose(page, "#shop", "supermarkt")
    expect(page.locator("#chips li")).to_have_count(2)
    assert 3 <= page.locator("#advice li").count() <= 6
    expect(page.locator("#advice")).to_contain_text("Stockmann")
    before = page.locator("#advice").inner_text()
    page.locator("#from").select_option("14")
    assert page.locator("#advice").inner_text() != before
    expect(page.locator("#by-hour tr")).to_have_count(4)
    assert page.evaluate(WIDTH) <= 390
    assert visitor.requests == []
    assert urlsplit(page.url).query == f"plan={plan}"
    assert json.loads(page.evaluate(KEPT)) == [0, 0, ""]
    page.locator("#chips button").first.click()
    expect(page.locator("#chips li")).to_have_count(1)


def test_without_script_a_page_says_so(visit):
    page = visit(has_webgl=False, java_script_enabled=False).go("/en/my-home")
    expect(page.locator("noscript .fault")).to_be_visible()
    expect(page.locator("#spot")).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "field", "text", "scheme"),
    [
        ("/en/my-home", "#spot", "annank 25", "light"),
        ("/nl/my-home", "#spot", "annank 25", "dark"),
        ("/en/shops", "#shop", "stockm", "dark"),
        ("/nl/shops", "#shop", "stockm", "light"),
    ],
)
def test_axe_finds_nothing(visit, plan, path, field, text, scheme):
    has_webgl = (path, scheme) == ("/en/my-home", "light")
    _, page = open_page(
        visit, f"{path}?plan={plan}", field, color_scheme=scheme, has_webgl=has_webgl
    )
    choose(page, field, text)
    for summary in page.locator("main summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def test_an_area_is_drawn_by_pointer_and_by_keys(visit):
    visitor = visit()
    page = visitor.go("/en/try?tool=remove_bays")
    visitor.wait_for_map()
    page.locator("#draw").click()
    box = page.locator("#map").bounding_box()
    for x, y in ((0.55, 0.55), (0.7, 0.55), (0.7, 0.8)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(150)
    expect(page.locator("#picked-where")).to_contain_text("Corners: 3")
    page.locator("#cross").focus()
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#picked-where")).to_contain_text("Corners: 4")
    page.locator("#tool button[type=submit]").click()
    expect(page.locator(".steps")).to_contain_text("in the area that was drawn")


WAITING = 'event: progress\ndata: {"state":"waiting","done":0,"of":20,"ahead":3}\n\n'
"""No days are played meanwhile: two cores draw the map sooner."""


def test_what_stands_at_a_spot_is_dragged(visit):
    visitor = visit()
    visitor.page.route(
        "**/api/v1/effects/events*",
        lambda route: route.fulfill(body=WAITING, content_type="text/event-stream"),
    )
    page = visitor.go("/en/try/change?tool=add_racks&where=Annankatu+16&places=20")
    visitor.wait_for_map()
    before = page.url
    spot = json.loads(page.locator("#shapes").text_content())[0]["at"]
    legend = page.locator("#legend").bounding_box()
    box = page.locator("#map").bounding_box()
    beside = (legend["x"] + legend["width"] - box["x"]) if legend else 0
    x, y = box["x"] + (box["width"] + beside) / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 10, steps=4)
    page.mouse.up()
    expect(page).not_to_have_url(before)
    expect(page.locator(".steps li")).to_have_count(1)
    assert json.loads(page.locator("#shapes").text_content())[0]["at"] != spot
    page.locator("#undo").click()
    expect(page).to_have_url(before)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/street/Annankatu",
        "/week",
        "/try",
        "/privacy",
        "/about",
        "/devices",
        "/my-home",
        "/shops",
    ],
)
def test_a_phone_never_scrolls_sideways(visit, path):
    page = visit(java_script_enabled=False, **PHONE).go(f"/nl{path}")
    assert page.evaluate(WIDTH) <= 390
