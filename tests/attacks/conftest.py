"""Attacks on the published figures; `--quick` takes fewer repeats, with the tolerances that follow."""

from typing import NamedTuple

import numpy as np
import pytest
from starlette.testclient import TestClient
from worlds import BASE, SINCE, WATCHED, World, domain_of

from twin.place import write_public
from web.app import create_app


def pytest_addoption(parser):
    parser.addoption(
        "--quick", action="store_true", help="attack with fewer repeats: at most a minute"
    )


ONE_OF_A_KIND = (
    "test_the_year_s_cap_ends_what_a_habit_shows",
    *(f"[{name}]" for name in ("a restore", "a reimport")),
    *(f"[{name}]" for name in WATCHED if name != "parking_occupied"),
)
"""Of several alike, a quick attack tries one."""


def pytest_collection_modifyitems(config, items):
    """Leave the broken builds, and rewriting the second kind of store, to the whole run."""
    if config.getoption("--quick", default=False):
        for item in items:
            if "caught" in item.name:
                item.add_marker(pytest.mark.skip(reason="--quick: the real build only"))
            elif "learned" in item.name:
                item.add_marker(pytest.mark.skip(reason="--quick: nothing is learned"))
            elif "lake" in item.name:
                item.add_marker(pytest.mark.skip(reason="--quick: one kind of store"))
            elif item.name.endswith(ONE_OF_A_KIND):
                item.add_marker(pytest.mark.skip(reason="--quick: one of a kind"))


class Size(NamedTuple):
    """How much is tried."""

    cells: int
    days: int


class Trials(NamedTuple):
    """Figures of worlds in which the unit is there or not, by the toss of a coin."""

    world: World
    present: np.ndarray
    shown: np.ndarray


@pytest.fixture(scope="session")
def is_quick(request):
    """Whether fewer repeats are wanted."""
    return request.config.getoption("--quick", default=False)


@pytest.fixture(scope="session")
def size(is_quick):
    """Four windows a day: 156,800 worlds of parking, or 24,000.

    So many, because a broken build must be caught as surely as the real one must pass.
    """
    return Size(300, 8) if is_quick else Size(1400, 28)


@pytest.fixture(scope="session")
def toss(tmp_path_factory):
    """Return a function that lets the unit be in half of the worlds, and publishes them all."""

    def make(quantity, *, cells, days, seed=1, domain=None, habit=False):
        folder = tmp_path_factory.mktemp(quantity)
        world = World(folder, cells=cells, quantity=quantity, domain=domain or domain_of(quantity))
        windows = world.windows(days=days)
        rng = np.random.default_rng(seed)
        present = rng.random((1 if habit else len(windows), cells)) < 0.5
        present = np.broadcast_to(present, (len(windows), cells))
        world.live(BASE + present, days=days)
        shown = world.figures()
        world.stop()
        return Trials(world, present, shown)

    return make


@pytest.fixture(scope="session")
def trials(toss, size):
    """The real build's figures, each a trial of its own."""
    return toss("parking_occupied", cells=size.cells, days=size.days)


@pytest.fixture
def site_of():
    """Return a function that starts a web process for a world; all end with the test."""
    running = []

    def start(world):
        write_public(world.city, world.public)
        app = create_app(
            place_directory=world.folder,
            domains=(world.domain,),
            now=lambda: SINCE,
            poll_s=3600,
        )
        client = TestClient(app, follow_redirects=False)
        client.__enter__()
        running.append(client)
        return client

    yield start
    for client in running:
        client.__exit__(None, None, None)
