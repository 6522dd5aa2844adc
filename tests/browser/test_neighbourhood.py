"""The neighbourhood's page in a real browser."""

import base64
import re
from datetime import timedelta

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
NO_SCRIPT = {"java_script_enabled": False}
PLACE = "Helsinki, Kluuvi"

COUNT_COLOURS = """async (source) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
FIGURES_ON_MAP = """() => Object.fromEntries(
  [...document.querySelectorAll(".plan a[data-unit]")].map((a) => [
    a.dataset.unit, a.querySelector("title").textContent]))"""
FIGURES_IN_TABLE = """() => Object.fromEntries(
  [...document.querySelectorAll("#part-table tr[data-unit]")].map((row) => [
    row.dataset.unit, `${row.cells[0].textContent.trim()}: ${row.cells[1].textContent.trim()}`]))"""
UNITS_OF_MAP = """() => fetch(document.getElementById("map").dataset.units)
  .then((answer) => answer.json()).then(Object.keys)"""
WIDTH = "document.scrollingElement.scrollWidth"
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > 390.5 && !element.closest("svg"))
  .map((element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`)
  .slice(0, 8)"""
GROUND = "getComputedStyle(document.body).backgroundColor"


def colours_of(page, selector):
    """How many colours a part of the page has."""
    picture = base64.b64encode(page.locator(selector).screenshot()).decode()
    return page.evaluate(COUNT_COLOURS, f"data:image/png;base64,{picture}")


def deck_alone(page):
    """Take away what lies over the map, so that only the map itself is on a screenshot."""
    page.evaluate(
        """() => document.querySelectorAll("#legend, .controls, .credit, .bubble")
          .forEach((element) => { element.style.visibility = "hidden"; })"""
    )


def assert_is_drawn(page):
    deck_alone(page)
    assert colours_of(page, "#map") > 200


# Without JavaScript


@pytest.mark.parametrize("language", ["en", "nl"])
def test_words_are_complete_without_javascript(visit, language):
    page = visit(**NO_SCRIPT).go(f"/{language}/")
    expect(page.locator(".sentence")).to_be_visible()
    expect(page.locator(".sentence")).to_contain_text(PLACE)
    expect(page.locator(".sentence")).to_contain_text("%")
    expect(page.locator(".compared")).to_be_visible()
    expect(page.locator(".lists li a")).to_have_count(6)
    for value in page.locator(".lists .value").all_inner_texts():
        assert re.search(r"\d", value)
    rows = page.locator("#part-table tbody tr")
    assert rows.count() >= 10
    expect(rows.first).to_be_visible()
    expect(page.locator(".plan")).to_be_visible()
    expect(page.locator(".controls")).to_be_hidden()
    expect(page.locator("#legend li").first).to_be_visible()


def test_search_is_a_form_without_javascript(visit):
    page = visit(**NO_SCRIPT).go("/en/")
    page.get_by_label("Find a street or a place").fill("aleksanterink")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/\?q=aleksanterink&show="))
    hit = page.locator("#found a").first
    expect(hit).to_contain_text("Aleksanterinkatu")
    hit.click()
    expect(page).to_have_url(re.compile(r"[?&]spot="))


def test_search_says_that_it_found_nothing_without_javascript(visit):
    page = visit(**NO_SCRIPT).go("/en/")
    page.get_by_label("Find a street or a place").fill("qqqq")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#found")).to_contain_text("“qqqq”")


def test_everything_is_a_link_without_javascript(visit):
    page = visit(**NO_SCRIPT).go("/en/")
    tabs = page.locator(".tabs a")
    expect(tabs).to_have_count(3)
    tabs.nth(2).click()
    expect(page).to_have_url(re.compile(r"show=footfall_passages"))
    expect(tabs.nth(2)).to_have_attribute("aria-current", "page")
    before = page.locator(".sentence").inner_text()
    page.locator("#before").click()
    expect(page).to_have_url(re.compile(r"period=2026-05-08T"))
    assert page.locator(".sentence").inner_text() != before
    page.locator("[data-key=usual]").click()
    expect(page).to_have_url(re.compile(r"period=usual-\d+"))
    page.locator("#part-table tbody th a").first.click()
    expect(page.locator("#place-name")).to_be_visible()
    expect(page.locator(".chart")).to_be_visible()


# Nobody else hears of a visit


def test_no_request_leaves_the_site_and_nothing_is_kept(visit):
    visitor = visit()
    page = visitor.go("/en/")
    visitor.wait_for_map()
    page.get_by_label("Find a street or a place").press_sequentially("alek")
    expect(page.locator("#suggestions li").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"spot="))
    assert len(visitor.requests) > 10
    assert visitor.strangers() == []
    assert visitor.complaints == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


# The map


