from datetime import UTC, datetime

import pytest

from twin.domains import load_domains
from twin.store import Store, StoreLocation

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture(params=["file", "lake"])
def location(request, tmp_path):
    """Where a store is: in a DuckDB file, and in a DuckLake with local catalogue and files."""
    if request.param == "file":
        return StoreLocation(path=tmp_path / "city.duckdb")
    return StoreLocation.parse(
        f"ducklake:{tmp_path / 'cat.ducklake'}?data_path={tmp_path / 'files'}/"
    )


@pytest.fixture
def domains():
    return load_domains()


@pytest.fixture
def store(location, city, domains):
    with Store.open(location, crs=city.crs, domains=domains, now=NOW) as opened:
        yield opened
