"""Whenever the release job dies, nothing is charged twice and nothing is answered twice."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from crashing import SINCE

from sensors.door import Door, Message
from twin.batch import Writer
from twin.domains import load_domains
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation

ROOT = Path(__file__).parents[2]
FOR_TWO = 20
"""From so many points on, two processes share them: one for each core."""


@pytest.fixture
def prepared(tmp_path, city, devices):
    """A place's folder with a day of readings, and no window closed yet."""
    domains, folder = load_domains(), tmp_path / "prepared"
    folder.mkdir()
    location = StoreLocation(path=folder / "city.duckdb")
    with Store.open(location, crs=city.crs, domains=domains, now=SINCE) as store:
        write_geography(store, city, domains)
        write_devices(store, [(device, SINCE, None) for device in devices.values()])
        door, writer = Door(city, domains, devices=devices), Writer(store, domains)
        for hour in range(28):
            at = SINCE + timedelta(hours=hour)
            batch = door.read(list(reports(devices, hour, at)), now=at)
            assert not batch.rejected
            writer.write(batch, received_at=at)
        store.checkpoint()
    return tmp_path


def reports(devices, hour, at):
    """Every device that stands somewhere reports once an hour."""
    says = {
        "bays": {"kind": "bays", "occupied": [1, 2]},
        "garages": {"kind": "garage", "cars": 50},
        "racks": {"kind": "rack", "bikes": 20},
        "counters": {"kind": "passages", "passages": 30, "interval_s": 3600},
    }
    for device in devices.values():
        if device.layer in says:
            content = says[device.layer] | {
                "observed_at": at.isoformat(),
                "boot": "b",
                "seq": hour + 1,
                "heartbeat": True,
            }
            topic = f"wijk/v1/{device.domain}/{device.device}"
            yield Message(topic, json.dumps(content).encode())


def crash(prepared, points, broken=""):
    """Crash at so many points; return what a whole run comes to, and what was found at each."""
    script = ROOT / "tests" / "attacks" / "crashing.py"
    parts = 2 if points >= FOR_TWO else 1
    running = [
        subprocess.Popen(
            [sys.executable, str(script), str(prepared), *map(str, (points, part, parts))],
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "BROKEN": broken},
            stdout=subprocess.PIPE,
            text=True,
        )
        for part in range(parts)
    ]
    said = [process.communicate()[0].splitlines() for process in running]
    assert [process.returncode for process in running] == [0] * parts
    found = [json.loads(line) for lines in said for line in lines[1:]]
    return json.loads(said[0][0]), found


def test_crashes_at_200_points_cost_nothing_and_answer_nothing_twice(prepared, is_quick):
    points = 2 if is_quick else 200
    whole, found = crash(prepared, points)
    assert not whole["crashed"]
    assert whole["windows"] > 0
    assert sum(item["crashed"] for item in found) == len(found) == points
    assert any(0 < item["published_before"] < whole["values"] for item in found)
    for item in found:
        assert item["answered_again"] == 0, item
        assert item["charged_twice"] == 0, item
        for what in ("windows", "rho", "values"):
            assert item[what] == whole[what], item


def test_a_build_that_publishes_first_is_caught(prepared):
    _, found = crash(prepared, 40, broken="yes")
    assert any(item["answered_again"] for item in found)
