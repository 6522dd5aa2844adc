"""Imported places, once per run, and a small town of one's own."""

from pathlib import Path

import pytest
from shapely import Polygon
from town import RULES, SOUTH, WEST, Town

from twin.place import helsinki as helsinki_request
from twin.place import import_place, read_place_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def helsinki():
    return import_place(helsinki_request(), cell_rules=RULES)


@pytest.fixture(scope="session")
def amsterdam(shared_data):
    path = ROOT / "examples" / "amsterdam-houthavens.toml"
    request = read_place_file(path, files=shared_data / "amsterdam-houthavens")
    return import_place(request, cell_rules=RULES)


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


@pytest.fixture
def bowtie():
    """An area that crosses itself."""
    return Polygon([(WEST, SOUTH), (WEST + 9, SOUTH + 9), (WEST + 9, SOUTH), (WEST, SOUTH + 9)])
