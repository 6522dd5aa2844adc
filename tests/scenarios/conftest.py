"""A report's place, plan and effects, made once for each file that reads reports."""

import pytest
from reports import CHANGES, MEASURES, MOVES, effects_of, hood_of, study_of


@pytest.fixture(scope="module")
def hood():
    """The place."""
    return hood_of()


@pytest.fixture(scope="module")
def study(hood):
    """The plan, ready to run."""
    return study_of(hood, *MEASURES)


@pytest.fixture(scope="module")
def effects(hood):
    """What it does, known by heart."""
    return effects_of(hood, CHANGES, MOVES)
