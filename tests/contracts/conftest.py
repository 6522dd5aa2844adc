"""Stores of both kinds, and a domain from outside the packages."""

import subprocess
import sys
import tomllib
from datetime import UTC, datetime

import pytest
from pages import ROOT, blocks

from scenarios.measures import load_measures
from twin.domains import load_domains
from twin.store import Store, StoreLocation

PAGE = ROOT / "docs" / "domains.md"
INSTALL = "-m pip install --quiet --disable-pip-version-check --no-index --no-deps"


@pytest.fixture(params=["file", "lake"])
def open_store(request, city, tmp_path):
    """Open a store in a DuckDB file, and one in a DuckLake: ``open_store(domains)``."""
    location = StoreLocation(path=tmp_path / "city.duckdb")
    if request.param == "lake":
        lake = f"ducklake:{tmp_path / 'cat.ducklake'}?data_path={tmp_path / 'files'}/"
        location = StoreLocation.parse(lake)

    def opened(domains):
        now = datetime(2026, 5, 4, tzinfo=UTC)
        return Store.open(location, crs=city.crs, domains=domains, now=now)

    opened.kind = request.param
    return opened


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """The folder into which the package of docs/domains.md is installed, as the page prints it."""
    folder = tmp_path_factory.mktemp("noise")
    for block in blocks(PAGE):
        if "." in block.title:
            path = folder / "wijktwin-noise" / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    where = ("--no-build-isolation", "--target", folder / "site", folder / "wijktwin-noise")
    subprocess.run([sys.executable, *INSTALL.split(), *where], check=True)
    return folder / "site"


@pytest.fixture
def installed(package, monkeypatch):
    """A domain from outside, installed: importable, with its metadata."""
    monkeypatch.syspath_prepend(package)
    yield
    for name in [name for name in sys.modules if name.startswith("wijktwin_noise")]:
        del sys.modules[name]


@pytest.fixture
def noise(installed):
    return next(domain for domain in load_domains() if domain.name == "noise")


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """The measure of docs/scenarios.md, installed: importable, with its entry point."""
    for block in blocks(ROOT / "docs" / "scenarios.md"):
        if block.title == "pyproject.toml":
            (groups,) = tomllib.loads(block.text)["project"]["entry-points"].items()
        elif "." in block.title:
            path = tmp_path / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    about = tmp_path / "wijktwin_zebra-0.1.0.dist-info"
    about.mkdir()
    group, entries = groups
    lines = [f"[{group}]", *(f"{name} = {target}" for name, target in entries.items())]
    (about / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: wijktwin-zebra\nVersion: 0.1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    load_measures.cache_clear()
    yield
    load_measures.cache_clear()
    for name in [name for name in sys.modules if name.startswith("wijktwin_zebra")]:
        del sys.modules[name]
