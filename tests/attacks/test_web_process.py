"""The web process has no way to raw data: no handle, no path, no SQL, no setting, no extension."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from sensors.mosquitto_process import free_port
from twin.domains import load_domains
from twin.place import write_public
from twin.privacy.public import PublicReader
from twin.store import Store, StoreLocation

CANARY = "CANARY-IN-THE-STORE"
NOW = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)

PATHS = (
    "/../store/city.duckdb",
    "/..%2fstore%2fcity.duckdb",
    "/%2e%2e/%2e%2e/store/city.duckdb",
    "/static/..%2f..%2f..%2fstore/city.duckdb",
    "/static/%2fetc%2fpasswd",
    "/nl/../../store/city.duckdb",
    "/api/v1/layers/..%2f..%2fstore%2fcity",
    "/api/v1/layers/{name}",
    "/api/v1/releases/{name}",
    "/api/v1/coverage/{name}",
    "/api/v1/releases?quantity={name}",
    "/api/v1/typical/{name}",
    "/api/v1/search?q={name}",
    "/nl/?show={name}",
    "/nl/?period={name}",
    "/nl/?place={name}",
    "/nl/?origin={name}",
    "/nl/?domain={name}&q={name}&spot={name}",
)
NAMES = (
    "parking_occupied' OR '1'='1",
    "parking_occupied; ATTACH '{store}' AS city",
    "x' UNION SELECT * FROM read_blob('{store}') --",
    "read_parquet('{store}')",
    "../../store/city.duckdb",
    "..%00",
    "{{7*7}}",
    "\N{FULLWIDTH FULL STOP}\N{FULLWIDTH FULL STOP}/store",
    "' || (SELECT content FROM read_text('{store}')) || '",
)
STATEMENTS = (
    "ATTACH '{store}' AS city (READ_ONLY)",
    "SELECT * FROM read_blob('{store}')",
    "SELECT * FROM read_text('{store}')",
    "SELECT * FROM read_csv('{store}', all_varchar => true)",
    "SELECT * FROM glob('{place}/store/*')",
    "SELECT * FROM '{place}/public/../store/city.duckdb'",
    "COPY (SELECT 1) TO '{place}/store/x.csv'",
    "COPY (SELECT 1) TO '{place}/x.csv'",
    "EXPORT DATABASE '{place}/store/x'",
    "SET enable_external_access = true",
    "SET GLOBAL enable_external_access = true",
    "RESET enable_external_access",
    "SET allowed_directories = ['/']",
    "SET allowed_paths = ['{store}']",
    "SET lock_configuration = false",
    "SET temp_directory = '{place}/store'",
    "SET extension_directory = '/tmp'",
    "SET secret_directory = '/tmp'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD spatial",
    "LOAD '/tmp/evil.duckdb_extension'",
    "CREATE SECRET s (TYPE s3)",
    "SELECT getenv('HOME')",
)


@pytest.fixture
def place(city, tmp_path):
    """A place's folder with public files, and a store with a canary in it that is open here."""
    folder = tmp_path / "tiny"
    write_public(city, folder / "public")
    (folder / "ops").mkdir()
    location = StoreLocation(path=folder / "store" / "city.duckdb")
    with Store.open(location, crs=city.crs, domains=load_domains(), now=NOW) as store:
        with store.transaction() as cursor:
            cursor.execute(
                "INSERT INTO city.recent VALUES ($canary, $now)", {"canary": CANARY, "now": NOW}
            )
        store.checkpoint()
        yield folder


@pytest.fixture
def web(place):
    """A web process on that place: its number and its address."""
    port = free_port()
    environment = os.environ | {"WIJKTWIN_DATA": str(place.parent), "WIJKTWIN_PLACE": "tiny"}
    with subprocess.Popen(
        [sys.executable, "-m", "wijktwin", "web", "--port", str(port)], env=environment
    ) as process:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and fetch(f"{address}/nl/about")[0] != 200:
            time.sleep(0.2)
        assert fetch(f"{address}/nl/about")[0] == 200
        yield process.pid, address
        process.terminate()


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (an address made here)
            return answer.status, answer.read()
    except urllib.error.HTTPError as err:
        return err.code, err.read()
    except OSError:
        return 0, b""


def opened(pid, place):
    """Return the files that a process has open or mapped within a place's store."""
    links = [
        str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()
    ]
    mapped = Path(f"/proc/{pid}/maps").read_text().splitlines()
    store = str((place / "store").resolve())
    return [one for one in [*links, *mapped] if store in one]


def probes(address, place):
    store = place / "store" / "city.duckdb"
    for path in PATHS:
        for name in NAMES if "{name}" in path else ("",):
            filled = urllib.parse.quote(name.replace("{store}", str(store)), safe="")
            yield address + path.replace("{name}", filled)


def test_it_has_no_handle_on_the_store_and_gives_no_answer_from_it(web, place):
    pid, address = web
    for url in probes(address, place):
        status, body = fetch(url)
        assert status in {200, 404, 400, 422}, (status, url)
        assert CANARY.encode() not in body, url
        assert b"root:x:" not in body, url
        assert str(place.resolve()).encode() not in body, url
    assert opened(pid, place) == []
    assert opened(os.getpid(), place), "the search finds who has it open: this process"


def test_its_engine_cannot_leave_its_two_folders(place):
    reader = PublicReader(place, load_domains())
    for statement in STATEMENTS:
        filled = statement.replace("{store}", str(place / "store" / "city.duckdb"))
        with pytest.raises(duckdb.Error):
            reader._connection.execute(filled.replace("{place}", str(place))).fetchall()
    reader.close()


def test_an_engine_that_is_not_locked_would_be_caught(place):
    open_to_all = duckdb.connect()
    content = open_to_all.execute(
        f"SELECT content FROM read_blob('{place / 'store' / 'city.duckdb'}')"
    ).fetchone()
    assert content is not None
    assert len(content[0]) > 0
