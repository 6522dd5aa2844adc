"""Readings that expired are gone from the disk, not only from the tables."""

import json
import re
import threading
from datetime import UTC, datetime, timedelta

import pytest

from sensors.door import Door, Message
from sensors.pseudonyms import Pseudonyms
from twin.batch import Writer
from twin.domains import load_domains
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation
from wijktwin.operations import expire, kept_since

SEEN_AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
CANARIES = [f"CANARY{number:05d}" for number in range(1000)]
KEPT_DAYS = 7


@pytest.fixture(params=["file", "lake"])
def location(request, tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    if request.param == "file":
        return StoreLocation(path=folder / "city.duckdb")
    return StoreLocation.parse(f"ducklake:{folder / 'cat.ducklake'}?data_path={folder / 'files'}/")


@pytest.fixture
def store(location, city, monkeypatch):
    """A store whose files a search can read, with 1,000 sightings of bicycles that are canaries."""
    monkeypatch.setattr(Pseudonyms, "of", lambda _self, identifier, **_: identifier)
    domains = load_domains()
    with Store.open(location, crs=city.crs, domains=domains, now=SEEN_AT) as opened:
        opened._connection.execute("SET force_compression = 'uncompressed'")
        if location.catalogue is not None:
            opened._connection.execute(
                "CALL city.set_option('parquet_compression', 'uncompressed')"
            )
        yield opened


@pytest.fixture
def full(store, city, devices):
    """The same, filled through the door."""
    domains = load_domains()
    write_geography(store, city, domains)
    write_devices(
        store, [(device, SEEN_AT - timedelta(days=1), None) for device in devices.values()]
    )
    door, writer = Door(city, domains, devices=devices), Writer(store, domains)
    west, south, east, north = city.boundary.bounds
    lon, lat = city.to_degrees.transform((west + east) / 2, (south + north) / 2)
    messages = [
        Message(
            "wijk/v1/bikes/scan-bikes",
            json.dumps(
                {
                    "kind": "sighting",
                    "observed_at": SEEN_AT.isoformat(),
                    "boot": "b",
                    "seq": seq,
                    "state": "loose",
                    "lon": lon,
                    "lat": lat,
                    "bike": canary,
                }
            ).encode(),
        )
        for seq, canary in enumerate(CANARIES, 1)
    ]
    batch = door.read(messages, now=SEEN_AT)
    assert not batch.rejected
    writer.write(batch, received_at=SEEN_AT)
    store.checkpoint()
    return store


def canaries_in(folder):
    """Count the canaries that are anywhere in the files under a folder."""
    contents = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return len({name for content in contents for name in re.findall(rb"CANARY\d{5}", content)})


def deleted(store, now):
    expire(store, load_domains(), before=kept_since(now, KEPT_DAYS))
    store.checkpoint()


def test_after_seven_days_no_reading_is_left_in_any_file(full, tmp_path, is_quick):
    assert canaries_in(tmp_path) >= 990, "the search finds what is there"
    every_day = [SEEN_AT + timedelta(days=day) for day in range(KEPT_DAYS + 1)]
    for now in every_day[: -2 : 5 if is_quick else 1]:
        deleted(full, now)
        full.rewrite()
        assert canaries_in(tmp_path) >= 990
    deleted(full, every_day[-1])
    full.rewrite()
    assert canaries_in(tmp_path) == 0
    assert full.query("SELECT count(*) AS n FROM city.bikes_reading")["n"][0].as_py() == 0
    assert full.query("SELECT count(*) AS n FROM city.progress")["n"][0].as_py() == 1


def test_the_search_finds_what_only_deleting_leaves_behind(full, tmp_path):
    deleted(full, SEEN_AT + timedelta(days=KEPT_DAYS))
    assert full.query("SELECT count(*) AS n FROM city.bikes_reading")["n"][0].as_py() == 0
    assert canaries_in(tmp_path) >= 990


def test_rewriting_that_was_cut_short_leaves_the_store_as_it_was(location, full, city):
    full.close()
    left = location.file.with_name(location.file.name + ".rewritten")
    left.write_bytes(b"half of it")
    with Store.open(location, crs=city.crs, domains=load_domains(), now=SEEN_AT) as opened:
        assert opened.query("SELECT count(*) AS n FROM city.bikes_reading")["n"][0].as_py() == 1000
    assert not left.exists()


def test_everybody_waits_while_it_is_rewritten(full):
    errors = []

    def read():
        try:
            for _ in range(50):
                assert (
                    full.query("SELECT count(*) AS n FROM city.bikes_reading")["n"][0].as_py()
                    == 1000
                )
        except Exception as err:
            errors.append(err)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        full.rewrite()
    for thread in threads:
        thread.join()
    assert errors == []
