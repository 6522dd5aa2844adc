"""Asking again, in whatever way, gives the same bytes: there is nothing to average."""

import shutil

import broken
import numpy as np
import pytest
import worlds
from worlds import BASE, World

from twin.place import write_public
from twin.register import write_geography

REQUESTS = 1000
CELLS = 12
AGAIN = 10
"""How often a broken build is made to draw again: the mean's noise is then less than a third of σ."""

SINCE = f"from={worlds.SINCE:%Y-%m-%dT%H:%M:00Z}"
PATHS = [
    *(
        f"/releases/parking_occupied?{SINCE}&format={one}"
        for one in ("json", "csv", "parquet", "geojson")
    ),
    "/releases/parking_occupied",
    "/typical/parking_occupied",
    f"/coverage/parking_occupied?{SINCE}",
    "/layers/cells",
    "/place",
]


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path, cells=CELLS, quantity="parking_occupied")
    write_public(world.city, world.public)
    yield world
    world.stop()


def answers(site):
    """Return what every path answers."""
    found = {path: site.get(f"/api/v1{path}") for path in PATHS}
    assert {answer.status_code for answer in found.values()} == {200}
    return {path: answer.content for path, answer in found.items()}


def files(world):
    """Return every public file."""
    return {
        path.relative_to(world.public): path.read_bytes()
        for path in sorted(world.public.rglob("*.parquet"))
    }


def ask(site, path, requests):
    """Return the answers to one request, asked over and over."""
    return {site.get(f"/api/v1{path}").content for _ in range(requests)}


def test_a_thousand_requests_have_one_answer(world, site_of, is_quick):
    world.live(np.full((8, CELLS), BASE), days=2)
    site = site_of(world)
    assert len(ask(site, PATHS[0], REQUESTS // 20 if is_quick else REQUESTS)) == 1
    first = answers(site)
    assert all(answers(site) == first for _ in range(2 if is_quick else 10))


def test_noise_for_each_request_is_caught(world, site_of, monkeypatch):
    broken.noise_for_each_request(monkeypatch)
    world.live(np.full((8, CELLS), BASE), days=2)
    assert len(ask(site_of(world), PATHS[0], 100)) == 100


def restart(world):
    """Stop, and start again."""
    world.stop()
    world.start()


def restore(world):
    """Put back the copy of the store from before the last windows were closed."""
    world.stop()
    shutil.copy(world.folder / "copy.duckdb", world.path)
    world.start()


def reimport(world):
    """Import the place again into the running store, and start again."""
    write_public(world.city, world.public)
    worlds.write_geography(world.store, world.city, [world.domain])
    restart(world)


def copy(world):
    """Copy the store, as a backup does: readings have come in, windows are not closed yet."""
    world.store.checkpoint()
    world.stop()
    shutil.copy(world.path, world.folder / "copy.duckdb")
    world.start()


def attack(world, event, *, times):
    """Return the public files and the figures after every event, with windows due once more."""
    world.live(np.full((4, CELLS), BASE), days=1)
    windows = world.windows(1)
    world.count(windows, np.full((4, CELLS), BASE))
    copy(world)
    world.release(windows)
    seen, figures = [files(world)], [world.figures()[-4:]]
    for _ in range(times):
        event(world)
        world.release(windows)
        seen.append(files(world))
        figures.append(world.figures()[-4:])
    return seen, np.array(figures)


EVENTS = {"a restart": restart, "a restore": restore, "a reimport": reimport}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_after_it_the_answers_are_the_same(world, site_of, event, is_quick):
    seen, _ = attack(world, event, times=1 if is_quick else 2)
    assert all(one == seen[0] for one in seen)
    before = answers(site_of(world))
    event(world)
    world.release(world.windows(1))
    assert answers(site_of(world)) == before
    charged = world.ledger()["rho"].sum()
    assert charged == pytest.approx(0.04)


def forget_at_import(monkeypatch):
    """An import starts afresh."""

    def write(store, city, domains):
        with store.transaction() as cursor:
            for table in ("release", "charge", "closed"):
                cursor.execute(f"DELETE FROM city.{table}")
        write_geography(store, city, domains)

    monkeypatch.setattr(worlds, "write_geography", write)
    monkeypatch.setattr(worlds, "adopt", lambda *_: 0)


def adopt_nothing(monkeypatch):
    """What was published is not looked at when an old store is put back."""
    monkeypatch.setattr(worlds, "adopt", lambda *_: 0)


BROKEN = {
    "a restart": (restart, broken.windows_stay_open),
    "a restore": (restore, adopt_nothing),
    "a reimport": (reimport, forget_at_import),
}


@pytest.mark.parametrize(("event", "build"), BROKEN.values(), ids=BROKEN)
def test_a_build_that_draws_again_is_caught(world, monkeypatch, event, build):
    build(monkeypatch)
    seen, figures = attack(world, event, times=AGAIN)
    assert all(one != seen[0] for one in seen[1:])
    missed = figures.mean(axis=0) - BASE
    assert np.sqrt((missed**2).mean()) < world.quantity.sigma / 2


def test_a_day_later_nothing_that_was_said_has_changed(world):
    world.live(np.full((4, CELLS), BASE), days=1)
    before = files(world)
    world.live(np.full((4, CELLS), BASE), first_day=1, days=1)
    after = files(world)
    named = [path for path in before if path.name != "ledger.parquet"]
    assert {path: after[path] for path in named} == {path: before[path] for path in named}