@pytest.mark.parametrize("has_webgl", [True, False])
def test_map_draws(visit, has_webgl):
    visitor = visit(has_webgl=has_webgl)
    page = visitor.go("/en/")
    visitor.wait_for_map()
    expect(page.locator("#deck canvas")).to_be_visible()
    expect(page.locator(".plan")).to_be_hidden()
    expect(page.locator("#controls")).to_be_visible()
    expect(page.locator("#raise")).to_be_visible(visible=has_webgl)
    assert not any(url.endswith("/deck.js") for url in visitor.requests)
    assert_is_drawn(page)


def test_deck_takes_over_where_there_is_a_graphics_processor(visit):
    visitor = visit(has_processor=True)
    page = visitor.go("/en/?show=footfall_passages")
    visitor.wait_for_deck()
    expect(page.locator("#deck canvas")).to_be_visible()
    spot = page.locator(".plan a[data-unit]:has(path.about)").nth(3).bounding_box()
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    expect(page).to_have_url(re.compile(r"place="))
    assert_is_drawn(page)


def test_buildings_are_raised_without_a_graphics_processor(visit):
    visitor = visit()
    page = visitor.go("/en/")
    visitor.wait_for_map()
    page.locator("#raise").dblclick()
    page.locator("#raise").click()
    visitor.wait_for_deck()
    expect(page.locator("#deck canvas")).to_have_count(1)
    expect(page.locator("#raise")).to_have_attribute("aria-pressed", "true")
    assert_is_drawn(page)


def test_map_is_moved_and_zoomed(visit):
    visitor = visit()
    page = visitor.go("/en/")
    visitor.wait_for_map()
    box = page.locator("#deck").bounding_box()
    x, y = box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"]
    seen = [page.locator("#map").screenshot()]

    def changed(action):
        action()
        page.wait_for_timeout(300)
        seen.append(page.locator("#map").screenshot())

    page.mouse.move(x, y)
    changed(lambda: page.mouse.wheel(0, -200))
    page.mouse.down()
    changed(lambda: page.mouse.move(x - 80, y - 40, steps=4))
    page.mouse.up()
    assert "place=" not in page.url, "to drag is not to choose"
    changed(page.locator("#zoom-in").click)
    page.mouse.move(0, 0)
    changed(page.locator("#whole").click)
    assert len(set(seen[:4])) == 4
    assert "place=" not in page.url


def test_picture_is_all_there_is_without_javascript(visit):
    page = visit(**NO_SCRIPT).go("/en/")
    assert page.locator("#deck canvas").count() == 0
    assert colours_of(page, "#map") > 200
    page.locator(".plan a[data-unit]:has(path.about)").first.click()
    expect(page.locator("#place-name")).to_be_visible()


@pytest.mark.parametrize(
    "quantity", ["parking_occupied", "parking_garage", "bikes_racked", "footfall_passages"]
)
def test_table_says_what_the_map_shows(visit, quantity):
    page = visit(has_webgl=False).go(f"/en/?show={quantity}")
    on_map, in_table = page.evaluate(FIGURES_ON_MAP), page.evaluate(FIGURES_IN_TABLE)
    assert in_table
    assert on_map == in_table
    assert set(in_table) <= set(page.evaluate(UNITS_OF_MAP))


def test_choosing_on_the_map_shows_the_place(visit):
    visitor = visit()
    page = visitor.go("/en/?show=footfall_passages")
    visitor.wait_for_map()
    spot = page.locator(".plan a[data-unit]:has(path.about)").nth(3).bounding_box()
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    expect(page).to_have_url(re.compile(r"place="))
    expect(page.locator("#place-name")).to_be_in_viewport()


# By keyboard


def test_slider_changes_the_period_in_words_and_address(visit):
    page = visit().go("/en/?show=footfall_passages")
    slider = page.locator("#slider")
    expect(slider).to_be_enabled()
    latest, sentence = page.locator("#period").inner_text(), page.locator(".sentence").inner_text()
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"period=2026-05-08T"))
    earlier = page.locator("#period").inner_text()
    assert earlier != latest
    expect(slider).to_have_attribute("aria-valuetext", earlier)
    expect(page.locator(".sentence")).not_to_have_text(sentence)
    expect(page.locator(".sentence")).to_contain_text(earlier)
    expect(slider).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator(".sentence")).to_contain_text("Thursday 7 May")
    expect(page).to_have_url(re.compile(r"period=2026-05-07T"))
    page.keyboard.press("End")
    expect(page.locator(".sentence")).to_have_text(sentence)
    assert "period=" not in page.url


