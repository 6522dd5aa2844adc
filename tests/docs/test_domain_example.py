"""The package of docs/domains.md gets everything that a domain of ours has."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT, blocks

PAGE = ROOT / "docs" / "domains.md"


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Install the package as the page prints it, use it, and return what came of it."""
    folder = tmp_path_factory.mktemp("noise")
    package, site = folder / "wijktwin-noise", folder / "site"
    for block in blocks(PAGE):
        if "." in block.title:
            path = package / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    install = "-m pip install --quiet --disable-pip-version-check --no-index --no-deps"
    subprocess.run(
        [
            sys.executable,
            *install.split(),
            *("--no-build-isolation", "--target", str(site), str(package)),
        ],
        check=True,
    )
    run = subprocess.run(
        [sys.executable, Path(__file__).with_name("noise_run.py"), folder / "place"],
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_page_has_every_file_of_the_package():
    names = {block.title for block in blocks(PAGE) if "." in block.title}
    assert names == {
        "pyproject.toml",
        "wijktwin_noise/__init__.py",
        "wijktwin_noise/loud.sql",
        "wijktwin_noise/migrations/0001_reading.sql",
    }


def test_readings_are_validated_and_stored(said):
    assert said["stored"] == 4
    (refused,) = said["refused"]
    assert refused.startswith("times:")


def test_every_area_with_a_meter_gets_a_figure_with_noise(said):
    assert said["units"] == len(said["figures"]) == 1
    (loud,) = said["figures"]
    assert abs(loud - 200) < 60  # σ is 5, so this is twelve times that


def test_it_has_a_schema_and_a_page(said):
    assert said["schema"] == "Noise"
    assert said["title"]
