"""How long an answer takes, and how long it is, says nothing that the published figures do not."""

import time
from datetime import UTC, datetime
from random import Random

import pytest
from made import NOW, MadeFigures
from scipy.stats import mannwhitneyu
from starlette.testclient import TestClient

from twin.domains import load_domains
from twin.place import write_public
from twin.store import Store, StoreLocation
from web.app import create_app

REQUESTS = 300
WARM = 5
FALSE_ALARM = 1e-6
"""How often this test may fail by chance, all its paths together."""

PATHS = (
    "/nl/",
    "/en/?show=footfall_passages",
    "/api/v1/releases/parking_occupied?latest=true",
    "/api/v1/coverage/parking_occupied?latest=true",
    "/nl/privacy",
)


@pytest.fixture
def place(city, tmp_path):
    """A place with public files, and two stores beside it of which one can be put in."""
    write_public(city, tmp_path / "tiny" / "public")
    MadeFigures(tmp_path / "tiny", load_domains()).write(now=NOW, days=3)
    for name, readings in (("with", 300_000), ("without", 0)):
        location = StoreLocation(path=tmp_path / name / "city.duckdb")
        with (
            Store.open(location, crs=city.crs, domains=load_domains(), now=NOW) as store,
            store.transaction() as cursor,
        ):
            cursor.execute(
                "INSERT INTO city.recent SELECT uuid(), $at FROM range($readings)",
                {"at": datetime(2026, 5, 12, tzinfo=UTC), "readings": readings},
            )
    return tmp_path / "tiny"


def put_in(place, world):
    """Let the place's store be the one with the unit, or the one without."""
    link = place / "store"
    link.unlink(missing_ok=True)
    link.symlink_to(place.parent / world)


def chances(place, also=lambda: None, requests=REQUESTS):
    """Return, for each path, the chance that both worlds' times come from the same distribution.

    One web process answers for both, in an order drawn beforehand: only the store differs.
    """
    order = Random(7)
    app = create_app(place_directory=place, domains=load_domains(), now=lambda: NOW, poll_s=3600)
    found = {}
    with TestClient(app) as client:
        for path in PATHS:
            times, contents = {"with": [], "without": []}, set()
            for number in range(requests + WARM):
                for world in order.sample(["with", "without"], 2):
                    put_in(place, world)
                    began = time.perf_counter()
                    also()
                    answer = client.get(path)
                    if number >= WARM:
                        times[world].append(time.perf_counter() - began)
                    assert answer.status_code == 200, path
                    contents.add(answer.content)
            assert len(contents) == 1, path
            found[path] = mannwhitneyu(times["with"], times["without"]).pvalue
    return found


def test_times_and_sizes_are_the_same_with_and_without_the_unit(place, is_quick):
    found = chances(place, requests=25 if is_quick else REQUESTS)
    assert min(found.values()) * len(PATHS) > FALSE_ALARM, found


def test_a_build_that_looks_into_the_store_would_be_caught(place):
    found = chances(place, also=lambda: (place / "store" / "city.duckdb").read_bytes())
    assert min(found.values()) * len(PATHS) < FALSE_ALARM, found
