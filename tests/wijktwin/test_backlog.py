"""Windows wait, at a start, for what devices sent while the city process was away."""

import pytest

from sensors.ingest import Statistics
from wijktwin.backlog import AT_MOST_S, QUIET_S, Backlog


@pytest.fixture
def at():
    """A backlog, and a function that tells at a second whether it is in."""
    clock, statistics = [0.0], Statistics(is_connected=True)
    backlog = Backlog(statistics, monotonic_s=lambda: clock[0])

    def is_in(second, *, messages=0, is_connected=True):
        clock[0] = second
        statistics.messages, statistics.is_connected = messages, is_connected
        return backlog.is_in()

    return is_in


def test_it_is_in_once_nothing_has_come_for_a_while(at):
    assert not at(0.1)
    assert not at(QUIET_S)
    assert at(QUIET_S + 0.2)


def test_each_message_starts_the_wait_anew(at):
    assert not at(1.0, messages=1)
    assert not at(QUIET_S + 0.5, messages=2)
    assert not at(2 * QUIET_S, messages=2)
    assert at(2 * QUIET_S + 1, messages=2)


def test_a_broker_that_is_not_reached_is_waited_for(at):
    assert not at(10.0, is_connected=False)
    assert not at(10.1)
    assert at(10.2 + QUIET_S)


def test_it_is_not_waited_for_for_ever(at):
    seconds = range(int(AT_MOST_S) + 1)
    assert not any(at(float(second), messages=second) for second in seconds)
    assert at(AT_MOST_S + 1, messages=1000)


def test_once_it_is_in_that_stays_so(at):
    assert not at(0.0)
    assert at(QUIET_S + 1)
    assert at(QUIET_S + 2, messages=5)
