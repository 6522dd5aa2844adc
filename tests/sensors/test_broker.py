"""The embedded broker, with real clients."""

import socket
import threading

import pytest
from talker import PersistentListener

from sensors.broker import EmbeddedBroker
from sensors.errors import BrokerError
from sensors.topics import Role

USERS = {
    ("bay-1", "a"): Role.DEVICE,
    ("city", "b"): Role.INGEST,
    ("sim", "c"): Role.FLEET,
    ("lora", "d"): Role.BRIDGE,
}


def verify(name, password):
    return USERS.get((name, password))


@pytest.fixture
def broker():
    with EmbeddedBroker(
        0, verify=verify, allow_anonymous=False, foreign=["v3/+/devices/+/up"]
    ) as broker:
        yield broker


def test_anybody_on_this_machine_may_publish_and_listen(talk):
    with EmbeddedBroker(0) as broker:
        listener, device = talk(broker.port), talk(broker.port)
        assert listener.subscribe("wijk/v1/+/+") == "Granted QoS 1"
        device.publish("wijk/v1/parking/bay-1")
        assert listener.next_topic() == "wijk/v1/parking/bay-1"


def test_without_verify_a_name_is_as_good_as_none(talk):
    with EmbeddedBroker(0) as broker:
        assert talk(broker.port, "anybody", "anything").connected == "Success"


def test_a_persistent_session_keeps_what_came_meanwhile(talk):
    with EmbeddedBroker(0) as broker:
        with PersistentListener(broker.port) as city:
            city.subscribe("wijk/v1/+/+")
        talk(broker.port).publish("wijk/v1/parking/bay-1")
        with city:
            assert city.next_topic() == "wijk/v1/parking/bay-1"


@pytest.mark.parametrize(("name", "password"), [("bay-1", "b"), ("bay-2", "a"), (None, None)])
def test_who_does_not_know_the_password_stays_out(broker, talk, name, password):
    assert talk(broker.port, name, password).connected == "Not authorized"


def test_a_device_publishes_under_its_own_name_only(broker, talk):
    city, device = talk(broker.port, "city", "b"), talk(broker.port, "bay-1", "a")
    city.subscribe("wijk/v1/+/+")
    device.publish("wijk/v1/parking/bay-2")
    device.publish("v3/app@ttn/devices/bay-2/up")
    device.publish("wijk/v1/parking/bay-1")
    assert city.next_topic() == "wijk/v1/parking/bay-1"
    assert city.heard.empty()


def test_a_device_hears_its_own_receipts_only(broker, talk):
    city, device = talk(broker.port, "city", "b"), talk(broker.port, "bay-1", "a")
    assert device.subscribe("wijk/v1/parking/bay-2") == "Unspecified error"
    assert device.subscribe("#") == "Unspecified error"
    assert device.subscribe("wijk/v1/receipt/bay-1") == "Granted QoS 1"
    city.publish("wijk/v1/receipt/bay-2")
    city.publish("wijk/v1/receipt/bay-1")
    assert device.next_topic() == "wijk/v1/receipt/bay-1"


def test_a_fleet_publishes_for_all_its_devices(broker, talk):
    city, fleet = talk(broker.port, "city", "b"), talk(broker.port, "sim", "c")
    city.subscribe("wijk/v1/+/+")
    assert fleet.subscribe("wijk/v1/receipt/+") == "Granted QoS 1"
    fleet.publish("wijk/v1/bikes/rack-1")
    assert city.next_topic() == "wijk/v1/bikes/rack-1"


def test_a_bridge_publishes_what_adapters_read(broker, talk):
    city, bridge = talk(broker.port, "city", "b"), talk(broker.port, "lora", "d")
    city.subscribe("v3/+/devices/+/up")
    bridge.publish("v3/app@ttn/devices/bay-1/up")
    assert city.next_topic() == "v3/app@ttn/devices/bay-1/up"


def test_a_port_in_use_is_said_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            BrokerError, match=rf"^port {port} on 127\.0\.0\.1 is in use by another program$"
        ):
            EmbeddedBroker(port).start()


def test_anybody_is_let_in_from_this_machine_only():
    with pytest.raises(BrokerError, match=r"listens on a loopback address only, not 0\.0\.0\.0$"):
        EmbeddedBroker(1883, "0.0.0.0")


def test_it_stops_with_clients_connected_and_starts_again_on_the_same_port(talk):
    with EmbeddedBroker(0) as broker:
        talk(broker.port).subscribe("wijk/v1/+/+")
        port = broker.port
    assert not any(thread.name == "embedded-broker" for thread in threading.enumerate())
    with EmbeddedBroker(port):
        assert talk(port).connected == "Success"


def test_stopping_twice_does_nothing():
    broker = EmbeddedBroker(0)
    broker.start()
    broker.stop()
    broker.stop()


@pytest.mark.parametrize(
    "noise", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x10\xff\xff\xff\xff", bytes(4096)]
)
def test_noise_on_the_port_does_not_disturb_it(talk, noise):
    with EmbeddedBroker(0) as broker:
        with socket.create_connection(("127.0.0.1", broker.port)) as stranger:
            stranger.sendall(noise)
        assert talk(broker.port).publish("wijk/v1/parking/bay-1") == "Success"
