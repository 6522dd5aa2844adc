"""How soon a visitor can read the first page, and use its map; on a desk, and on a slow phone.

A neighbourhood with four weeks of history runs as ``wijktwin up`` would run it at somebody's
desk; Chromium visits it on the same cores, as it starts where there is no graphics processor. The phone has a processor
four times as slow and a slow 4G connection, as Lighthouse has it.
"""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.up import running

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
TIMES = 5
WAIT_MS = 60_000
PAGES = {
    "the neighbourhood": "/en/",
    "a plan": "/en/try?tool=remove_bays",
    "a street's week": "/en/week",
}
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
SLOWER = 4
REQUIRED_MS = {False: 1000, True: 2000}

_WORDS_MS = """() => new Promise((done) => new PerformanceObserver((list) =>
  list.getEntriesByName("first-contentful-paint").forEach((one) => done(one.startTime))
).observe({ type: "paint", buffered: true }))"""
_SHIFT = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries().reduce((sum, one) => sum + (one.hadRecentInput ? 0 : one.value), 0))
).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => done(0), 200))"""


@dataclass
class _Visit:
    """What one visit took: bytes over the wire, milliseconds to words and to a map that is drawn."""

    bytes: int
    words_ms: float
    map_ms: float
    shift: float


def measure() -> dict[str, object]:
    if not CHROMIUM.exists():
        return {"pages": f"not measured: {CHROMIUM} is missing (Debian package chromium)"}
    found: dict[str, object] = {}
    with (
        tempfile.TemporaryDirectory() as data,
        running(Path(data)) as up,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        for name, path in PAGES.items():
            visits = [list(_visits(browser, up.address + path)) for _ in range(TIMES)]
            found |= _told(f"{name}, on a desk", visits)
        visits = [list(_visits(browser, up.address + "/en/", is_phone=True)) for _ in range(TIMES)]
        found |= _told("the neighbourhood, on a slow phone", visits, is_phone=True)
        browser.close()
    return found


def _told(what: str, visits: list[list[_Visit]], *, is_phone: bool = False) -> dict[str, object]:
    first, again = ([pair[number] for pair in visits] for number in (0, 1))

    def middle(values: list[float]) -> float:
        return statistics.median(values)

    found: dict[str, object] = {
        f"{what}: kB over the wire, first and second visit (required: 1600, 150)": [
            round(middle([one.bytes / 1000 for one in some])) for some in (first, again)
        ],
        f"{what}: words after (ms; required: {REQUIRED_MS[is_phone]})": round(
            middle([one.words_ms for one in first])
        ),
        f"{what}: layout shift (required: 0.05)": round(max(one.shift for one in first), 3),
    }
    if any(one.map_ms for one in first):
        usable = round(middle([one.map_ms for one in first]))
        found[f"{what}: map usable after (ms; required on a desk: 3000)"] = usable
    return found


def _visits(browser: Browser, address: str, *, is_phone: bool = False) -> Iterator[_Visit]:
    """Visit a page for the first time, and again."""
    size = (390, 844) if is_phone else (1440, 900)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    for _ in range(2):
        page = context.new_page()
        with _counting(page) as received:
            if is_phone:
                session = context.new_cdp_session(page)
                session.send("Network.emulateNetworkConditions", SLOW_4G)
                session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(address, wait_until="domcontentloaded", timeout=WAIT_MS)
            map_ms = 0.0
            if page.locator("#map").count():
                page.locator("#map").scroll_into_view_if_needed()
                page.wait_for_selector("#map.is-ready", timeout=WAIT_MS)
                map_ms = page.evaluate("() => performance.now()")
            page.wait_for_load_state("load", timeout=WAIT_MS)
            yield _Visit(sum(received), page.evaluate(_WORDS_MS), map_ms, page.evaluate(_SHIFT))
        page.close()
    context.close()


@contextmanager
def _counting(page: Page) -> Iterator[list[float]]:
    """Count the bytes that arrive, headers included."""
    received: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda one: received.append(one["encodedDataLength"]))
    yield received
    session.detach()
