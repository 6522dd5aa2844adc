"""Readings are stored once with their progress, in whatever order they come."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.door import Door, Message
from twin.batch import FORGET_BOOT, HORIZON, Reason, Writer
from twin.domains import load_domains
from twin.settled import MAX_GAPS
from twin.store import Store, StoreLocation

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
COUNTER = "counters-counter-1"


def passages(seq, boot="b1", count=3, at=NOW, **more):
    content = {
        "kind": "passages",
        "observed_at": at.isoformat(),
        "boot": boot,
        "seq": seq,
        "passages": count,
        "interval_s": 900,
        "heartbeat": True,
    } | more
    content = {name: value for name, value in content.items() if value is not None}
    return Message(f"wijk/v1/footfall/{COUNTER}", json.dumps(content).encode())


@pytest.fixture
def door(city, domains, devices):
    return Door(city, domains, devices=devices)


def rows(store):
    return store.query(
        "SELECT boot, seq, passages FROM city.footfall_reading ORDER BY ALL"
    ).to_pylist()


def test_a_duplicate_is_stored_once_also_after_a_restart(store, domains, door):
    messages = [passages(1), passages(2), passages(1)]
    first = Writer(store, domains).write(door.read(messages, now=NOW), received_at=NOW)
    again = Writer(store, domains).write(door.read(messages, now=NOW), received_at=NOW)
    assert (first.stored, first.duplicates) == (2, 1)
    assert (again.stored, again.duplicates) == (0, 3)
    assert [row["seq"] for row in rows(store)] == [1, 2]


def test_the_receipt_stops_at_the_first_gap(store, domains, door):
    writer = Writer(store, domains)
    written = writer.write(door.read([passages(1), passages(3)], now=NOW), received_at=NOW)
    assert written.receipts == {(COUNTER, "b1"): 1}
    written = writer.write(door.read([passages(2)], now=NOW), received_at=NOW)
    assert written.receipts == {(COUNTER, "b1"): 3}


def test_what_a_device_has_given_up_does_not_hold_it_up(store, domains, door):
    writer = Writer(store, domains)
    written = writer.write(door.read([passages(5, oldest=5)], now=NOW), received_at=NOW)
    assert written.receipts == {(COUNTER, "b1"): 5}
    late = writer.write(door.read([passages(2)], now=NOW), received_at=NOW)
    assert late.stored == 1


def test_a_refused_reading_is_settled(store, domains, door):
    writer = Writer(store, domains)
    batch = door.read([passages(1), passages(2, count=-4), passages(3)], now=NOW)
    assert writer.write(batch, received_at=NOW).receipts == {(COUNTER, "b1"): 3}


def test_without_boot_and_seq_the_content_decides(store, domains, door):
    writer = Writer(store, domains)
    messages = [passages(None, None), passages(None, None), passages(None, None, count=4)]
    written = writer.write(door.read(messages, now=NOW), received_at=NOW)
    assert (written.stored, written.duplicates, written.receipts) == (2, 1, {})
    again = Writer(store, domains).write(door.read(messages, now=NOW), received_at=NOW)
    assert (again.stored, again.duplicates) == (0, 3)
    writer.forget(now=NOW + HORIZON + timedelta(seconds=1))
    assert store.query("SELECT count(*) AS n FROM city.recent")["n"][0].as_py() == 0


def test_too_many_gaps_are_refused_and_said(store, domains, door):
    writer = Writer(store, domains)
    messages = [passages(2 * n + 1) for n in range(MAX_GAPS + 1)]
    assert writer.write(door.read(messages, now=NOW), received_at=NOW).refused == []
    refused = writer.write(door.read([passages(10**6)], now=NOW), received_at=NOW).refused
    assert [(item.reason, item.seq) for item in refused] == [(Reason.TOO_MANY_GAPS, 10**6)]


def test_a_batch_that_fails_leaves_nothing_and_can_be_written_again(
    store, domains, door, monkeypatch
):
    writer = Writer(store, domains)
    batch = door.read([passages(1), passages(2)], now=NOW)

    def fail(*_):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(writer, "_save_progress", fail)
        with pytest.raises(OSError, match="disk full"):
            writer.write(batch, received_at=NOW)
    assert rows(store) == []
    assert writer.write(batch, received_at=NOW).stored == 2


def test_what_comes_after_its_window_closed_is_stored_and_counted(store, domains, door):
    writer = Writer(store, domains)
    writer.closed_until = {"footfall": NOW}
    writer.write(
        door.read([passages(1), passages(2, at=NOW + timedelta(minutes=1))], now=NOW),
        received_at=NOW,
    )
    late = store.query("SELECT domain, origin, readings FROM city.too_late").to_pylist()
    assert late == [{"domain": "footfall", "origin": "simulated", "readings": 1}]
    assert len(rows(store)) == 2


def test_refusals_are_counted_without_their_content(store, domains, door):
    writer = Writer(store, domains)
    messages = [passages(1, count="secret"), Message("wijk/v1/footfall/stranger", b"{}")]
    writer.write(door.read([*messages, messages[1]], now=NOW), received_at=NOW)
    found = store.query(
        "SELECT device, reason, field, refused FROM city.rejected ORDER BY reason"
    ).to_pylist()
    assert found == [
        {"device": COUNTER, "reason": "invalid", "field": "passages", "refused": 1},
        {"device": None, "reason": "unknown_device", "field": None, "refused": 2},
    ]


def test_a_boot_that_has_long_been_silent_is_forgotten(store, domains, door):
    writer = Writer(store, domains)
    writer.write(door.read([passages(1, "old")], now=NOW), received_at=NOW)
    later = NOW + FORGET_BOOT + timedelta(days=1)
    writer.write(door.read([passages(1, "new", at=later)], now=later), received_at=later)
    Writer(store, domains)
    boots = store.query("SELECT boot FROM city.progress")["boot"].to_pylist()
    assert boots == ["new"]


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    numbers=st.lists(
        st.tuples(st.sampled_from(["b1", "b2"]), st.integers(1, 12)), min_size=1, max_size=40
    ),
    cuts=st.lists(st.integers(0, 40), max_size=4),
    random=st.randoms(use_true_random=False),
)
def test_any_order_and_any_duplicates_give_the_same_tables(
    tmp_path_factory, city, door, numbers, cuts, random
):
    def stored(order):
        path = tmp_path_factory.mktemp("order") / "city.duckdb"
        domains = load_domains()
        with Store.open(StoreLocation(path=path), crs=city.crs, domains=domains, now=NOW) as store:
            writer = Writer(store, domains)
            bounds = sorted({0, len(order), *(cut for cut in cuts if cut < len(order))})
            for start, end in pairwise(bounds):
                messages = [passages(seq, boot) for boot, seq in order[start:end]]
                writer.write(door.read(messages, now=NOW), received_at=NOW)
            Writer(store, domains)  # keeps only the latest progress
            progress = store.query(
                "SELECT device, boot, first_seq, last_seq, beyond FROM city.progress ORDER BY ALL"
            ).to_pylist()
            return rows(store), progress

    shuffled = numbers + [random.choice(numbers) for _ in range(5)]
    random.shuffle(shuffled)
    assert stored(numbers) == stored(shuffled)
