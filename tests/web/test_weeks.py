"""A week of figures in words: told with its interval, or that it cannot be told."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from twin.domains import load_domains
from web.i18n import words
from web.scene import Certainty
from web.weeks import make_week
from web.wording import week_sentence, week_words

MONDAY = date(2026, 5, 4)
EDGES = (2.0, 4.0, 7.0, 10.0)
DUMPED = next(q for d in load_domains() for q in d.quantities if q.name == "bikes_dumped")


def _week(levels, sd, *, days=7):
    n = len(levels)
    table = pa.table(
        {
            "unit": [f"u{at}" for at in range(n)] + ["u0"],
            "week": pa.array([MONDAY] * n + [date(2026, 4, 27)], pa.date32()),
            "level": [*levels, 99.0],
            "sd": [sd] * n + [1.0],
            "days": [days] * n + [7],
        }
    )
    return make_week(table, MONDAY, EDGES)


def test_the_whole_is_the_sum_of_its_parts_and_as_noisy_as_that():
    week = _week([10.0, 20.0, 30.0, 40.0], 2.0)
    assert week.whole.level == 100
    assert week.whole.high - week.whole.low == pytest.approx(2 * 1.645 * 4, rel=1e-3)
    assert [mark.level for mark in week.marks] == [10, 20, 30, 40]
    assert (week.monday, week.sunday) == (MONDAY, date(2026, 5, 10))


@pytest.mark.parametrize(
    ("levels", "sd", "certainty", "english", "dutch"),
    [
        (
            [30.0],
            2.0,
            Certainty.ABOUT,
            "on an average day about 30 dumped bikes in Tiny (between 27 and 33).",
            "op een gemiddelde dag ongeveer 30 gedumpte fietsen in Tiny (tussen 27 en 33).",
        ),
        (
            [30.0],
            0.1,
            Certainty.ABOUT,
            "on an average day about 30 dumped bikes in Tiny (give or take very little).",
            "op een gemiddelde dag ongeveer 30 gedumpte fietsen in Tiny (bijna precies).",
        ),
        (
            [1.0],
            2.0,
            Certainty.FEW,
            "few dumped bikes in Tiny, on an average day 0 to 4.",
            "weinig gedumpte fietsen in Tiny, op een gemiddelde dag 0 tot 4.",
        ),
        (
            [30.0],
            40.0,
            Certainty.UNCERTAIN,
            "it is too uncertain to say how many dumped bikes there were in Tiny.",
            "het is te onzeker om te zeggen hoeveel gedumpte fietsen er waren in Tiny.",
        ),
    ],
)
def test_a_wide_interval_is_told_in_words(levels, sd, certainty, english, dutch):
    week = _week(levels, sd)
    assert week.whole.certainty is certainty
    said = week_sentence(words("en"), DUMPED, week, "Tiny")
    assert said == f"The week of Monday 4 May to Sunday 10 May: {english}"
    gezegd = week_sentence(words("nl"), DUMPED, week, "Tiny")
    assert gezegd == f"De week van maandag 4 mei tot en met zondag 10 mei: {dutch}"


def test_a_place_that_was_not_measured_that_week_says_so():
    week = _week([3.0], 1.0, days=2)
    assert week.marks[0].share_covered == pytest.approx(2 / 7)
    assert week_words(words("en"), DUMPED, week.mark("elsewhere")) == "not measured"


def test_a_week_in_which_nothing_was_measured_is_not_there():
    assert _week([], 1.0) is None


def test_figures_below_zero_are_shown_as_zero_and_added_up_as_they_are():
    week = _week([-3.0, 10.0], 0.5)
    assert week.marks[0].level == 0
    assert week.whole.level == 7
    assert not np.isnan(week.whole.high)
