"""The typical week that people see, from made-up published means."""

import numpy as np
import pyarrow as pa
import pytest

from twin.privacy.usual_week import UsualWeek

HOURS = (3, 10, 15, 20)
SIGMA = 0.1


def _table(means, *, weeks=4):
    """``means``: by (unit, slot)."""
    units, slots = zip(*means, strict=True) if means else ((), ())
    same = {"weeks": weeks, "spread": SIGMA**2, "noise": SIGMA**2, "capacity": 100}
    return pa.table(
        {
            "unit": pa.array(units, pa.string()),
            "slot": pa.array(slots, pa.int32()),
            "mean": pa.array(means.values(), pa.float64()),
            **{name: pa.array([value] * len(means), pa.float64()) for name, value in same.items()},
        }
    )


@pytest.fixture
def noisy():
    """Four units whose true share is 0.7 at every hour."""
    rng = np.random.default_rng(1)
    return {
        (unit, 24 * day + hour): 0.7 + rng.normal(0, SIGMA / 2)
        for unit in "abcd"
        for day in range(7)
        for hour in HOURS
    }


def test_workdays_come_nearer_to_one_another_and_the_weekend_stays(noisy):
    week = UsualWeek(_table(noisy), is_share=True)
    off_plain, off_shown = [], []
    for slot in week.slots:
        plain, shown = week.at(slot, "abcd"), week.shown(slot, "abcd")
        assert plain.mean.tolist() == [noisy[unit, slot] for unit in "abcd"]
        if slot >= 5 * 24:
            assert shown.mean.tolist() == plain.mean.tolist()
        else:
            off_plain += (plain.mean - 0.7).tolist()
            off_shown += (shown.mean - 0.7).tolist()
            assert (shown.levels().sd < plain.levels().sd).all()
    assert np.std(off_shown) < 0.7 * np.std(off_plain)


def test_nothing_is_said_where_nothing_is_known(noisy):
    del noisy["a", 3]
    week = UsualWeek(_table(noisy), is_share=True)
    assert week.units(3) == ["b", "c", "d"]
    assert week.units(4) == []
    shown = week.shown(3, ["a", "b", "not a unit"])
    assert np.isnan(shown.mean).tolist() == [True, False, True]
    assert (shown.weeks > 0).tolist() == [False, True, False]
    assert np.isnan(week.shown(4, ["b"]).mean).all()


@pytest.mark.parametrize("is_share", [True, False])
def test_a_week_without_figures_is_empty(is_share):
    week = UsualWeek(_table({}), is_share=is_share)
    assert week.slots == []
    assert week.units(0) == []
    assert len(week.means()) == 0
    assert np.isnan(week.at(0, ["a"]).mean).all()


@pytest.mark.parametrize("is_share", [True, False])
def test_one_figure_is_told_as_it_is(is_share):
    one = _table({("a", 10): 0.6}, weeks=1)
    one = one.set_column(one.schema.get_field_index("spread"), "spread", pa.array([None], "double"))
    shown = UsualWeek(one, is_share=is_share).shown(10, ["a"])
    assert shown.mean.tolist() == [0.6]
    assert shown.levels().sd[0] >= SIGMA
