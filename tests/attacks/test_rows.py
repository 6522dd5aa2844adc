"""What is there beside the numbers follows from the devices alone, never from what they counted."""

import broken
import numpy as np
import pyarrow.parquet as pq
import pytest
from broken import noise_of_seed
from worlds import WATCHED, World, domain_of, windows_of

from twin.privacy import release

CELLS = 30


def counted(world, *, most, seed=1):
    """Return small counts, so that a threshold would show."""
    shape = len(world.windows()), len(world.targets)
    return np.random.default_rng(seed).integers(0, min(most, world.most) + 1, shape)


def public(folder, quantity, counts_of):
    """Return the public files of a day of a world."""
    world = World(folder, cells=CELLS, quantity=quantity)
    world.live(counts_of(world))
    world.stop()
    return {
        path.relative_to(world.public): path
        for path in sorted(world.public.rglob("*.parquet"))
        if "city" not in path.parts
    }


def rows_without_values(files):
    """Return everything that the files say but the values, in the files' order."""
    return {
        name: [
            {key: value for key, value in row.items() if key != "value"}
            | {"has_value": row.get("value") is not None}
            for row in pq.read_table(path).to_pylist()
        ]
        for name, path in files.items()
    }


def neighbours(tmp_path, quantity):
    """Return the public files of worlds without and with one unit, and of quite another one."""

    def unit(number):
        def counts_of(world):
            counts = counted(world, most=3)
            counts[:, 0] = number
            return counts

        return counts_of

    return [
        public(tmp_path / "without", quantity, unit(0)),
        public(tmp_path / "with", quantity, unit(1)),
        public(tmp_path / "nobody", quantity, lambda world: 0 * counted(world, most=3)),
        public(tmp_path / "full", quantity, lambda world: counted(world, most=20, seed=2)),
    ]


def attack(tmp_path, quantity):
    """Whether anything but the values differs between the worlds."""
    first, *others = [rows_without_values(files) for files in neighbours(tmp_path, quantity)]
    return any(other != first for other in others)


@pytest.fixture(scope="module", params=WATCHED)
def equal(request, tmp_path_factory):
    """A quantity, and the public files of such worlds where every draw gives the same values."""
    same = noise_of_seed(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release, "protect", lambda counts, sigma: same([5] * len(counts), sigma))
        return request.param, neighbours(tmp_path_factory.mktemp(request.param), request.param)


def test_the_rows_say_nothing_of_what_was_counted(equal):
    first, *others = [rows_without_values(files) for files in equal[1]]
    assert all(other == first for other in others)


def test_every_cell_of_every_window_has_a_value(equal):
    quantity, worlds = equal
    windows = windows_of(domain_of(quantity).quantities[0])
    for files in worlds:
        tables = [pq.read_table(path) for path in files.values() if quantity in path.parts]
        values = [value for table in tables for value in table["value"].to_pylist()]
        assert len(values) == CELLS * len(windows)
        assert None not in values


def test_equal_values_give_equal_bytes(equal):
    first, *others = [
        {name: path.read_bytes() for name, path in files.items()} for files in equal[1]
    ]
    assert all(other == first for other in others)


def test_suppressed_small_counts_are_caught(tmp_path, monkeypatch):
    broken.small_counts_suppressed(monkeypatch, below=3)
    assert attack(tmp_path, "parking_occupied")


def test_cells_left_out_where_nothing_was_counted_are_caught(tmp_path, monkeypatch):
    real = release.count_exactly
    monkeypatch.setattr(release, "count_exactly", lambda *some: _only_counted(real(*some)))
    assert attack(tmp_path, "parking_occupied")


def _only_counted(table):
    """Leave out the cells in which nothing was counted, as a careless join does."""
    return table.filter(np.array(table["value"].to_pylist()) > 0)