def test_another_subject_can_be_chosen_by_keyboard(visit):
    page = visit(has_webgl=False).go("/en/")
    expect(page.locator("#slider")).to_be_enabled()
    page.locator("#q").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.key") == "tab-bikes":
            break
    bikes = page.locator("[data-key=tab-bikes]")
    expect(bikes).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"show=bikes_"))
    expect(bikes).to_have_attribute("aria-current", "page")
    expect(bikes).to_be_focused()
    expect(page.locator(".sentence")).to_contain_text("bike")
    page.go_back()
    expect(page.locator("[data-key=tab-parking]")).to_have_attribute("aria-current", "page")


def test_first_tab_stop_skips_to_the_content(visit):
    page = visit(has_webgl=False).go("/en/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


# On a phone, in the dark, in two languages


@pytest.mark.parametrize("language", ["en", "nl"])
def test_phone_never_scrolls_sideways(visit, language):
    visitor = visit(**PHONE)
    page = visitor.go(f"/{language}/")
    assert page.evaluate(WIDTH) <= 390
    place = page.locator("#part-table tbody th a").first.get_attribute("href")
    for path in (
        place,
        f"/{language}/?show=footfall_passages",
        f"/{language}/?show=parking_garage",
        f"/{language}/?q=katu",
        f"/{language}/about",
        f"/{language}/privacy",
        f"/{language}/algorithms",
        f"/{language}/devices",
        f"/{language}/api",
        f"/{language}/?show=bikes_loose",
    ):
        visitor.go(path)
        assert page.evaluate(WIDTH) <= 390, f"{path}: {page.evaluate(TOO_WIDE)}"


def test_dark_differs_from_light(visit):
    found = {}
    for scheme in ("light", "dark"):
        visitor = visit(color_scheme=scheme)
        page = visitor.go("/en/")
        visitor.wait_for_map()
        found[scheme] = page.evaluate(GROUND), page.locator("#map").screenshot()
    assert found["light"][0] != found["dark"][0]
    assert found["light"][1] != found["dark"][1]


def test_each_language_has_its_own_words(visit):
    page = visit(has_webgl=False).go("/en/?show=footfall_passages&period=usual-33")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#period")).to_have_text("an ordinary Tuesday, 9:00 to 10:00")
    expect(page.get_by_text("Find a street or a place")).to_be_visible()
    page.locator("a.language").click()
    expect(page).to_have_url(re.compile(r"/nl/\?.*period=usual-33"))
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.get_by_text("Zoek een straat of plek")).to_be_visible()
    expect(page.locator(".sentence")).to_contain_text("dinsdag")
    expect(page.locator(".sentence")).not_to_contain_text("passers-by")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_browser_is_sent_to_its_language(visit, language):
    page = visit(has_webgl=False, locale=language).go("/")
    assert page.url.endswith(f"/{language}/")


@pytest.mark.parametrize("settings", [{}, PHONE, NO_SCRIPT], ids=["wide", "phone", "no-script"])
def test_map_names_its_source(visit, settings):
    page = visit(**settings).go("/en/")
    link = page.locator(".credit a")
    link.scroll_into_view_if_needed()
    expect(link).to_be_in_viewport()
    expect(link).to_contain_text("OpenStreetMap")
    expect(link).to_have_attribute("href", "https://www.openstreetmap.org/copyright")
    link.click(trial=True)


@pytest.mark.parametrize(
    ("language", "scheme", "has_webgl"),
    [("en", "light", True), ("nl", "dark", True), ("nl", "light", False), ("en", "dark", False)],
)
def test_axe_finds_nothing(visit, language, scheme, has_webgl):
    visitor = visit(color_scheme=scheme, has_webgl=has_webgl)
    page = visitor.go(f"/{language}/")
    place = page.locator("#part-table tbody th a").first.get_attribute("href")
    for path in (f"/{language}/", place):
        visitor.go(path)
        if has_webgl:
            visitor.wait_for_map()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


# While the page is open


def test_page_takes_up_new_figures_by_itself(visit, neighbourhood):
    page = visit(has_webgl=False).go("/en/?show=footfall_passages")
    expect(page.locator("#slider")).to_be_enabled()
    sentence, period = page.locator(".sentence"), page.locator("#period").inner_text()
    said, url = sentence.inner_text(), page.url
    neighbourhood.an_hour_later("footfall_passages")
    expect(sentence).not_to_have_text(said)
    expect(page.locator("#period")).not_to_have_text(period)
    expect(page.locator("#part-table caption")).not_to_contain_text(period)
    assert page.url == url


def test_page_says_when_no_new_figures_come_in(visit, neighbourhood):
    page = visit(has_webgl=False).go("/en/")
    strip = page.locator("#trouble")
    expect(strip).to_be_hidden()
    try:
        neighbourhood.say(age=timedelta(minutes=5))
        expect(strip).to_be_visible()
        expect(strip).to_contain_text("No new figures are coming in")
        expect(visit(**NO_SCRIPT).go("/nl/").locator("#trouble")).to_be_visible()
    finally:
        neighbourhood.say()
    expect(strip).to_be_hidden()
