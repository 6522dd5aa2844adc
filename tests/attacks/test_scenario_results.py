"""What plans are said to do follows from published figures: it tells of nobody what these do not.

Two worlds have published the same, although in one of them a car stood in every bay at every
count and in the other it did not. Whatever is learned and answered must be the same, byte for
byte: then nothing that is made of answers can tell more than the figures, which are attacked by
themselves (`test_differencing.py`).
"""

import json
import re
import shutil

import duckdb
import pyarrow as pa
import pytest
from made import NOW, MadeFigures
from neighbourhood import neighbourhood
from starlette.testclient import TestClient

from scenarios.calibration.place import calibrate_place
from scenarios.files import read_scenario
from scenarios.opened import OpenPlace, calibration_file
from scenarios.workers import Workers
from sensors.registration import watching
from twin.domains import load_domains
from twin.place import write_public
from twin.privacy.public import PublicReader
from twin.readings import ENVELOPE
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation
from twin.words import Origin
from web.app import create_app
from web.plans.link import plan_text
from web.plans.streets import FIGURES

DAYS = 15
PLAN = """
version: 1
name: fewer
place: tiny
measures:
  - kind: remove_bays
    where: {street: Zuidkade}
    count: 3
  - kind: add_racks
    where: {street: Zuidkade}
    places: 8
"""


@pytest.fixture(scope="module")
def worlds(tmp_path_factory, is_quick):
    """The folders of a world without, and of one with a car in every bay; both published the same."""
    root = tmp_path_factory.mktemp("worlds")
    city = neighbourhood()
    write_public(city, root / "without" / "public")
    MadeFigures(root / "without", load_domains()).write(now=NOW, days=DAYS)
    shutil.copytree(root / "without", root / "with")
    folders = root / "without", root / "with"
    for folder, is_there in zip(folders, (False, True), strict=True):
        _store(folder, city, is_there=is_there)
        if not is_quick:
            _learn(folder)
    return folders


def _store(folder, city, *, is_there):
    """Fill the city's store: a reading of every bay an hour."""
    domains = load_domains()
    parking = next(domain for domain in domains if domain.name == "parking")
    bays = city.layers["bays"]["bay"].tolist()
    devices = [watching(city, "parking", f"d-{bay}", Origin.SIMULATED, "bays", bay) for bay in bays]
    location = StoreLocation(path=folder / "city.duckdb")
    store = Store.open(location, crs=city.crs, domains=domains, now=NOW)
    write_geography(store, city, [parking])
    write_devices(store, [(device, NOW, None) for device in devices])
    values = {
        "device": [device.device for device in devices],
        "boot": ["b"] * len(bays),
        "seq": [1] * len(bays),
        "observed_at": [NOW] * len(bays),
        "received_at": [NOW] * len(bays),
        "origin": [Origin.SIMULATED.value] * len(bays),
        "kind": ["bays"] * len(bays),
        "heartbeat": [True] * len(bays),
        "target": bays,
        "hex": [device.hex for device in devices],
    }
    columns = {name: pa.array(values[name], kind) for name, kind in ENVELOPE.items()}
    columns["occupied"] = pa.array([[1] if is_there else []] * len(bays), pa.list_(pa.int64()))
    store.insert("parking_reading", pa.table(columns))
    store.close()


def _learn(folder):
    reader = PublicReader(folder, load_domains())
    reader.refresh()
    with Workers(1) as workers:
        calibrate_place(reader, workers, members=8).write(calibration_file(folder))
    reader.close()


def answers(folder, tmp_path, *, queries=("", "&each=1")):
    """Return what a site says of a plan, by address: pages, streets, and each change alone."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    plan = plan_text(read_scenario(path))
    app = create_app(
        place_directory=folder, domains=load_domains(), now=lambda: NOW, poll_s=3600, processes=1
    )
    with TestClient(app, follow_redirects=False) as site:
        for query in queries:
            _wait(site, f"/en/try?plan={plan}{query}")
        wanted = [
            *(
                f"/{language}/try?plan={plan}{query}"
                for language in ("en", "nl")
                for query in queries
            ),
            *(f"/api/v1/effects/streets?plan={plan}&figure={figure}" for figure in FIGURES),
        ]
        return {one: _said(site.get(one)) for one in wanted}


def _wait(site, path):
    """Ask for a page until it waits for nothing more, as its script does."""
    wanted = re.search(r"plan=([\w-]+)", path)[1]
    while wanted:
        heard = site.get(f"/api/v1/effects/events?plan={wanted}").text
        assert '"state":"done"' in heard, heard[-300:]
        page = site.get(path)
        assert page.status_code == 200
        more = re.search(r'id="parts"[^>]*data-wanted="([\w-]+)"', page.text)
        wanted = more and more[1]


def _said(answer):
    assert answer.status_code == 200, answer.text[:300]
    return answer.content


def test_what_is_learned_does_not_depend_on_what_was_not_published(worlds):
    without, there = (calibration_file(folder).read_bytes() for folder in worlds)
    assert there == without


def test_what_plans_do_does_not_depend_on_what_was_not_published(worlds, tmp_path, is_quick):
    assert _occupied(worlds[0]) != _occupied(worlds[1])
    queries = ("",) if is_quick else ("", "&each=1")
    without, there = (answers(folder, tmp_path, queries=queries) for folder in worlds)
    assert there == without
    assert is_quick or answers(worlds[1], tmp_path) == there
    streets = [json.loads(said) for path, said in there.items() if "/streets?" in path]
    assert any(any(one["change"]) for one in streets)


def test_a_model_that_looks_into_the_store_is_caught(worlds, tmp_path, monkeypatch):
    real = OpenPlace.study

    def looking(place, plan, **settings):
        return real(place, plan, **(settings | {"seed": _occupied(place.folder)}))

    monkeypatch.setattr(OpenPlace, "study", looking)
    without, there = (answers(folder, tmp_path) for folder in worlds)
    assert there != without


def _occupied(folder):
    """Return how many bays were seen occupied, as nobody but the city process may know."""
    with duckdb.connect(folder / "city.duckdb", read_only=True) as store:
        found = store.sql("SELECT sum(len(occupied)) FROM city.parking_reading").fetchone()
    return int(found[0])
