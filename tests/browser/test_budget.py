"""What a visit costs: bytes over the wire and shifts of what somebody is reading; never seconds."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FIRST_BYTES = 1_600_000
NEXT_BYTES = 150_000
MOST_SHIFT = 0.05

SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""

PHONE, DESK = (390, 844), (1440, 900)
VISITS = [
    ("/en/", "#map.is-ready #deck:not(:has(.drawing))", DESK),
    ("/nl/try?tool=remove_bays", "#map.is-ready", PHONE),
    ("/en/my-home", "#spot:enabled", PHONE),
]


class Wire:
    """Counts what comes over the wire to a page."""

    def __init__(self, page):
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._add)

    def _add(self, event):
        self.bytes += event["encodedDataLength"]


@pytest.mark.parametrize(("path", "ready", "size"), VISITS)
def test_a_visit_costs_little_and_nothing_jumps(visit, path, ready, size):
    visitor = visit(has_processor=True, viewport={"width": size[0], "height": size[1]})
    costs, shifts = [], []
    for _ in range(2):
        page = visitor.page.context.new_page()
        wire = Wire(page)
        page.add_init_script(SHIFTS)
        page.goto(f"{visitor.address}{path}", wait_until="load")
        expect(page.locator(ready)).to_be_visible(timeout=300_000)
        page.wait_for_timeout(500)
        costs.append(wire.bytes)
        shifts.append(page.evaluate("window.shifted"))
        page.close()
    assert costs[0] <= FIRST_BYTES, costs
    assert costs[1] <= NEXT_BYTES, costs
    assert max(shifts) < MOST_SHIFT, shifts
