"""What the store knows of the place: replaced at every start, but never under released figures."""

from datetime import UTC, datetime, timedelta

import pytest

from twin.errors import StoreError
from twin.hexes import hex_of
from twin.privacy.release import close_windows
from twin.register import write_devices, write_geography

SINCE = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)


def without_a_cell(city, domain):
    cells = city.layers["cells"]
    gone = cells[cells["domain"] == domain].index[-1]
    return city.with_layers(cells=cells.drop(gone).reset_index(drop=True))


def known(store, domain):
    rows = store.query(
        "SELECT cell FROM city.cell_hex WHERE domain = $domain ORDER BY cell", {"domain": domain}
    )
    return rows["cell"].to_pylist()


@pytest.fixture
def released(store, city, domains, devices):
    """A store in which parking windows, and those of nothing else, have been closed."""
    write_geography(store, city, domains)
    write_devices(store, [(d, SINCE, None) for d in devices.values() if d.domain == "parking"])
    close_windows(store, domains, zone=city.zone, now=SINCE + timedelta(days=1))
    return store


def test_things_are_where_the_city_has_them(store, city, domains):
    write_geography(store, city, domains)
    rows = store.query("SELECT layer, target, capacity, hex FROM city.thing").to_pylist()
    found = {(row["layer"], row["target"]): row for row in rows}
    assert len(found) == len(rows) == 12 + 1 + 2 + 2
    garage = found["garages", "garage-1"]
    assert garage["capacity"] == 200
    assert garage["hex"] == hex_of(city, *city.position("garages", "garage-1"))
    assert found["counters", "counter-1"]["capacity"] == 0


def test_before_anything_is_released_cells_may_change(store, city, domains):
    write_geography(store, city, domains)
    before = known(store, "parking")
    write_geography(store, without_a_cell(city, "parking"), domains)
    assert len(known(store, "parking")) == len(before) - 1


def test_cells_of_released_figures_may_not_change(released, city, domains):
    before = known(released, "parking")
    with pytest.raises(StoreError, match="released parking figures for other cells"):
        write_geography(released, without_a_cell(city, "parking"), domains)
    assert known(released, "parking") == before


def test_cells_of_other_domains_may(released, city, domains):
    before = known(released, "bikes")
    write_geography(released, without_a_cell(city, "bikes"), domains)
    assert len(known(released, "bikes")) == len(before) - 1


def test_the_same_place_again_changes_nothing(released, city, domains):
    before = known(released, "parking")
    write_geography(released, city, domains)
    assert known(released, "parking") == before
