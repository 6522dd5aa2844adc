"""Cars that search for a space, beside SUMO's parking areas and rerouters: same streets, same trips.

SUMO moves every car second by second; a rerouter sends a car that finds its parking area full on to
another one (at most 10, within 1,000 m). Its time is that of the ``sumo`` program alone, started
directly, its network made beforehand. It is in the dependency group ``bench``, which is not
installed by default.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from benchmarks.sumo_demand import CARS, PARKING, kerb_and_garages, made_up_trips
from benchmarks.sumo_files import (
    ParkingArea,
    lane_lengths_m,
    parking_areas,
    write_parking,
    write_streets,
    write_trips,
)
from benchmarks.sumo_ours import live
from benchmarks.sumo_roads import roads
from twin.domains import load_domains
from twin.place import helsinki, import_place

Floats = NDArray[np.float64]

DAY_S = 86_400
HOUR_S = 3_600
STEP_S = 1
JOINED_WITHIN_M = 15
ALTERNATIVES = 10
ALTERNATIVES_WITHIN_M = 1_000


MISSING = "not measured: not installed (pip install eclipse-sumo)"


def measure() -> dict[str, object]:
    """Let SUMO and the simulated day's cars live a made-up day of the default place."""
    if not is_installed():
        return {"SUMO": MISSING}
    rules = {domain.name: domain.cells for domain in load_domains()}
    city = import_place(helsinki(), cell_rules=rules, progress=lambda *_: None)
    bays = kerb_and_garages(city)
    trips = made_up_trips(city, bays)
    ours = live(city, bays, trips)
    with tempfile.TemporaryDirectory() as folder:
        theirs = simulate(
            Path(folder),
            segments=city.segments,
            junctions=city.junctions,
            bays=bays,
            trips=trips,
        )
    share = theirs.occupied.sum(axis=0) / theirs.capacity.sum()
    return {
        "cars": CARS,
        "of which want to park": PARKING,
        "SUMO: parked": theirs.parked,
        "SUMO: never got in, still there at the end": [theirs.waiting, theirs.running],
        "SUMO: moved on by force": theirs.teleports,
        "SUMO: parking areas and spaces": [len(theirs.bays), int(theirs.capacity.sum())],
        "SUMO: highest occupancy (%)": round(100 * float(share.max())),
        "SUMO: one day (s)": round(theirs.seconds, 1),
        "SUMO: one day (s of processor time)": round(theirs.processor_s, 1),
        "SUMO: memory (MB)": round(theirs.peak_mb),
        "ours: parked": ours.parked,
        "ours: cars that pass through": ours.passed,
        "ours: one day, warm (s)": round(ours.seconds, 4),
        "times as fast (required: 200)": round(theirs.seconds / ours.seconds),
        "hourly occupancy beside SUMO's, percentage points (required: 5)": difference(
            theirs, ours.bays, ours.occupied
        ),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What SUMO made of a day.

    Attributes
    ----------
    bays, capacity
        The groups of bays in each of its parking areas, and the spaces.
    occupied
        Cars in each parking area at every full hour, (areas, 25).
    parked, inserted
        How many cars reached a space at all, and how many entered the network.
    teleports
        Cars that stood still for five minutes and were moved on by force.
    waiting, running
        Cars at the end of the day that never got in, and that are still there, parked ones included.
    """

    bays: list[tuple[str, ...]]
    capacity: NDArray[np.int64]
    occupied: Floats
    parked: int
    inserted: int
    teleports: int
    waiting: int
    running: int
    seconds: float
    processor_s: float
    peak_mb: float


def is_installed() -> bool:
    """Return whether SUMO's programs are there."""
    return find_spec("sumo") is not None


def simulate(
    folder: Path,
    *,
    segments: gpd.GeoDataFrame,
    junctions: gpd.GeoDataFrame,
    bays: pd.DataFrame,
    trips: pd.DataFrame,
    until_s: int = DAY_S,
) -> Simulated:
    """Let SUMO simulate a day.

    Parameters
    ----------
    folder
        Where its files go.
    segments, junctions
        Layers of the city.
    bays
        Groups of bays with ``bay``, ``segment``, ``side`` (left or right), ``along_m``, ``capacity``;
        garages may be among them.
    trips
        ``entry`` (junction; None: parked when the day begins), ``exit`` (junction), ``destination``
        (segment; None: passes through), ``enter_s`` (at the entry) and ``stay_s``; a column ``bay``
        names the group of bays that a driver aims at, else it is one on the segment, or the nearest.
    """
    kept = {*trips["entry"].dropna(), *trips["exit"]}
    streets = roads(segments, kept)
    net = folder / "streets.net.xml"
    _netconvert(write_streets(folder, streets, junctions), net, kept)
    lanes = lane_lengths_m(net)
    areas = parking_areas(streets, bays, lanes)
    write_parking(folder / "parking.add.xml", areas, lanes)
    _rerouters(net, folder)
    trips = trips.assign(bay=_aims(trips, segments, bays, areas))
    write_trips(folder / "trips.rou.xml", trips, areas)
    return _read(folder, areas, until_s, _sumo(folder, until_s))


def difference(theirs: Simulated, bays: Sequence[str], occupied: Floats) -> dict[str, float]:
    """Return how far other counts at every full hour, (groups of bays, 25), are from SUMO's.

    In percentage points, without the first moment: what stands there then still settles in SUMO. ``of all`` compares the occupancy of all bays together, ``by area`` that of
    each parking area weighed with its spaces; both are roots of mean squares over the hours.
    """
    row = {bay: number for number, bay in enumerate(bays)}
    ours = np.array([occupied[[row[bay] for bay in area]].sum(axis=0) for area in theirs.bays])
    off, size = (ours - theirs.occupied)[:, 1:], theirs.capacity.sum()
    of_all = off.sum(axis=0) / size
    by_area = (off**2 / theirs.capacity[:, None]).sum(axis=0) / size
    return {
        "of all, RMSE over hours": round(100 * float(np.sqrt((of_all**2).mean())), 1),
        "of all, worst hour": round(100 * float(np.abs(of_all).max()), 1),
        "by area, RMSE": round(100 * float(np.sqrt(by_area.mean())), 1),
    }


def _aims(
    trips: pd.DataFrame, segments: gpd.GeoDataFrame, bays: pd.DataFrame, areas: list[ParkingArea]
) -> "pd.Series[str]":
    """Return what each trip aims at: its own group of bays, its segment's largest, or the nearest."""
    usable = bays[bays["bay"].isin([bay for area in areas for bay in area.bays])].sort_values(
        "capacity"
    )
    middles = segments.set_index("segment").geometry.interpolate(0.5, normalized=True)
    there = middles[usable["segment"]]
    wanted = trips["destination"].dropna().unique()
    at = middles[wanted]
    tree = cKDTree(np.column_stack([there.x, there.y]))
    _, nearest = tree.query(np.column_stack([at.x, at.y]))
    aims = dict(zip(wanted, usable["bay"].iloc[nearest], strict=True))
    aims |= dict(zip(usable["segment"], usable["bay"], strict=True))
    found = trips["destination"].map(aims)
    own = trips["bay"] if "bay" in trips else pd.Series(None, trips.index, dtype=object)
    return own.where(own.isin(usable["bay"]), found)


def _home() -> Path:
    found = find_spec("sumo")
    if found is None or found.origin is None:
        raise RuntimeError("SUMO is not installed: pip install eclipse-sumo")
    return Path(found.origin).parent


def _run(*command: object) -> None:
    """Run one of SUMO's programs."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SUMO_HOME": str(_home())},
    )
    if done.returncode:
        raise RuntimeError(f"{Path(str(command[0])).name}: {done.stderr[-2000:]}")


def _netconvert(files: list[Path], net: Path, kept: Collection[str]) -> None:
    """Make the network; junctions that are one for a driver are joined, or cars block one another."""
    nodes, edges = files
    _run(
        *(_home() / "bin" / "netconvert", "-n", nodes, "-e", edges, "-o", net),
        *("--junctions.join", "--junctions.join-dist", JOINED_WITHIN_M),
        *("--junctions.join-exclude", ",".join(sorted(kept)), "--tls.guess"),
    )


def _rerouters(net: Path, folder: Path) -> None:
    _run(
        *(sys.executable, _home() / "tools" / "generateParkingAreaRerouters.py"),
        *("-n", net, "-a", folder / "parking.add.xml", "-o", folder / "rerouters.add.xml"),
        *("--max-number-alternatives", ALTERNATIVES),
        *("--max-distance-alternatives", ALTERNATIVES_WITHIN_M),
    )


def _sumo(folder: Path, until_s: int) -> tuple[float, float]:
    """Run the simulation and return its seconds, by the clock and of processor time."""
    began, used = time.perf_counter(), _processor_s()
    _run(
        *(_home() / "bin" / "sumo", "-n", folder / "streets.net.xml"),
        *("-a", f"{folder / 'parking.add.xml'},{folder / 'rerouters.add.xml'}"),
        *("-r", folder / "trips.rou.xml", "--end", until_s, "--step-length", STEP_S),
        *("--no-step-log", "--no-warnings", "--ignore-route-errors", "--junction-taz"),
        *("--stop-output", folder / "stops.xml", "--stop-output.write-unfinished"),
        *("--statistic-output", folder / "statistics.xml"),
    )
    return time.perf_counter() - began, _processor_s() - used


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _read(
    folder: Path, areas: list[ParkingArea], until_s: int, took_s: tuple[float, float]
) -> Simulated:
    index = {area.name: row for row, area in enumerate(areas)}
    hours = np.arange(until_s // HOUR_S + 1) * HOUR_S
    occupied = np.zeros((len(areas), len(hours)))
    parked: set[str] = set()
    for car, bay, start_s, end_s in _stops(folder / "stops.xml"):
        occupied[index[bay]] += (hours >= start_s) & ((hours < end_s) | (end_s < 0))
        parked.add(car)
    root = ET.parse(folder / "statistics.xml").getroot()  # noqa: S314 - sumo wrote it
    cars, teleports = root.find("vehicles"), root.find("teleports")
    if cars is None or teleports is None:
        raise RuntimeError("sumo said nothing about its vehicles")
    return Simulated(
        bays=[area.bays for area in areas],
        capacity=np.array([area.capacity for area in areas]),
        occupied=occupied,
        parked=len(parked),
        inserted=int(cars.get("inserted", 0)),
        teleports=int(teleports.get("total", 0)),
        waiting=int(cars.get("waiting", 0)),
        running=int(cars.get("running", 0)),
        seconds=took_s[0],
        processor_s=took_s[1],
        peak_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )


def _stops(path: Path) -> Iterator[tuple[str, str, float, float]]:
    """Yield car, group of bays, start and end (below 0: still there) of each time somebody parked."""
    for stop in ET.parse(path).getroot().iter("stopinfo"):  # noqa: S314 - sumo wrote it
        yield (
            stop.get("id", ""),
            stop.get("parkingArea", ""),
            float(stop.get("started", 0)),
            float(stop.get("ended", -1)),
        )
