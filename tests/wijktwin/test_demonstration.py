"""Simulated devices over several starts: nothing is seen twice, and nothing is left out."""

from datetime import timedelta

import pytest

from sensors.mosquitto_process import free_port
from twin.domains import load_domains
from twin.store import Store
from wijktwin.clock import load_clock, wall_now
from wijktwin.settings import Settings

SPEED = 3600.0
"""An hour of the place in a second."""


@pytest.fixture
def settings(data):
    return Settings(
        data=data,
        place="tiny",
        mqtt_port=free_port(),
        metrics_port=0,
        simulated=True,
        history_days=1,
        speed=SPEED,
    )


def readings(folder, city):
    """Return which devices counted passages, and over which intervals, from the store."""
    with Store.open(
        folder.store(None), crs=city.crs, domains=load_domains(), now=wall_now()
    ) as store:
        return store.query(
            """
            SELECT device, observed_at, interval_s, count(*) AS times
            FROM city.footfall_reading
            GROUP BY device, observed_at, interval_s
            ORDER BY device, observed_at
            """
        ).to_pylist()


@pytest.mark.slow
def test_a_place_that_was_stopped_for_hours_has_every_interval_once(
    running, wait_until, settings, folder, city
):
    for _ in range(3):
        with running(settings):
            start = load_clock(folder.clock).now()
            wait_until(lambda: load_clock(folder.clock).now() > start + timedelta(hours=4))  # noqa: B023
    rows = readings(folder, city)
    assert {row["device"] for row in rows} == {"counter-counter-1", "counter-counter-8"}
    assert all(row["times"] == 1 for row in rows)
    whole = rows[-1]["observed_at"] - rows[0]["observed_at"]
    counted = timedelta(seconds=sum(row["interval_s"] for row in rows))
    assert counted > 0.9 * 2 * whole
