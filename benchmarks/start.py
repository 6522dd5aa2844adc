"""Starting: importing the default place, its four weeks of simulated history, and the next start.

History goes through the same door and the same batches as messages, into the store, and its
windows are closed and published; only the broker is left out.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sensors.mosquitto_process import free_port
from sensors.simulated.fleet import fleet
from sensors.simulated.history import history
from twin.domains import load_domains
from twin.place import (
    SearchIndex,
    helsinki,
    import_place,
    load_city,
    save_city,
    write_public,
)
from wijktwin.clock import wall_now
from wijktwin.folder import PlaceFolder
from wijktwin.status import read_status

Result = TypeVar("Result")

DAYS = 28
QUERIES = (
    "Fredrikinkatu",
    "fabianink",
    "Frederikinkatu",
    "Aleksanterinkatu 52",
    "stockman",
    "zzzz",
)


def measure() -> dict[str, object]:
    rules = {domain.name: domain.cells for domain in load_domains()}
    with tempfile.TemporaryDirectory() as data:
        folder = PlaceFolder(Path(data) / "helsinki")
        city, importing_s = _timed(
            lambda: import_place(helsinki(), cell_rules=rules, progress=lambda *_: None)
        )
        save_city(city, folder.city)
        write_public(city, folder.public)
        _, loading_s = _timed(lambda: load_city(folder.city))
        index, indexing_s = _timed(lambda: SearchIndex.of(city))
        _, searching_s = _timed(lambda: [index.find(query, 8) for query in QUERIES])
        end = wall_now().replace(minute=0, second=0, microsecond=0)
        start, devices = end - timedelta(days=DAYS), fleet(city)
        messages, making_s = _timed(
            lambda: sum(
                len(chunk.messages)
                for chunk in history(city, devices, start=start, end=end, seed=1)
            )
        )
        first_s, again_s = _start(folder), _start(folder)
    return {
        "import of Helsinki (s)": round(importing_s, 1),
        "loading it again (s)": round(loading_s, 2),
        "search index (ms)": round(indexing_s * 1000),
        "one search (ms)": round(searching_s / len(QUERIES) * 1000, 1),
        f"{DAYS} days of history: messages": messages,
        f"{DAYS} days of history: made up (s)": round(making_s, 1),
        f"{DAYS} days of history: made up, stored, released (s)": round(first_s - again_s, 1),
        "start of the city process without history (s)": round(again_s, 1),
    }


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


def _start(folder: PlaceFolder) -> float:
    """Start the city process and end it again; return how long it took to be ready."""
    began = time.perf_counter()
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "wijktwin", "city", "--data", str(folder.root.parent)),
            *("--simulated", "--mqtt-port", str(free_port()), "--metrics-port", "0"),
        ],
        stdout=subprocess.DEVNULL,
        env=os.environ,
    ) as process:
        while (said := read_status(folder.ops)) is None or not (
            said.process == process.pid and said.state == "ready"
        ):
            if process.poll() is not None:
                raise RuntimeError("the city process ended")
            time.sleep(0.05)
        took_s = time.perf_counter() - began
        process.terminate()
    return took_s
