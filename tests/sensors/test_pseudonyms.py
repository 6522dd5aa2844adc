"""What stands for an identifier says nothing once its key is gone."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sensors.door import Door, Message
from sensors.pseudonyms import Pseudonyms
from twin.batch import Reason
from twin.domains import load_domains

ZONE = ZoneInfo("Europe/Amsterdam")
MIDNIGHT = datetime(2026, 5, 4, 22, 0, tzinfo=UTC)


def test_the_same_identifier_has_the_same_pseudonym_all_local_day():
    pseudonyms = Pseudonyms(ZONE)
    first = pseudonyms.of("WBK-1", now=MIDNIGHT - timedelta(hours=23))
    assert pseudonyms.of("WBK-1", now=MIDNIGHT - timedelta(seconds=1)) == first
    assert pseudonyms.of("WBK-2", now=MIDNIGHT - timedelta(seconds=1)) != first
    assert "WBK" not in first


def test_at_local_midnight_and_after_a_restart_it_has_another():
    pseudonyms = Pseudonyms(ZONE)
    before = pseudonyms.of("WBK-1", now=MIDNIGHT - timedelta(seconds=1))
    after = pseudonyms.of("WBK-1", now=MIDNIGHT)
    restarted = Pseudonyms(ZONE).of("WBK-1", now=MIDNIGHT)
    assert len({before, after, restarted}) == 3


def test_it_says_since_when_things_can_be_told_apart():
    pseudonyms, noon = Pseudonyms(ZONE), MIDNIGHT - timedelta(hours=10)
    assert pseudonyms.since(now=noon) == noon
    assert pseudonyms.since(now=MIDNIGHT - timedelta(seconds=1)) == noon
    assert pseudonyms.since(now=MIDNIGHT + timedelta(minutes=3)) == MIDNIGHT + timedelta(minutes=3)


@pytest.mark.parametrize(("began_after_s", "is_refused"), [(-1, True), (0, False), (60, False)])
def test_a_round_that_began_before_the_key_is_refused(city, devices, began_after_s, is_refused):
    noon = MIDNIGHT - timedelta(hours=10)
    door = Door(city, load_domains(), devices=devices)
    door.read([], now=noon)
    content = {
        "kind": "survey",
        "observed_at": (noon + timedelta(hours=1)).isoformat(),
        "boot": "b",
        "seq": 1,
        "began_at": (noon + timedelta(seconds=began_after_s)).isoformat(),
        "hexes": [],
    }
    message = Message("wijk/v1/bikes/scan-bikes", json.dumps(content).encode())
    batch = door.read([message], now=noon + timedelta(hours=1))
    assert [(item.reason, item.field, item.seq) for item in batch.rejected] == (
        [(Reason.KEY_LOST, "began_at", 1)] if is_refused else []
    )
