"""Stores of both kinds, and a domain from outside the packages."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from twin.domains import load_domains
from twin.store import Store, StoreLocation

OUTSIDE = Path(__file__).parent / "outside"


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


@pytest.fixture
def installed(monkeypatch):
    """The package of a domain from outside, as good as installed: importable, with its metadata."""
    monkeypatch.syspath_prepend(OUTSIDE)
    yield
    for name in [name for name in sys.modules if name.startswith("noise_domain")]:
        del sys.modules[name]


@pytest.fixture
def noise(installed):
    return next(domain for domain in load_domains() if domain.name == "noise")
