"""The notebooks in examples/ run from top to bottom, and have no outputs stored."""

import ast
import json
import os
from dataclasses import replace

import pytest
from neighbourhood import neighbourhood
from pages import ROOT

from twin.place import save_city, write_public
from twin.place.frames import layer_frame, rows_of
from wijktwin.folder import PlaceFolder

NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
DEAR = "runs=20"


@pytest.fixture
def helsinki(tmp_path, monkeypatch):
    """A hand-made place under the name and with the street that the notebooks use."""
    city = neighbourhood()
    rows = rows_of(city.segments)
    for row in rows:
        if row["name"] == "Zuidkade":
            row |= {"name": "Annankatu", "names": ["Annankatu"]}
    segments = layer_frame("segments", rows, city.crs)
    city = replace(city.with_layers(segments=segments), name="helsinki")
    folder = PlaceFolder(tmp_path / "data" / "helsinki")
    save_city(city, folder.city)
    write_public(city, folder.public)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)


def cells(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def shown(source, names):
    """Run a cell and return what a notebook would show below it."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 ours


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_that_came_out_is_stored(path):
    for cell in cells(path):
        assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_trying_a_plan(helsinki, tmp_path):
    names = {}
    sources = ["".join(cell["source"]) for cell in cells(ROOT / "examples" / "try_a_plan.ipynb")]
    assert sum(DEAR in source for source in sources) == 1
    found = [shown(source.replace(DEAR, "runs=2"), names) for source in sources]
    plans, described, cost, _, table, drawing, report, fewer = found
    assert "helsinki-bikes-instead-of-bays" in plans
    assert described[0] == "Take away 12 parking spaces in Annankatu"
    assert cost.investment_eur > fewer.investment_eur > 0
    assert table.loc["Loose bikes", "in words"]
    assert drawing._repr_svg_().startswith("<svg")
    assert report == (tmp_path / "report.html").as_uri()
    assert "Bicycle stands" in (tmp_path / "report.html").read_text(encoding="utf-8")
