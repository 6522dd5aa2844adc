"""What stands for an identifier says nothing once its key is gone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sensors.pseudonyms import Pseudonyms

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
    assert len({one.partition("-")[0] for one in (before, after, restarted)}) == 3
