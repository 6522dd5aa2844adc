"""What comes in at the door, and what is refused with which reason."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.door import MAX_PAYLOAD_BYTES, Message
from twin.batch import Reason

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
BAY = "bays-bay-s0"
TOPIC = f"wijk/v1/parking/{BAY}"


def bays(**changes):
    return {
        "kind": "bays",
        "observed_at": NOW.isoformat(),
        "boot": "b1",
        "seq": 1,
        "occupied": [1, 2],
    } | changes


def encoded(content):
    return json.dumps(content).encode()


def read(door, topic, content, now=NOW):
    payload = content if isinstance(content, bytes) else encoded(content)
    return door.read([Message(topic, payload)], now=now)


def test_a_valid_reading_gets_its_device_and_place(door, city):
    batch = read(door, TOPIC, bays())
    (item,) = batch.accepted
    assert not batch.rejected
    assert item.device.device == BAY
    assert (item.x_m, item.y_m) == city.position("bays", "bay-s0")
    assert item.reading.occupied == [1, 2]


def test_a_list_is_read_item_by_item(door):
    batch = read(door, TOPIC, [bays(), bays(seq=2, occupied=[99]), bays(seq=3)])
    assert [item.reading.seq for item in batch.accepted] == [1, 3]
    assert [(item.reason, item.seq) for item in batch.rejected] == [(Reason.INVALID, 2)]


@pytest.mark.parametrize(
    ("topic", "content", "reason", "field"),
    [
        (TOPIC, b"{not json", Reason.NOT_JSON, None),
        (TOPIC, b"\xff\xfe\x00", Reason.NOT_JSON, None),
        (TOPIC, b"[1, 2", Reason.NOT_JSON, None),
        (TOPIC, b"[" * 100_000, Reason.NOT_JSON, None),
        (TOPIC, b'{"kind": "\xc3\x28"}', Reason.NOT_JSON, None),
        (TOPIC, b"", Reason.NOT_JSON, None),
        (TOPIC, b"17", Reason.INVALID, "payload"),
        (TOPIC, b" " * MAX_PAYLOAD_BYTES + b"{}", Reason.TOO_LARGE, None),
        (TOPIC, bays(occupied="1"), Reason.INVALID, "occupied"),
        (TOPIC, bays(occupied=[1.5]), Reason.INVALID, "occupied"),
        (TOPIC, bays(occupied=[float("nan")]), Reason.INVALID, "occupied"),
        (TOPIC, bays(occupied=[11]), Reason.INVALID, "occupied"),
        (TOPIC, bays(occupied=[1, 1]), Reason.INVALID, "occupied"),
        (TOPIC, bays(seq=0), Reason.INVALID, "seq"),
        (TOPIC, bays(seq=2**60), Reason.INVALID, "seq"),
        (TOPIC, bays(boot="a b"), Reason.INVALID, "boot"),
        (TOPIC, bays(observed_at="2026-05-04T10:00:00"), Reason.INVALID, "observed_at"),
        (TOPIC, bays(observed_at=1777888800), Reason.INVALID, "observed_at"),
        (TOPIC, bays(plate="AB-12-CD"), Reason.INVALID, "payload"),
        (TOPIC, bays(kind="nothing"), Reason.INVALID, "payload"),
        (
            TOPIC,
            {"kind": "garage", "observed_at": NOW.isoformat(), "cars": 3},
            Reason.WRONG_KIND,
            "kind",
        ),
        (
            TOPIC,
            bays(observed_at=(NOW + timedelta(minutes=6)).isoformat()),
            Reason.TOO_FAR_AHEAD,
            "observed_at",
        ),
        (
            TOPIC,
            {"kind": "bays", "observed_at": "2026-05-01T00:00:00Z", "occupied": []},
            Reason.TOO_OLD,
            "observed_at",
        ),
        ("wijk/v1/bikes/" + BAY, bays(), Reason.WRONG_DOMAIN, None),
        ("wijk/v1/noise/" + BAY, bays(), Reason.UNKNOWN_DOMAIN, None),
        ("wijk/v1/parking/somebody", bays(), Reason.UNKNOWN_DEVICE, None),
        ("elsewhere/1", bays(), Reason.UNKNOWN_TOPIC, None),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason(door, topic, content, reason, field):
    batch = read(door, topic, content)
    assert batch.accepted == []
    (item,) = batch.rejected
    assert (item.reason, item.field) == (reason, field)


@pytest.mark.parametrize(
    ("topic", "content", "counts_as"),
    [
        ("wijk/v1/parking/garages-garage-1", {"kind": "garage", "cars": 300}, None),
        ("wijk/v1/parking/garages-garage-1", {"kind": "garage", "cars": 301}, 300),
        ("wijk/v1/bikes/racks-rack-0", {"kind": "rack", "bikes": 120}, None),
        ("wijk/v1/bikes/racks-rack-0", {"kind": "rack", "bikes": 20_000}, 120),
    ],
)
def test_a_count_that_is_too_large_is_taken_in_and_its_device_hears_it(
    door, topic, content, counts_as
):
    numbered = {"observed_at": NOW.isoformat(), "boot": "b1", "seq": 4}
    batch = read(door, topic, content | numbered)
    assert len(batch.accepted) == 1
    assert not batch.rejected
    assert [(note.seq, note.message.split(":")[0]) for note in batch.noted] == (
        [(4, f"counts as {counts_as}")] if counts_as else []
    )


@pytest.mark.parametrize(
    ("topic", "content"),
    [
        ("wijk/v1/parking/garages-garage-1", {"kind": "garage", "cars": 20_001}),
        ("wijk/v1/bikes/racks-rack-0", {"kind": "rack", "bikes": 20_001}),
        (
            "wijk/v1/footfall/counters-counter-1",
            {"kind": "passages", "passages": 100_001, "interval_s": 60},
        ),
    ],
)
def test_a_number_that_is_no_count_is_refused_whatever_the_device(door, topic, content):
    (item,) = read(door, topic, content | {"observed_at": NOW.isoformat()}).rejected
    assert item.reason == Reason.INVALID


def test_a_refusal_names_every_fault_and_keeps_no_content(door):
    batch = read(door, TOPIC, bays(seq=-1, occupied=["secret"], plate="AB-12-CD"))
    (item,) = batch.rejected
    assert "seq" in item.message
    assert "occupied" in item.message
    assert "secret" not in repr(item)
    assert "plate" not in repr(item)
    assert "AB-12-CD" not in repr(item)


def test_a_refused_reading_is_settled_where_its_number_can_be_read(door):
    (item,) = read(door, TOPIC, bays(seq=7, occupied="x")).rejected
    assert (item.boot, item.seq) == ("b1", 7)


def test_the_rest_of_a_batch_comes_in(door):
    messages = [Message(TOPIC, b"\xff"), Message("x", b""), Message(TOPIC, encoded(bays()))]
    batch = door.read(messages, now=NOW)
    assert len(batch.accepted) == 1
    assert len(batch.rejected) == 2


def sighting(city, dx=200.0, dy=200.0, **changes):
    west, south, *_ = city.boundary.bounds
    lon, lat = city.to_degrees.transform(west + dx, south + dy)
    return {
        "kind": "sighting",
        "observed_at": NOW.isoformat(),
        "state": "loose",
        "lon": lon,
        "lat": lat,
    } | changes


def test_a_position_of_its_own_is_placed_in_the_city(door, city):
    (item,) = read(door, "wijk/v1/bikes/scan-bikes", sighting(city)).accepted
    west, south, *_ = city.boundary.bounds
    assert item.x_m == pytest.approx(west + 200, abs=0.01)
    assert item.y_m == pytest.approx(south + 200, abs=0.01)
    assert item.hex in set(city.cells["hexes"].explode())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dx": -50.0}, Reason.OUTSIDE_PLACE),
        ({"lon": 0.0, "lat": 0.0}, Reason.OUTSIDE_PLACE),
        ({"lat": float("nan")}, Reason.INVALID),
        ({"lat": 95.0}, Reason.INVALID),
        ({"state": "flying"}, Reason.INVALID),
    ],
)
def test_a_position_outside_the_place_is_refused(door, city, changes, reason):
    (item,) = read(door, "wijk/v1/bikes/scan-bikes", sighting(city, **changes)).rejected
    assert item.reason == reason


def test_a_bay_that_the_place_does_not_have_is_refused(door, city):
    seen = sighting(city, kind="seen", bay="bay-s0")
    del seen["state"]
    assert read(door, "wijk/v1/parking/scan-parking", seen).accepted
    (item,) = read(door, "wijk/v1/parking/scan-parking", seen | {"bay": "nowhere"}).rejected
    assert (item.reason, item.field) == (Reason.INVALID, "bay")


def test_receipts_and_last_wills_are_no_readings(door):
    batch = door.read(
        [Message(f"wijk/v1/receipt/{BAY}", b"{}"), Message(f"wijk/v1/status/{BAY}", b"")], now=NOW
    )
    assert batch.accepted == batch.rejected == []


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    topic=st.sampled_from([TOPIC, "wijk/v1/bikes/scan-bikes", "wijk/v1/x/y", "a"])
    | st.text(max_size=30),
    payload=st.binary(max_size=200)
    | json_like.map(encoded)
    | st.fixed_dictionaries({}, optional=dict.fromkeys(bays(), json_like)).map(encoded),
)
def test_no_bytes_raise_anything(door, topic, payload):
    batch = door.read([Message(topic, payload)], now=NOW)
    assert all(item.size_bytes <= max(len(payload) * 8, 64) for item in batch.rejected)
