"""What the doctor finds in situations that are really broken, and what it says to do."""

import shutil
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from owners import kind_of_sensor

from sensors.broker import EmbeddedBroker
from sensors.mosquitto import write_mosquitto_files
from sensors.mosquitto_process import free_port
from sensors.registry import Registry
from twin import extensions
from twin.domains import load_domains
from twin.store import Store
from wijktwin import lock
from wijktwin.clock import wall_now
from wijktwin.doctor import examine
from wijktwin.settings import Settings


@pytest.fixture
def settings(data):
    return Settings(data=data, place="tiny", port=free_port(), mqtt_port=free_port())


@pytest.fixture
def store(settings, folder, city):
    """The path of a store that has been opened before."""
    location = folder.store(None)
    with Store.open(location, crs=city.crs, domains=load_domains(), now=wall_now()):
        return location.path


def findings(settings, now=None):
    return {finding.what: finding for finding in examine(settings, now)}


def fault(settings, what, now=None):
    """Return the one thing that is wrong, as it is said."""
    found = findings(settings, now)
    assert [each.what for each in found.values() if not each.is_fine] == [what]
    return f"{found[what].found} → {found[what].advice}"


def test_nothing_is_wrong_with_a_place_that_is_ready_to_run(settings, folder):
    found = findings(settings)
    assert all(finding.is_fine for finding in found.values())
    assert found["place"].found == "Tiny: 12 segments, 12 bay groups"
    assert "there is none yet" in found["store"].found
    assert not folder.root.joinpath("store").exists()


def test_nothing_is_wrong_while_it_runs(settings, folder, store):
    with EmbeddedBroker(settings.mqtt_port), lock.holding(folder, "wijktwin city"):
        found = findings(settings)
    assert all(finding.is_fine for finding in found.values())
    assert found["broker"].found.startswith("answers at")
    assert "in use by wijktwin city" in found["store"].found


def test_a_variable_that_means_nothing(settings, monkeypatch):
    monkeypatch.setenv("WIJKTWIN_PROT", "8001")
    assert "WIJKTWIN_PROT" in fault(settings, "settings")


def test_an_extension_that_is_missing(settings, monkeypatch):
    def missing(package):
        raise ModuleNotFoundError(package)

    monkeypatch.setattr(extensions, "files", missing)
    said = fault(settings, "DuckDB extensions")
    assert "spatial is not installed: pip install duckdb-extension-spatial==" in said


def test_an_extension_of_another_version(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(extensions, "files", lambda _package: tmp_path)
    assert "of another version" in fault(settings, "DuckDB extensions")


def test_a_disk_that_is_nearly_full(settings, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=1_500_000_000)
    monkeypatch.setattr("wijktwin.doctor.shutil.disk_usage", lambda _path: usage)
    assert fault(settings, "disk").startswith("1.5 GB free")


def test_a_data_folder_that_is_a_file(settings, tmp_path):
    (tmp_path / "taken").write_text("")
    found = findings(replace(settings, data=tmp_path / "taken"))["disk"]
    assert "cannot be written" in found.found
    assert "--data" in found.advice


def test_a_machine_whose_clock_was_never_set(settings):
    assert "1970-01-01" in fault(settings, "clock", datetime(1970, 1, 1, tzinfo=UTC))


def test_figures_that_lie_in_the_future(settings, folder):
    figures = folder.public / "release" / "x" / "2026-05-04.parquet"
    figures.parent.mkdir(parents=True)
    figures.touch()
    said = fault(settings, "clock", wall_now() - timedelta(hours=1))
    assert "set the machine's clock" in said


def test_a_place_that_is_not_imported(settings):
    said = fault(replace(settings, place="helsinki"), "place")
    assert said.startswith("'helsinki' is not imported")


@pytest.mark.parametrize("broken", ["city.json", "segments.parquet"])
def test_a_place_that_cannot_be_read(settings, folder, broken):
    (folder.city / broken).write_text("{")
    assert "import the place again" in fault(settings, "place")


def test_a_store_that_is_no_store(settings, store):
    store.write_bytes(b"this is not a database" * 500)
    assert "restore a back-up" in fault(settings, "store")


def test_a_store_that_opens(settings, store):
    assert findings(settings)["store"].found == "opens; 0 released figures"


def test_a_sensor_register_with_faults_is_told_fault_by_fault(settings, folder, wijktwin, data):
    path = folder.public / "register.toml"
    path.write_text(
        kind_of_sensor() + kind_of_sensor(layer="trees", contact="the town hall", owner="")
    )
    said = fault(settings, "sensor register")
    for part in (str(path), "sensors.2.owner:", "sensors.2.contact:", "there is no kind parking t"):
        assert part in said
    assert "wijktwin device owners" in said
    out = wijktwin("doctor", "--data", data, "--place", "tiny", "--port", settings.port).out
    assert out.count("    • sensors") == 3


def test_a_sensor_register_that_is_no_toml_is_told_with_its_line(settings, folder):
    (folder.public / "register.toml").write_text(kind_of_sensor() + "owner = \n")
    assert "line 10" in fault(settings, "sensor register")


def test_a_sensor_register_that_is_right_or_not_there(settings, folder):
    assert "not filled in yet" in findings(settings)["sensor register"].found
    (folder.public / "register.toml").write_text(kind_of_sensor())
    assert "1 of 6 kinds" in findings(settings)["sensor register"].found


@pytest.mark.parametrize(("what", "name"), [("pages", "port"), ("broker", "mqtt_port")])
def test_a_port_that_something_else_has(settings, what, name):
    with socket.create_server(("127.0.0.1", getattr(settings, name))):
        said = fault(settings, what)
    assert "in use by another program" in said
    assert f"--{name.replace('_', '-')}" in said


def test_an_external_broker_that_is_not_there(settings):
    said = fault(replace(settings, broker="external"), "broker")
    assert "start the broker" in said


@pytest.mark.mosquitto
def test_a_broker_that_does_not_let_us_in(settings, mosquitto, tmp_path):
    with Registry(tmp_path / "devices.sqlite") as registry:
        write_mosquitto_files(registry, tmp_path / "broker")
    port = mosquitto(directory=tmp_path / "broker", has_users=True).port
    wrong = replace(
        settings, broker="external", mqtt_port=port, mqtt_username="x", mqtt_password="y"
    )
    said = fault(wrong, "broker")
    assert "it refuses us: Not authorized" in said
    assert "mqtt_username and mqtt_password" in said


def test_the_command_ends_with_1_where_something_is_wrong(wijktwin, settings, data):
    words = ("doctor", "--data", data, "--port", settings.port, "--mqtt-port", settings.mqtt_port)
    said = wijktwin(*words, "--place", "tiny")
    assert said.code == 0
    assert said.out.count("✓") == 10
    said = wijktwin(*words, "--place", "nowhere")
    assert said.code == 1
    assert "✗ place: 'nowhere' is not imported\n    → wijktwin place import" in said.out
