"""A neighbourhood with made-up figures, served to a real browser."""

from collections import deque
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from made import MadeFigures
from playwright.sync_api import expect, sync_playwright
from served import served

from twin.domains import load_domains
from twin.place import helsinki, import_place, write_public
from web.app import create_app

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
DRAWING = (
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
PROCESSOR = """
const { getParameter } = WebGL2RenderingContext.prototype;
WebGL2RenderingContext.prototype.getParameter = function (name) {
  return name === 0x9246 ? "A graphics processor" : getParameter.call(this, name);
};
"""
"""Says that there is a graphics processor, though here the processor does its work."""
NO_DRAWING = ("--disable-gpu", "--disable-webgl", "--disable-3d-apis")
START = datetime(2026, 5, 8, 11, 40, tzinfo=UTC)
WAIT_MS = 30_000

expect.set_options(timeout=15_000)


class Neighbourhood:
    """The public files of one place at one moment; the wall's time moves only when told to."""

    def __init__(self, directory):
        self.directory = directory
        self.domains = load_domains()
        self.now = START
        rules = {domain.name: domain.cells for domain in self.domains}
        write_public(import_place(helsinki(), cell_rules=rules), directory / "public")
        self.made = MadeFigures(directory, self.domains)
        self.made.write(now=self.now)

    @property
    def quantities(self):
        return {q.name: q for domain in self.domains for q in domain.quantities}

    def say(self, *, age=timedelta(0)):
        """Let the city process have said so long ago that all is well."""
        self.made.say(now=self.now - age)

    def an_hour_later(self, name):
        """Let an hour pass and publish the window that ended in it."""
        before, self.now = self.now, self.now + timedelta(hours=1)
        self.say()
        quantity = self.quantities[name]
        until = self.now - quantity.grace
        windows = quantity.windows.between(before - quantity.grace, until, self.made.zone)
        for window in windows:
            rows = [self.made.row(quantity, unit, window) for unit in self.made.units[name]]
            self.made.add(quantity, rows, window.day.isoformat())


class Visit:
    """A visitor's window, and everything that it asked for and complained about."""

    def __init__(self, context, address):
        self.address = address
        self.requests = []
        self.complaints = []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("requestfailed", self._failed)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._said)
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT_MS)

    def go(self, path="/en/"):
        self.page.goto(f"{self.address}{path}", wait_until="load")
        return self.page

    def wait_for_map(self):
        """Wait until the canvas is drawn and the picture has given way to it."""
        self.page.wait_for_selector("#map.is-ready")

    def wait_for_deck(self):
        """Wait until deck.gl has taken over from the canvas."""
        self.wait_for_map()
        expect(self.page.locator("#deck .drawing")).to_have_count(0, timeout=WAIT_MS)
        self.page.wait_for_timeout(300)

    def strangers(self):
        """Return the addresses outside this site that were asked for."""
        own = urlsplit(self.address).netloc
        return [
            url for url in self.requests if urlsplit(url).netloc != own and urlsplit(url).netloc
        ]

    def _said(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")


@pytest.fixture(scope="session")
def neighbourhood(tmp_path_factory):
    """Central Helsinki, imported, with a week of figures."""
    return Neighbourhood(tmp_path_factory.mktemp("helsinki"))


@pytest.fixture(scope="session")
def site(neighbourhood):
    """The address of the running web process."""
    app = create_app(
        place_directory=neighbourhood.directory,
        domains=neighbourhood.domains,
        now=lambda: neighbourhood.now,
        poll_s=0.2,
    )
    with served(app) as address:
        yield address


# Playwright keeps an event loop running in this thread for as long as it is open, in which
# nobody else's asyncio.run works: so it is closed at the end of the module, not of the session.
@pytest.fixture(scope="module")
def launch():
    """Start Chromium with some flags of one's own."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing (Debian package chromium)")
    with ExitStack() as open_things:
        playwright = open_things.enter_context(sync_playwright())

        def launched(*flags):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *flags])
            open_things.callback(browser.close)
            return browser

        yield launched


@pytest.fixture(scope="module")
def browser(launch):
    return launch(*DRAWING)


@pytest.fixture(scope="module")
def browser_without_webgl(launch):
    return launch(*NO_DRAWING)


@pytest.fixture
def visit(request, site):
    """Open a visitor's window: ``visit()``; nothing may go wrong in it, nor leave the site."""
    visits = deque()
    with ExitStack() as contexts:

        def opened(*, has_webgl=True, has_processor=False, **settings):
            browser = request.getfixturevalue("browser" if has_webgl else "browser_without_webgl")
            settings.setdefault("viewport", {"width": 1280, "height": 800})
            context = browser.new_context(reduced_motion="reduce", **settings)
            contexts.callback(context.close)
            if has_processor:
                context.add_init_script(PROCESSOR)
            visits.append(Visit(context, site))
            return visits[-1]

        yield opened
        for one in visits:
            assert one.complaints == []
            assert one.strangers() == []
