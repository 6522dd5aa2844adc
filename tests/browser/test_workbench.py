"""A study from beginning to end in a real browser: three variants, a restart in the middle, a PDF."""

import io
import json
import re
from contextlib import contextmanager

import pypdf
import pytest
from argon2 import PasswordHasher
from axe_playwright_python.sync_playwright import Axe
from made import NOW, MadeFigures
from playwright.sync_api import expect
from served import served

from sensors.mosquitto_process import free_port
from twin.domains import load_domains
from twin.place import write_public
from web.app import create_app
from web.staff.accounts import Role

pytestmark = pytest.mark.browser

PASSWORD = "een lang geheim om te delen"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PHONE = {"width": 390, "height": 844}
RUNS = 40
WORKED_OUT_MS = 240_000
"""The first time on a machine the model is compiled, which takes minutes."""


@contextmanager
def serving(directory, port):
    """Serve a place as the web process does, with days lived in this one process."""
    app = create_app(
        place_directory=directory,
        domains=load_domains(),
        now=lambda: NOW,
        processes=1,
        hasher=QUICK,
    )
    with served(app, port, graceful_s=1):
        yield app.state.site


@pytest.fixture
def directory(city, tmp_path):
    write_public(city, tmp_path / "public")
    MadeFigures(tmp_path, load_domains()).write(now=NOW, days=1)
    return tmp_path


def plan(name, count):
    measure = {"kind": "remove_bays", "where": {"segments": ["s0"]}, "count": count}
    return json.dumps({"name": name, "title": name.title(), "measures": [measure]})


def axe(page):
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def test_a_study_survives_a_reload_and_a_restart(browser_without_webgl, directory):
    port = free_port()
    complaints = []
    context = browser_without_webgl.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    with serving(directory, port) as site:
        site.staff.accounts.add("ann", Role.ANALYST, PASSWORD, by="test", now=NOW)
        page.goto(f"http://127.0.0.1:{port}/en/staff/studies")
        page.get_by_label("Name of the account").fill("ann")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Name", exact=True).fill("The quay")
        page.get_by_role("button", name="Begin").click()
        files = [
            {
                "name": f"{name}.json",
                "mimeType": "application/json",
                "buffer": plan(name, count).encode(),
            }
            for name, count in (("few", 1), ("some", 4), ("many", 8))
        ]
        page.get_by_label("Files").set_input_files(files)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".variants > li")).to_have_count(3)
        page.get_by_label("Pairs of days for each variant").fill(str(RUNS))
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Work it out").click()
        said = page.locator("#said")
        expect(said).to_contain_text(f"of {3 * RUNS} pairs of days")
        axe(page)
        study = page.url
        page.reload()
        begun = re.compile(rf"^[1-9]\d* of {3 * RUNS} pairs of days")
        expect(said).to_have_text(begun, timeout=WORKED_OUT_MS)
    lived = {path: path.stat().st_mtime_ns for path in directory.rglob("days/**/*.npz")}
    assert lived
    with serving(directory, port):
        page.goto(study)
        complaints.clear()
        expect(page.get_by_role("heading", name="Results")).to_be_visible(timeout=WORKED_OUT_MS)
        assert all(path.stat().st_mtime_ns == moment for path, moment in lived.items())
        table = page.locator("table.compared").first
        for title in ("1. Few", "2. Some", "3. Many"):
            expect(table).to_contain_text(title)
        expect(page.locator(".multiples figure")).to_have_count(3)
        axe(page)
        page.set_viewport_size(PHONE)
        axe(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        page.get_by_label("What the maps show").select_option("loose")
        page.locator("form", has=page.get_by_label("What the maps show")).get_by_role(
            "button"
        ).click()
        expect(page.get_by_label("What the maps show")).to_have_value("loose")
        with page.expect_download() as download:
            page.get_by_role("link", name="one page (PDF) Many").click()
        content = download.value.path().read_bytes()
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "Three questions that a council member should ask" in text
    assert "Many" in text
    assert complaints == []
    context.close()
