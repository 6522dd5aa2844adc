"""The city process: what it takes up while it runs, and when it refuses to start."""

import html
import json
import re
import shutil
import socket
import subprocess
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import paho.mqtt.client as mqtt
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient
from talker import Talker

from sensors.mosquitto_process import free_port
from sensors.registration import register
from sensors.registry import Registry
from sensors.sample import first_reading
from sensors.topics import reading_topic, receipt_topic
from twin.domains import load_domains
from twin.errors import SettingsError
from web.app import create_app
from wijktwin.city_process import run_city
from wijktwin.clock import wall_now
from wijktwin.errors import PlaceInUseError, PortError
from wijktwin.settings import Settings
from wijktwin.status import read_status

FOOTFALL = next(domain for domain in load_domains() if domain.name == "footfall")


@pytest.fixture
def settings(data):
    return Settings(data=data, place="tiny", mqtt_port=free_port(), metrics_port=0)


@pytest.fixture
def counter(city, folder):
    """Register a footfall counter that has been there for two days; give it and its password."""
    device = register(city, FOOTFALL, "teller-1", target="counter-1")
    with Registry(folder.registry) as registry:
        registry.add([device], since=wall_now() - timedelta(days=2))
        return device, registry.issue_password("teller-1")


def released(folder):
    return sorted((folder.public / "release" / "footfall_passages").glob("*.parquet"))


def publish(settings, city, device, password):
    """Publish a first reading as the device, and return the receipt."""
    talker = Talker(settings.mqtt_port, device.device, password)
    try:
        assert talker.connected == "Success"
        talker.subscribe(receipt_topic(device.device))
        reading = first_reading(city, FOOTFALL, device, now=wall_now())
        talker.publish(reading_topic("footfall", device.device), json.dumps(reading).encode())
        return json.loads(talker.heard.get(timeout=20).payload)
    finally:
        talker.close()


def test_a_reading_gets_its_receipt(running, settings, folder, city, counter):
    with running(settings):
        receipt = publish(settings, city, *counter)
    assert (receipt["settled"], receipt["rejected"]) == (1, [])
    assert read_status(folder.ops).state == "stopping"


def test_a_device_that_is_added_while_it_runs_is_let_in(
    running, wait_until, settings, folder, city, wijktwin, data
):
    with running(settings):
        said = wijktwin(
            *("device", "add", "teller-2", "footfall", "--target", "counter-8"),
            *("--data", data, "--place", "tiny"),
        )
        password = said.out.split("password")[1].split()[0]
        with Registry(folder.registry) as registry:
            device = registry.devices()["teller-2"]
        talker = Talker(settings.mqtt_port, "teller-2", password)
        talker.subscribe(receipt_topic("teller-2"))
        settled = []

        def is_let_in():
            reading = first_reading(city, FOOTFALL, device, now=wall_now())
            talker.publish(reading_topic("footfall", "teller-2"), json.dumps(reading).encode())
            while not talker.heard.empty():
                settled.append(json.loads(talker.heard.get().payload)["settled"])
            return 1 in settled

        wait_until(is_let_in)
        talker.close()


@pytest.mark.mosquitto
@pytest.mark.skipif(shutil.which("mosquitto_pub") is None, reason="mosquitto_pub is not installed")
def test_the_line_that_is_printed_works_as_it_is(
    running, wait_until, settings, folder, city, wijktwin, data
):
    said = wijktwin(
        *("device", "add", "vak-1", "parking", "--target", "bay-s0"),
        *("--data", data, "--place", "tiny", "--mqtt-port", settings.mqtt_port),
    )
    (line,) = [line for line in said.out.splitlines() if line.startswith("mosquitto_pub")]
    with running(settings):
        talker = Talker(settings.mqtt_port)
        talker.subscribe(receipt_topic("vak-1"))
        subprocess.run(line, shell=True, check=True)
        receipt = json.loads(talker.heard.get(timeout=20).payload)
        talker.close()
    assert (receipt["settled"], receipt["rejected"]) == (1, [])


