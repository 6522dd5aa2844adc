"""Make the screenshots in ``docs/images``: ``make images`` (needs Mosquitto and Chromium).

Three places run for real: the demonstration in Helsinki; Amsterdam with its recorded scans
through Mosquitto, where ``../shared/data`` is there; and Helsinki with Auckland's recorded
footfall.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from sensors.mosquitto import MosquittoSettings
from sensors.mosquitto_process import MosquittoProcess, free_port

ROOT = Path(__file__).parents[1]
IMAGES = Path(__file__).parent / "images"
SCANS = ROOT.parent / "shared" / "data" / "amsterdam-houthavens"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
COMPILING_MS = 300_000
DRAWING_MS = 2_000
"""How long what was asked for last may take to be drawn, on a slow machine."""

BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=BROWSER_FLAGS
        )
        _helsinki(browser, Path(folder) / "helsinki")
        _auckland(browser, Path(folder) / "auckland")
        if SCANS.is_dir():
            _amsterdam(browser, Path(folder) / "amsterdam")
        browser.close()


def _helsinki(browser: Browser, data: Path) -> None:
    with _running(data, "up") as address:
        _wait_for(address)
        _take(browser, f"{address}/en/", "neighbourhood.png", DESKTOP)
        _take(browser, f"{address}/nl/", "neighbourhood-dark.png", DESKTOP, is_dark=True)
        _take(browser, f"{address}/nl/?show=footfall_passages", "phone.png", PHONE)
        _take(browser, f"{address}/en/?show=bikes_loose", "bikes.png", DESKTOP)
        _take_plan(browser, address)


def _take_plan(browser: Browser, address: str) -> None:
    """Take a plan once its effects have been worked out; the first waits for the model to be compiled."""
    page = browser.new_page(viewport=DESKTOP)
    page.goto(f"{address}/en/try")
    page.locator(".cards a").first.click()
    page.wait_for_selector("#effects[data-state=done]", timeout=COMPILING_MS)
    page.wait_for_selector("#map.is-ready")
    page.locator("#figure").select_option("loose")
    page.wait_for_timeout(2 * DRAWING_MS)
    page.evaluate("document.getElementById('effects').scrollIntoView()")
    page.wait_for_timeout(DRAWING_MS)
    page.screenshot(path=IMAGES / "plan.png")
    page.close()


def _auckland(browser: Browser, data: Path) -> None:
    _wijktwin(data, "place", "import", "helsinki")
    options = ("--no-simulated", "--start", "2024-05-06T00:00", "--speed", "3600")
    with _running(data, "up", *options) as address:
        _wait_for(address)
        mapping = ROOT / "examples" / "replay" / "auckland-on-helsinki.toml"
        _wijktwin(
            data,
            *(
                "replay",
                "auckland-footfall",
                "--mapping",
                str(mapping),
                "--until",
                "2024-05-10T18:00",
            ),
        )
        time.sleep(5)
        _take(browser, f"{address}/en/?show=footfall_passages", "auckland-on-helsinki.png", DESKTOP)


def _amsterdam(browser: Browser, data: Path) -> None:
    place = ROOT / "examples" / "amsterdam-houthavens.toml"
    _wijktwin(data, "place", "import", "--file", str(place), "--files", str(SCANS))
    settings = MosquittoSettings(directory=data / "mosquitto", port=free_port(), has_users=False)
    with MosquittoProcess(settings) as broker:
        changes = {
            "WIJKTWIN_PLACE": "amsterdam-houthavens",
            "WIJKTWIN_BROKER": "external",
            "WIJKTWIN_MQTT_PORT": str(broker.port),
        }
        options = ("--no-simulated", "--start", "2018-04-01T00:00", "--speed", "3600")
        with _running(data, "up", *options, changes=changes) as address:
            _wait_for(address)
            mapping = ROOT / "examples" / "replay" / "amsterdam-scans.toml"
            scans = SCANS / "scans.csv"
            _wijktwin(
                data,
                *("replay", "amsterdam-scans", "--file", str(scans), "--mapping", str(mapping)),
                changes=changes,
            )
            time.sleep(30)
            _take(browser, f"{address}/nl/", "amsterdam.png", DESKTOP)


@contextmanager
def _running(
    data: Path, *arguments: str, changes: Mapping[str, str] | None = None
) -> Iterator[str]:
    port = free_port()
    environment = _environment(data) | {"WIJKTWIN_PORT": str(port)} | dict(changes or {})
    environment.setdefault("WIJKTWIN_MQTT_PORT", str(free_port()))
    os.environ["WIJKTWIN_MQTT_PORT"] = environment["WIJKTWIN_MQTT_PORT"]
    process = subprocess.Popen([sys.executable, "-m", "wijktwin", *arguments], env=environment)
    try:
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        del os.environ["WIJKTWIN_MQTT_PORT"]


def _wijktwin(data: Path, *arguments: str, changes: Mapping[str, str] | None = None) -> None:
    subprocess.run(
        [sys.executable, "-m", "wijktwin", *arguments],
        env=_environment(data) | dict(changes or {}),
        check=True,
    )


def _environment(data: Path) -> dict[str, str]:
    return os.environ | {"WIJKTWIN_DATA": str(data), "WIJKTWIN_METRICS_PORT": "0"}


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/api/v1/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise RuntimeError("the place did not start in time")


def _take(
    browser: Browser,
    url: str,
    name: str,
    size: Mapping[str, int],
    *,
    is_dark: bool = False,
) -> None:
    page = browser.new_page(viewport=size, color_scheme="dark" if is_dark else "light")
    page.goto(url)
    if (last := page.locator("#last-measured")).count():
        page.goto(url.partition("/en/")[0].partition("/nl/")[0] + str(last.get_attribute("href")))
    page.locator("#map").scroll_into_view_if_needed()
    page.locator(".is-ready").wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(DRAWING_MS)
    page.screenshot(path=IMAGES / name)
    page.close()


if __name__ == "__main__":
    main()
