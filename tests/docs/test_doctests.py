"""Examples in docstrings are right."""

import doctest
import importlib
from pathlib import Path

import pytest
from pages import ROOT

PACKAGES = ("twin", "sensors", "scenarios", "web", "wijktwin")


def _modules():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if ">>> " in path.read_text(encoding="utf-8"):
                parts = Path(path).relative_to(ROOT).with_suffix("").parts
                yield ".".join(parts).removesuffix(".__init__")


@pytest.mark.parametrize("name", list(_modules()))
def test_the_examples_of_a_module(name):
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert not failed
