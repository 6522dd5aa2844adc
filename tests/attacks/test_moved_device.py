"""One unit counts once in a window, also while devices are given something else to watch."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from worlds import BASE, SINCE, World, domain_of

from sensors.registration import watching
from twin.privacy.release import count_exactly
from twin.register import write_devices
from twin.words import Origin

QUANTITIES = ("parking_occupied", "parking_garage", "bikes_racked")


def reached(folder, quantity, *, count, domain=None):
    """Return the exact counts of a window shortly before which a device was moved.

    The first device told what it watches, and was then given the second cell's thing, of which
    nothing has been heard; a new device watches what the first one did.
    """
    world = World(folder, cells=2, quantity=quantity, domain=domain)
    window = world.windows()[0]
    counts = np.array([[count, BASE]])
    world.count([window], counts)
    moved = window.start - timedelta(minutes=2)
    first, second = world.devices
    new = watching(
        world.city, world.domain.name, "new", Origin.SIMULATED, world.layer, world.targets[0]
    )
    there = watching(
        world.city, world.domain.name, first.device, Origin.SIMULATED, world.layer, world.targets[1]
    )
    table = f"city.{world.domain.name}_reading"
    with world.store.transaction() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE device = $device", {"device": second.device})
        cursor.execute(
            f"INSERT INTO {table} SELECT * REPLACE ('new' AS device, $at AS observed_at) FROM {table}"
            " WHERE device = $device",
            {"device": first.device, "at": moved + timedelta(minutes=1)},
        )
    write_devices(
        world.store,
        [
            (first, SINCE, moved),
            (second, SINCE, moved),
            (there, moved, None),
            (new, moved, None),
        ],
    )
    rows = count_exactly(world.store, world.quantity, window).to_pylist()
    world.stop()
    return np.array([row["value"] for row in sorted(rows, key=lambda row: row["unit"])])


def squared_change(tmp_path, quantity, domain=None):
    """Return by how much one unit changes a window's counts: the square of its L2 sensitivity."""
    without = reached(tmp_path / "without", quantity, count=BASE, domain=domain)
    there = reached(tmp_path / "with", quantity, count=BASE + 1, domain=domain)
    return int(((there - without) ** 2).sum())


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_unit_counts_once_where_a_device_was_moved(tmp_path, quantity):
    assert squared_change(tmp_path, quantity) == 1


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_count_of_what_was_said_before_is_caught(tmp_path, quantity):
    domain = domain_of(quantity)
    text, since = domain.quantities[0].count.read_text(), "AND observed_at >= expected.since"
    assert since in text
    changed = tmp_path / "whenever.sql"
    changed.write_text(text.replace(since, ""))
    quantities = (replace(domain.quantities[0], count=changed),)
    assert squared_change(tmp_path, quantity, replace(domain, quantities=quantities)) == 2
