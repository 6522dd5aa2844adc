"""How long a simulated day takes: one run, a preview, an ensemble, larger places, and a fresh start.

On the default place, uncalibrated, so with as many people as is assumed. Baselines are kept before an
ensemble is timed, as they are between two plans of one place; how long they take is said too.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from shapely.affinity import translate

from scenarios.calibration.calibration import Calibration
from scenarios.day.day import simulate
from scenarios.day.parameters import Parameters
from scenarios.day.town import Town
from scenarios.ensemble import PREVIEW_RUNS, RUNS
from scenarios.examples import FOLDER
from scenarios.figures import figures
from scenarios.files import read_scenario
from scenarios.measures import load_prices
from scenarios.study import Study
from scenarios.workers import Workers
from twin.city import City
from twin.domains import load_domains
from twin.layers import LAYERS
from twin.place import helsinki, import_place, save_city, write_public

PLAN = Path(str(FOLDER)) / "helsinki-bikes-instead-of-bays.yaml"
TIMES = 7
TILES = (1, 4, 16)

_FRESH = """
import sys, time
began = time.monotonic()
from pathlib import Path
from scenarios.day.day import simulate
from scenarios.day.parameters import Parameters
from scenarios.day.town import Town
from scenarios.figures import figures
from twin.domains import load_domains
from twin.privacy.public import PublicReader
from twin.privacy.public_city import public_city
city = public_city(PublicReader(Path(sys.argv[1]), load_domains()))
town = Town.of(city)
figures(town, simulate(town, Parameters(), 1))
print(time.monotonic() - began)
"""


def measure() -> dict[str, object]:
    rules = {domain.name: domain.cells for domain in load_domains()}
    city = import_place(helsinki(), cell_rules=rules, progress=lambda *_: None)
    return _one_run(city) | _ensembles(city) | _fresh(city) | _tiles(city)


def _one_run(city: City) -> dict[str, object]:
    town = Town.of(city)
    day = simulate(town, Parameters(), 0)
    numbers = iter(range(1, 1000))
    run = _median(lambda: figures(town, simulate(town, Parameters(), next(numbers))))
    return {
        "trips a day (people there and back, residents' cars)": 2 * len(day.people.key)
        + int((day.cars.person < 0).sum()),
        "cars that look for a place": len(day.cars.key),
        "s, one run of one day, warm": run,
        "s, reading the city for a plan": _median(lambda: Town.of(city)),
    }


def _ensembles(city: City) -> dict[str, object]:
    found: dict[str, object] = {}
    calibration = Calibration.uncalibrated(city.name)
    scenario = read_scenario(PLAN)
    with tempfile.TemporaryDirectory() as kept, Workers(os.cpu_count() or 1) as workers:

        def study(runs: int) -> Study:
            return Study.of(
                scenario, city, calibration, load_prices(), runs=runs, folder=Path(kept)
            )

        began = time.monotonic()
        study(1).run(workers)
        found["s, first pair in fresh workers"] = round(time.monotonic() - began, 2)
        began = time.monotonic()
        study(RUNS).run(workers)
        found[f"s, {RUNS} pairs without kept baselines"] = round(time.monotonic() - began, 2)
        found[f"s, {RUNS} pairs"] = _median(lambda: study(RUNS).run(workers), 3)
        found[f"s, preview of {PREVIEW_RUNS} pairs"] = _median(
            lambda: study(PREVIEW_RUNS).run(workers)
        )
    return found


def _fresh(city: City) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as data:
        save_city(city, Path(data) / "city")
        write_public(city, Path(data) / "public")
        seconds = [
            float(
                subprocess.run(
                    [sys.executable, "-c", _FRESH, data],
                    check=True, capture_output=True, text=True,
                ).stdout
            )
            for _ in range(3)
        ]  # fmt: skip
    return {"s, fresh process to first result": round(statistics.median(seconds), 2)}


def _tiles(city: City) -> dict[str, object]:
    found: dict[str, object] = {}
    for count in TILES:
        tiled = city if count == 1 else tile(city, round(count**0.5))
        began = time.monotonic()
        town = Town.of(tiled)
        read = time.monotonic() - began
        simulate(town, Parameters(), 0)
        seconds = _median(lambda town=town: simulate(town, Parameters(), 1), 3)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found[f"{count} × the place"] = (
            f"{seconds} s a run, {read:.2f} s to read, {peak_mb:,.0f} MB at most so far"
        )
    return found


def tile(city: City, side: int) -> City:
    """Return a city of side × side copies of one, beside each other and joined by nothing."""
    west, south, east, north = city.boundary.bounds
    frames = {}
    named = {"segment", "from_junction", "to_junction"} | {layer.key for layer in LAYERS}
    for layer in LAYERS:
        parts = []
        for column in range(side):
            for row in range(side):
                part = city.layers[layer.name].copy()
                x, y = column * (east - west), row * (north - south)
                part["geometry"] = part.geometry.translate(x, y)
                for name in named & set(part.columns):
                    part[name] = [f"{value}-{column}-{row}" for value in part[name]]
                parts.append(part)
        frames[layer.name] = _stacked(parts)
    boundary = city.boundary
    for column in range(side):
        for row in range(side):
            x, y = column * (east - west), row * (north - south)
            boundary = boundary.union(translate(city.boundary, x, y))
    return City(
        name=f"{city.name}-{side}",
        title=city.title,
        timezone=city.timezone,
        crs=city.crs,
        boundary=boundary.convex_hull,
        layers=frames,
    )


def _stacked(parts: list) -> object:
    import pandas as pd

    return pd.concat(parts, ignore_index=True)


def _median(work: Callable[[], object], times: int = TIMES) -> float:
    work()
    seconds = []
    for _ in range(times):
        began = time.monotonic()
        work()
        seconds.append(time.monotonic() - began)
    return round(float(np.median(seconds)), 3)
