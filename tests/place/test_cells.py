"""Cells cover the place once, weigh enough, look like one thing and have a name."""

import h3
import pytest
import shapely

from twin.domains.domain import CellRule
from twin.place.cells import add_cells, build_cells


def of(city, domain):
    return city.cells[city.cells["domain"] == domain].reset_index(drop=True)


@pytest.mark.parametrize("domain", ["parking", "bikes", "footfall"])
def test_every_hexagon_belongs_to_one_cell_and_cells_cover_the_place(helsinki, domain):
    cells = of(helsinki, domain)
    hexes = [each for row in cells["hexes"] for each in row]
    assert len(hexes) == len(set(hexes))
    assert all(h3.get_resolution(each) == 10 for each in hexes)
    assert cells.area.sum() == pytest.approx(helsinki.boundary.area, rel=1e-4)
    assert shapely.union_all(cells.geometry).symmetric_difference(helsinki.boundary).area < 50
    sides = {tuple(sorted(each for row in of(helsinki, "parking")["hexes"] for each in row))}
    assert sides == {tuple(sorted(hexes))}


@pytest.mark.parametrize(
    ("domain", "layer", "at_least"), [("parking", "bays", 100), ("bikes", "racks", 40)]
)
def test_cells_weigh_what_they_must_and_no_bay_is_lost(helsinki, domain, layer, at_least):
    cells = of(helsinki, domain)
    assert (cells["weight"] >= at_least).all()
    assert cells["weight"].sum() == helsinki.layers[layer]["capacity"].sum()
    assert len(cells) >= cells["weight"].sum() / at_least * 0.5


def test_a_cell_without_a_weight_is_one_hexagon(helsinki):
    assert set(of(helsinki, "footfall")["hexes"].map(len)) == {1}


def test_cells_are_in_one_piece_and_compact(helsinki):
    for domain in ("parking", "bikes"):
        cells = of(helsinki, domain)
        assert set(cells.geometry.geom_type) == {"Polygon"}
        # 1 is a circle; a row of three hexagons is about 0.45, a chain of six about 0.25.
        roundness = 4 * 3.14159 * cells.area / cells.length**2
        assert roundness.median() > 0.4
        assert roundness.min() > 0.15


def test_cells_are_named_after_their_streets_each_differently(helsinki):
    for domain in ("parking", "bikes", "footfall"):
        names = of(helsinki, domain)["name"]
        assert names.notna().all()
        assert names.is_unique
    streets = set(helsinki.segments["name"].dropna())
    for name in of(helsinki, "parking")["name"]:
        assert set(name.split(" / ")) <= streets


def test_keys_say_domain_version_and_first_hexagon(helsinki):
    for row in of(helsinki, "parking").itertuples():
        assert row.cell == f"parking-1-{row.hexes[0]}"
        assert row.hexes == sorted(row.hexes)


def test_cells_depend_on_the_place_only(helsinki):
    again = build_cells(helsinki, "parking", CellRule("bays", 100))
    assert again["hexes"].tolist() == of(helsinki, "parking")["hexes"].tolist()
    second = build_cells(helsinki, "parking", CellRule("bays", 100), version=2)
    assert second["cell"].str.startswith("parking-2-").all()


def test_adding_a_domain_leaves_the_cells_of_the_others(helsinki):
    more = add_cells(helsinki, {"parking": CellRule("bays", 5), "noise": CellRule()})
    assert of(more, "parking").equals(of(helsinki, "parking"))
    assert len(of(more, "noise")) > 100


def test_a_layer_without_capacity_weighs_its_rows(helsinki):
    cells = build_cells(helsinki, "shops", CellRule("attractors", 50))
    assert cells["weight"].sum() == len(helsinki.attractors)
    assert (cells["weight"] >= 50).all()
