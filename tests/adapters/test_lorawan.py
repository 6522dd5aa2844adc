"""What LoRaWAN frames say, beyond the published examples."""

import json
from pathlib import Path

import pytest

from sensors.adapters import AdapterError
from sensors.adapters.lorawan import Frame, read_frame
from sensors.adapters.ttn import ttn

VECTORS = Path(__file__).parent / "vectors"
TOPIC = "v3/app1@ttn/devices/dev1/up"


def uplink(vector="bosch-heartbeat-bytes", **changes):
    payload = json.loads((VECTORS / f"{vector}.json").read_text())["payload"]
    payload["uplink_message"].update(changes)
    return payload


def read(payload):
    return ttn().read(TOPIC, json.dumps(payload).encode())


def frame(port=0, content="", decoded=None, **attributes):
    return Frame(port, content, decoded, attributes)


@pytest.mark.parametrize(
    ("port", "content", "occupied", "heartbeat"),
    [(1, "AA==", [], False), (1, "AQ==", [1], False), (2, "ABQ=", [], True)],
)
def test_a_free_bay_is_free(port, content, occupied, heartbeat):
    assert read_frame(frame(port, content), "bosch", "tps110") == {
        "kind": "bays",
        "occupied": occupied,
        "heartbeat": heartbeat,
    }


@pytest.mark.parametrize("port", [0, 4, 5, 6, 200])
def test_what_a_sensor_says_of_itself_is_no_reading(port):
    assert read_frame(frame(port, "AQ=="), "bosch", "tps110") is None
    assert read_frame(frame(decoded={"type": "device usage", "bytes": []}), None, None) is None


def test_a_counters_heartbeat_is_no_reading():
    decoded = {"payload_type": 2, "payload_variant": 8, "device_status": 0, "sensor_status": 32}
    assert read_frame(frame(decoded=decoded), None, None) is None
    assert read_frame(frame(28, "AAEAIA=="), "imbuildings", "imbuildings-people-counter") is None


@pytest.mark.parametrize(
    ("port", "content", "field"),
    [(1, "", "frm_payload"), (3, "AQ==", "frm_payload"), (1, "no base64!", "frm_payload")],
)
def test_a_frame_that_is_not_as_documented_is_refused(port, content, field):
    with pytest.raises(AdapterError) as refused:
        read_frame(frame(port, content), "bosch", "tps110")
    assert refused.value.field == field


@pytest.mark.parametrize("interval", ["600", "0600"])
def test_the_interval_may_come_from_the_payload_or_from_the_network(interval):
    counters = {"sensor_status": 32, "counter_a": 3.0, "counter_b": 4}
    from_network = read_frame(frame(decoded=counters, interval_s=interval), None, None)
    from_payload = read_frame(frame(decoded={**counters, "interval_s": 600}), None, None)
    assert from_network == from_payload
    assert from_network["passages"] == 7
    assert from_network["interval_s"] == 600


@pytest.mark.parametrize("counter", [-1, 1.5, True, "3", None, float("inf")])
def test_a_counter_that_is_no_count_is_refused(counter):
    decoded = {"sensor_status": 32, "counter_a": counter, "counter_b": 0, "interval_s": 600}
    with pytest.raises(AdapterError) as refused:
        read_frame(frame(decoded=decoded), None, None)
    assert refused.value.field == "counter_a"


def test_the_first_frame_has_number_one_though_its_counter_is_left_out():
    payload = uplink()
    del payload["uplink_message"]["f_cnt"]
    assert read(payload)[0]["seq"] == 1


def test_lost_frames_never_fill_a_boot_with_gaps():
    numbers = [read(uplink(f_cnt=count))[0] for count in (998, 999, 1000, 2**32 - 1)]
    boots = [number["boot"].rpartition(".")[2] for number in numbers]
    assert boots == ["0", "0", "1", "4294967"]
    assert [number["seq"] for number in numbers] == [999, 1000, 1, 296]


def test_a_new_session_is_a_new_boot_and_its_key_stays_behind():
    first, second = (read(uplink(session_key_id=key))[0] for key in ("AXA5a==", "AXA5b=="))
    assert first["boot"] != second["boot"]
    assert "AXA5" not in first["boot"]


def test_without_a_session_there_is_no_number():
    payload = uplink()
    del payload["uplink_message"]["session_key_id"]
    assert "boot" not in read(payload)[0]


def test_the_networks_clock_is_used_not_the_gateways():
    payload = uplink(settings={"time": "2036-01-01T00:00:00Z"})
    assert read(payload)[0]["observed_at"].startswith("2020-02-12T15:15:45")
    del payload["uplink_message"]["received_at"]
    assert read(payload)[0]["observed_at"].startswith("2020-02-12T15:15:46")
    del payload["received_at"]
    with pytest.raises(AdapterError) as refused:
        read(payload)
    assert refused.value.field == "received_at"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"simulated": True}, "simulated"), ({"end_device_ids": {"device_id": "dev2"}}, "device_id")],
)
def test_what_the_sensor_did_not_send_itself_is_refused(changes, field):
    with pytest.raises(AdapterError) as refused:
        read({**uplink(), **changes})
    assert refused.value.field == field
