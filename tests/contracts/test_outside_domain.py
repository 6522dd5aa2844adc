"""The package of docs/domains.md is measured, stored, released and shown like ours."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from sensors.door import Door, Message
from sensors.mosquitto_process import free_port
from sensors.registration import register
from sensors.registry import Registry
from sensors.schemas import payload_schemas
from sensors.topics import reading_topic
from twin.batch import Writer
from twin.domains import load_domains
from twin.place import load_city, save_city, write_public
from twin.privacy.published import publish
from twin.privacy.release import close_windows
from twin.register import write_devices
from twin.store import Store
from web.app import create_app
from wijktwin.city_process import run_city
from wijktwin.folder import PlaceFolder
from wijktwin.settings import Settings

HOUR = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
NOW = HOUR + timedelta(hours=3)
LOUD = (50, 70, 0, 30)
"""Loud moments in each quarter of the hour."""

SIGMA = 5.0
"""√(1 / 2ρ) with ρ = 0.02."""


@pytest.fixture
def folder(city, tmp_path):
    """A place that was imported before anybody had heard of noise."""
    folder = PlaceFolder(tmp_path / "data" / city.name)
    save_city(city, folder.city)
    write_public(city, folder.public)
    return folder


@pytest.fixture
def started(folder, noise):
    """The place after the city process has been started once since the package is there."""
    stop = threading.Event()
    stop.set()
    run_city(
        Settings(data=folder.root.parent, place="tiny", mqtt_port=free_port(), metrics_port=0), stop
    )
    return folder


@pytest.fixture
def released(started, noise):
    """The place after a meter has measured for an hour, and that hour was released."""
    city, domains = load_city(started.city), load_domains()
    middle = city.boundary.centroid
    lon, lat = city.to_degrees.transform(middle.x, middle.y)
    meter = register(city, noise, "meter-1", lon=lon, lat=lat)
    with (
        Store.open(started.store(None), crs=city.crs, domains=domains, now=NOW) as store,
        Registry(started.registry) as registry,
    ):
        registry.add([meter], since=HOUR)
        write_devices(store, registry.history())
        door, writer = Door(city, domains, devices=registry.devices()), Writer(store, domains)
        messages = [reading(quarter, times) for quarter, times in enumerate(LOUD, start=1)]
        batch = door.read([*messages, reading(5, -1)], now=NOW)
        assert [(item.field, item.seq) for item in batch.rejected] == [("times", 5)]
        assert writer.write(batch, received_at=NOW).stored == len(LOUD)
        publish(store, started.public, close_windows(store, domains, zone=city.zone, now=NOW))
    return started


def reading(quarter, times):
    content = {
        "kind": "loud",
        "observed_at": (HOUR + timedelta(minutes=15 * quarter)).isoformat(),
        "boot": "b",
        "seq": quarter,
        "heartbeat": True,
        "times": times,
        "interval_s": 900,
    }
    return Message(reading_topic("noise", "meter-1"), json.dumps(content).encode())


@pytest.fixture
def web(released):
    app = create_app(place_directory=released.root, domains=load_domains(), now=lambda: NOW)
    with TestClient(app) as client:
        yield client


def test_a_place_gets_the_cells_at_the_next_start(city, started):
    cells = load_city(started.city).layers["cells"]
    assert set(cells["domain"]) == {*city.layers["cells"]["domain"], "noise"}
    published = pq.read_table(started.public / "city" / "cells.parquet", columns=["domain"])
    assert "noise" in published["domain"].to_pylist()
    old = cells[cells["domain"] != "noise"]["cell"]
    assert list(old) == list(city.layers["cells"]["cell"])


def test_its_readings_are_checked_and_stored(city, started, noise, released):
    with Store.open(released.store(None), crs=city.crs, domains=load_domains(), now=NOW) as store:
        rows = store.query(
            "SELECT times, ST_X(geom) AS x_m, ST_Y(geom) AS y_m FROM city.noise_reading ORDER BY seq"
        ).to_pylist()
    assert [row["times"] for row in rows] == list(LOUD)
    middle = city.boundary.centroid
    assert rows[0]["x_m"] == pytest.approx(middle.x, abs=0.01)
    assert rows[0]["y_m"] == pytest.approx(middle.y, abs=0.01)
    assert payload_schemas([noise])["noise"]["title"] == "Noise"


def test_its_figures_are_released_with_noise(released):
    (path,) = (released.public / "release" / "noise_loud").glob("*.parquet")
    rows = [row for row in pq.read_table(path).to_pylist() if row["value"] is not None]
    (row,) = rows
    assert (row["window_start"], row["covered"], row["capacity"]) == (HOUR, 3600, 3600)
    assert row["sigma"] == pytest.approx(SIGMA)
    assert abs(row["value"] - sum(LOUD)) < 10 * SIGMA


def test_it_is_on_the_map_and_in_the_table(web):
    for language, title in (("nl", "Keer erg hard per uur"), ("en", "Times very loud per hour")):
        page = web.get(f"/{language}/", params={"show": "noise_loud"})
        assert page.status_code == 200
        assert title in page.text
        assert "scale-teal" in page.text


def test_it_is_in_the_api(web, released):
    listed = web.get("/api/v1/domains")
    assert listed.status_code == 200
    assert "noise_loud" in listed.text
    figures = web.get("/api/v1/releases/noise_loud")
    assert figures.status_code == 200
    assert "noise-1-" in figures.text
