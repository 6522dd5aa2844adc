"""Mosquitto with our configuration, users and rules."""

import subprocess
from datetime import UTC, datetime
from pathlib import PurePosixPath

import paho.mqtt.client as mqtt
import pytest
from talker import PersistentListener

from sensors.errors import BrokerError
from sensors.mosquitto import MosquittoSettings, Tls, mosquitto_conf, write_mosquitto_files
from sensors.mosquitto_process import free_port
from sensors.registry import Registry
from sensors.topics import Role
from twin.readings import Device
from twin.words import Origin

NOW = datetime(2026, 5, 4, 9, 15, tzinfo=UTC)
CERTIFICATE = [
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "1",
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost",
]
FOREIGN = ["v3/+/devices/+/up"]


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "devices.sqlite") as registry:
        devices = [Device(name, "parking", Origin.MEASURED) for name in ("bay-1", "bay-2")]
        registry.add(devices, since=NOW)
        yield registry


def test_the_settings_that_lost_readings_in_trials_are_explicit():
    text = mosquitto_conf(MosquittoSettings(directory=PurePosixPath("/mosquitto/data")))
    lines = text.splitlines()
    assert "max_queued_messages 1000000" in lines
    assert "autosave_on_changes true" in lines
    assert "allow_anonymous false" in lines
    assert "password_file /mosquitto/data/passwd" in lines
    assert "retain_available false" in lines


def test_tls_is_a_listener_of_its_own():
    tls = Tls(PurePosixPath("/tls/cert.pem"), PurePosixPath("/tls/key.pem"))
    settings = MosquittoSettings(directory=PurePosixPath("/data"), port=None, tls=tls)
    lines = mosquitto_conf(settings).splitlines()
    assert lines[:3] == ["listener 8883", "certfile /tls/cert.pem", "keyfile /tls/key.pem"]
    assert not any(line.startswith("listener 1883") for line in lines)


def test_the_files_are_for_their_owner_only(registry, tmp_path):
    registry.issue_password("bay-1")
    for path in write_mosquitto_files(registry, tmp_path / "mosquitto"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.mosquitto
class TestUsers:
    """Signing in at a real Mosquitto, and what one may do there (MQTT 5 says so)."""

    @pytest.fixture
    def people(self, registry, mosquitto, talk, tmp_path):
        passwords = {
            "bay-1": registry.issue_password("bay-1"),
            "city": registry.issue_password("city", Role.INGEST),
            "sim": registry.issue_password("sim", Role.FLEET),
            "lora": registry.issue_password("lora", Role.BRIDGE),
        }
        directory = tmp_path / "mosquitto"
        write_mosquitto_files(registry, directory, foreign=FOREIGN)
        self.broker = mosquitto(directory=directory, has_users=True)

        def connect(name, password=None):
            secret = passwords[name] if password is None else password
            return talk(self.broker.port, name, secret, protocol=mqtt.MQTTv5)

        return connect

    def test_a_device_signs_in_with_its_password_only(self, people):
        assert people("bay-1").connected == "Success"
        assert people("bay-1", "wrong").connected == "Not authorized"
        assert people("bay-2", "").connected == "Not authorized"

    def test_a_device_publishes_under_its_own_name_only(self, people):
        city, device = people("city"), people("bay-1")
        city.subscribe("wijk/v1/+/+")
        assert device.publish("wijk/v1/parking/bay-2") == "Not authorized"
        assert device.publish("v3/app@ttn/devices/bay-1/up") == "Not authorized"
        assert device.publish("wijk/v1/parking/bay-1") == "Success"
        assert city.next_topic() == "wijk/v1/parking/bay-1"

    def test_a_device_hears_its_own_receipts_only(self, people):
        city, device = people("city"), people("bay-1")
        device.subscribe("#")
        assert people("sim").publish("wijk/v1/parking/bay-2") == "Success"
        assert city.publish("wijk/v1/receipt/bay-2") == "Success"
        assert city.publish("wijk/v1/receipt/bay-1") == "Success"
        assert device.next_topic() == "wijk/v1/receipt/bay-1"

    def test_a_bridge_publishes_what_adapters_read(self, people):
        city, bridge = people("city"), people("lora")
        city.subscribe(FOREIGN[0])
        assert bridge.publish("v3/app@ttn/devices/bay-1/up") == "Success"
        assert bridge.publish("wijk/v1/parking/bay-1") == "Not authorized"
        assert city.next_topic() == "v3/app@ttn/devices/bay-1/up"

    def test_a_new_device_needs_no_restart(self, people, registry):
        assert people("bay-1").connected == "Success"
        password = registry.issue_password("bay-2")
        write_mosquitto_files(registry, self.broker.directory, foreign=FOREIGN)
        self.broker.reload()
        assert people("bay-2", password).connected == "Success"


@pytest.mark.mosquitto
class TestLimits:
    """What the configuration does at its edges."""

    def test_a_megabyte_gets_through_and_twice_that_ends_the_connection(self, mosquitto, talk):
        broker = mosquitto()
        listener, device = talk(broker.port), talk(broker.port)
        listener.subscribe("wijk/v1/+/+")
        device.publish("wijk/v1/parking/bay-1", bytes(1024 * 1024))
        assert listener.next_topic() == "wijk/v1/parking/bay-1"
        gone = device.client.publish("wijk/v1/parking/bay-1", bytes(2 * 1024 * 1024), qos=1)
        assert device.lost.wait(5)
        # Where the connection broke while it was being sent, the client knows at once.
        assert gone.rc != mqtt.MQTT_ERR_SUCCESS or not gone.is_published()

    def test_a_power_cut_loses_the_last_message_at_most_when_every_change_is_saved(
        self, mosquitto, talk
    ):
        broker = mosquitto(autosave_changes=1)
        with PersistentListener(broker.port) as city:
            city.subscribe("wijk/v1/+/+")
        device = talk(broker.port)
        sent = [f"wijk/v1/parking/bay-{number}" for number in range(20)]
        for topic in [*sent, "wijk/v1/parking/last"]:
            device.publish(topic)
        broker.kill()
        broker.start()
        with city:
            assert [city.next_topic() for _ in sent] == sent

    def test_a_directory_that_cannot_be_used_is_said_in_one_sentence(self, mosquitto, tmp_path):
        with pytest.raises(BrokerError, match=r"^Mosquitto does not start: .*passwd"):
            mosquitto(directory=tmp_path / "empty", has_users=True)


@pytest.mark.mosquitto
def test_devices_speak_tls(mosquitto, tmp_path):
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    try:
        subprocess.run(
            [*CERTIFICATE, "-keyout", key, "-out", cert],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    secure = mosquitto(tls=Tls(cert, key, port=free_port()))
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.tls_set(ca_certs=str(cert))
    client.connect("localhost", secure.settings.tls.port)
    client.loop_start()
    client.publish("wijk/v1/parking/bay-1", b"{}", qos=1).wait_for_publish(5)
    assert client.is_connected()
    client.disconnect()
    client.loop_stop()