def test_a_wrong_password_is_refused_and_nobody_s_is_not_asked(running, settings, folder, counter):
    with running(settings):
        for name, password, answer in (
            ("teller-1", "wrong", "Not authorized"),
            (None, None, "Success"),
        ):
            talker = Talker(settings.mqtt_port, name, password, protocol=mqtt.MQTTv311)
            assert talker.connected == answer
            talker.close()


def test_windows_that_are_due_are_published_soon(
    running, wait_until, settings, folder, city, counter
):
    with running(settings):
        wait_until(lambda: len(released(folder)) > 1)
    files = released(folder)
    assert len(files) in {2, 3}
    table = pq.read_table(files[-1])
    assert set(table["value"].to_pylist()) == {None}


def test_it_does_not_start_before_what_it_released(running, wait_until, settings, folder, counter):
    with running(settings):
        wait_until(lambda: released(folder))
    clock_was = folder.clock.exists()
    yesterday = (datetime.now() - timedelta(days=1)).replace(microsecond=0)
    early = replace(settings, start=yesterday)
    with pytest.raises(SettingsError, match="up to which figures have been released"):
        run_city(early, threading.Event())
    assert folder.clock.exists() == clock_was


def test_a_second_one_on_the_same_place_is_refused(running, settings, folder, counter):
    with running(settings), pytest.raises(PlaceInUseError, match="in use by wijktwin city"):
        run_city(replace(settings, mqtt_port=free_port()), threading.Event())


def test_a_broker_s_port_that_is_taken_is_said_before_anything_else(running, settings, folder):
    with (
        socket.create_server(("127.0.0.1", settings.mqtt_port)),
        pytest.raises(PortError, match="--mqtt-port"),
    ):
        run_city(settings, threading.Event())
    assert not folder.ops.exists()


def test_stopped_before_it_is_ready_it_ends(running, settings, folder):
    stop = threading.Event()
    stop.set()
    run_city(replace(settings, simulated=True, history_days=28), stop)
    assert read_status(folder.ops).state == "stopping"


@pytest.mark.mosquitto
@pytest.mark.skipif(shutil.which("mosquitto_pub") is None, reason="mosquitto_pub is not installed")
def test_the_lines_on_the_page_for_makers_of_devices_work_as_printed(
    running, wait_until, settings, folder, devices
):
    with Registry(folder.registry) as registry:
        registry.add(devices.values(), since=wall_now() - timedelta(days=2))
    with running(settings):
        wait_until((folder.ops / "devices.parquet").exists)
        app = create_app(
            place_directory=folder.root,
            domains=load_domains(),
            now=wall_now,
            mqtt_port=settings.mqtt_port,
        )
        with TestClient(app) as browser:
            page = browser.get("/en/devices").text
        lines = re.findall(r"mosquitto_pub [^<]+", page)
        assert len(lines) == sum(len(domain.sensors) for domain in load_domains())
        for line in map(html.unescape, lines):
            device = re.search(r"-t \S+/(\S+)", line)[1]
            assert device in devices
            talker = Talker(settings.mqtt_port)
            talker.subscribe(receipt_topic(device))
            subprocess.run(line, shell=True, check=True)
            receipt = json.loads(talker.heard.get(timeout=20).payload)
            talker.close()
            assert (receipt["settled"], receipt["rejected"]) == (1, []), line


def test_a_place_with_simulated_devices_is_a_demonstration_whoever_runs_them(
    running, wait_until, settings, folder, devices
):
    def says_so():
        return json.loads((folder.ops / "status.json").read_text())["is_demonstration"]

    with running(settings):
        assert not says_so()
        with Registry(folder.registry) as registry:
            registry.add(devices.values(), since=wall_now())
        wait_until(says_so)
        assert not read_status(folder.ops).has_fleet
