"""The place's clock: it starts where it is told, runs as fast as it is told, and never goes back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import SettingsError
from wijktwin import clock
from wijktwin.clock import load_clock, set_clock

ZONE = ZoneInfo("Europe/Amsterdam")
START = datetime(2024, 3, 1, 6, 0)  # as a user writes it, in local time
START_UTC = datetime(2024, 3, 1, 5, 0, tzinfo=UTC)
WALL = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def wall(monkeypatch):
    """The wall's clock, moved by hand: ``wall(seconds)``."""
    moment = [WALL]
    monkeypatch.setattr(clock, "wall_now", lambda: moment[0])

    def move(seconds):
        moment[0] += timedelta(seconds=seconds)

    return move


@pytest.fixture
def path(tmp_path):
    return tmp_path / "clock.json"


def started(path, **options):
    return set_clock(path, **{"start": None, "speed": 1.0, "zone": ZONE, **options})


def test_without_a_start_it_is_the_wall_s_and_nothing_is_kept(wall, path):
    place = started(path)
    wall(60)
    assert place.now() == WALL + timedelta(seconds=60)
    assert not path.exists()


def test_it_starts_at_a_local_time_and_runs_as_fast_as_asked(wall, path):
    place = started(path, start=START, speed=600)
    assert place.now() == START_UTC
    wall(60)
    assert place.now() == START_UTC + timedelta(hours=10)
    assert load_clock(path) == place


@pytest.mark.parametrize("start", [START, None])
def test_after_a_restart_it_goes_on(wall, path, start):
    started(path, start=START, speed=600)
    wall(60)
    assert started(path, start=start, speed=600).now() == START_UTC + timedelta(hours=10)


def test_another_start_is_taken(wall, path):
    started(path, start=START)
    later = started(path, start=START + timedelta(days=1))
    assert later.now() == START_UTC + timedelta(days=1)


def test_what_has_been_released_cannot_come_again(wall, path):
    started(path, start=START)
    before = path.read_bytes()
    released = START_UTC + timedelta(days=2)
    with pytest.raises(SettingsError, match=r"2024-03-02 06:00 is before 2024-03-03 06:00"):
        started(path, start=START + timedelta(days=1), released_until=released)
    assert path.read_bytes() == before
    moved = started(path, start=START + timedelta(days=2), released_until=released)
    assert moved.now() == released


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 10_000), st.sampled_from([0.5, 1.0, 60.0, 3600.0])), min_size=1
    )
)
def test_it_never_jumps_back_whatever_its_speed(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("clock") / "clock.json"
    moment = WALL
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "wall_now", lambda: moment)
        last = started(path, start=START).now()
        for seconds, speed in steps:
            moment += timedelta(seconds=seconds)
            place = started(path, speed=speed)
            assert place.now() >= last
            assert load_clock(path).now() == place.now()
            last = place.now()
