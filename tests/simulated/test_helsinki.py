"""The default place: what its simulated day looks like, and how fast its history is made."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from sensors.simulated.fleet import fleet
from sensors.simulated.history import history
from sensors.simulated.true_day import TrueCity

pytestmark = pytest.mark.slow

MONDAY = date(2026, 5, 11)


@pytest.fixture(scope="module")
def true(helsinki_city):
    return TrueCity(helsinki_city, seed=1)


@pytest.fixture(scope="module")
def week(true):
    return [true.day(MONDAY + timedelta(day)) for day in range(7)]


def at_hour(series, hour):
    return series[12 * hour]


def test_kerbs_are_as_full_as_in_a_city_centre(week):
    taken = [(day.parking.bays > 0).mean(axis=1) for day in week]
    assert all(share.min() > 0.55 and share.max() < 0.95 for share in taken)
    workdays, saturday = taken[:5], taken[5]
    night, noon, evening = (np.mean([at_hour(s, hour) for s in workdays]) for hour in (4, 14, 20))
    assert night < evening < noon
    assert at_hour(saturday, 15) > at_hour(saturday, 9) + 0.1
    garages = [day.parking.garages.sum(axis=1) for day in week]
    assert all(at_hour(cars, 14) > 1.5 * at_hour(cars, 5) for cars in garages[:5])


def test_turnover_is_that_of_a_city_centre(week):
    for day in week:
        turned = np.diff((day.parking.bays > 0).astype(int), axis=0)
        assert 1.0 < (turned > 0).sum() / day.parking.bays.shape[1] < 4.0


def test_streets_are_as_busy_as_in_a_city_centre(week):
    peaks = np.array([[max(hours) for hours in day.passages().values()] for day in week])
    busiest, quietest = peaks.mean(axis=0).max(), peaks.mean(axis=0).min()
    assert 1500 < busiest < 3500
    assert 30 < quietest < 300
    workday, saturday = (
        np.array(list(week[day].passages().values())).sum(axis=0) for day in (1, 5)
    )
    assert 12 <= saturday.argmax() <= 16
    assert saturday.max() > 1.1 * workday.max()
    assert workday[3] < 0.02 * workday.max()
    assert workday[8] > 2.5 * workday[6]


def test_bikes_stand_in_racks_loose_and_dumped(true, week):
    for day in week:
        noon = datetime.combine(day.local.local_date, datetime.min.time(), true.zone)
        standing = day.standing(noon + timedelta(hours=12))
        assert 300 < standing.count("racked") < 1400
        assert 50 < standing.count("loose") < 900
        assert 5 < standing.count("dumped") < 100
    share = week[1].bikes.racked[:, 48] / true.ground.racks.weight
    assert 0.15 < (share > 0.9).mean() < 0.7


def test_four_weeks_of_history_are_some_hundred_thousand_messages(helsinki_city):
    devices = fleet(helsinki_city)
    start = datetime(2026, 5, 10, 11, 30, tzinfo=UTC)
    days = 3
    messages = sum(
        len(chunk.messages)
        for chunk in history(
            helsinki_city, devices, start=start, end=start + timedelta(days), seed=1
        )
    )
    assert 300_000 < messages * 28 / days < 900_000
