"""(c) Memory of ``wijktwin up``, and (d) answering times of the map while ingest runs.

A neighbourhood with four weeks of history runs as ``wijktwin up`` would run it at somebody's
desk. Twenty people click through its map: each follows a random link of the page every second.
"""

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import numpy as np
import psutil

from sensors.mosquitto_process import free_port

PEOPLE = 20
CLICKING_S = 30
PAUSE_S = 1.0
INGEST_RATE = 50
MEMORY_AFTER_S = 600

_LINK = re.compile(r'href="(/en/\?[^"#]*)"')


def measure() -> dict[str, object]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as up,
    ):
        started = time.monotonic()
        with publishing(up.mqtt_port, Path(folder)):
            times_ms, failures = asyncio.run(_click(up.address))
        left_s = MEMORY_AFTER_S - (time.monotonic() - started)
        time.sleep(max(0, left_s))
        memory = _memory_mb(up.process.pid)
    return {
        "first start, place imported and four weeks of history (s)": round(up.seconds, 1),
        f"map requests by {PEOPLE} people, ingest at {INGEST_RATE}/s: count": len(times_ms),
        "map requests: p50 (ms)": round(float(np.percentile(times_ms, 50)), 1),
        "map requests: p95 (ms)": round(float(np.percentile(times_ms, 95)), 1),
        "map requests: failed": failures,
        f"memory after {MEMORY_AFTER_S} s, all processes (MB, proportional set size)": memory,
    }


@dataclass(frozen=True, slots=True)
class Up:
    """A running ``wijktwin up``, and how long its first start took."""

    process: subprocess.Popen[bytes]
    address: str
    mqtt_port: int
    seconds: float


@contextmanager
def running(folder: Path) -> Iterator[Up]:
    """Run the default place in a folder until the context ends."""
    port, mqtt_port = free_port(), free_port()
    start = time.monotonic()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "wijktwin", "up", "--data", str(folder), "--port", str(port)),
            *("--mqtt-port", str(mqtt_port), "--metrics-port", "0"),
        ],
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while not _is_healthy(address):
            if process.poll() is not None:
                raise RuntimeError("`wijktwin up` ended")
            time.sleep(0.2)
        yield Up(process, address, mqtt_port, time.monotonic() - start)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/v1/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def publishing(port: int, folder: Path) -> Iterator[None]:
    """Publish readings of registered counters at a steady rate, in a process of its own."""
    script = (
        "import sys\n"
        "from benchmarks.up import publish_for_ever\n"
        "publish_for_ever(int(sys.argv[1]), sys.argv[2])\n"
    )
    load = subprocess.Popen([sys.executable, "-c", script, str(port), str(folder / "helsinki")])
    try:
        yield
    finally:
        load.terminate()
        load.wait()


def publish_for_ever(port: int, place: str) -> None:
    import paho.mqtt.client as mqtt

    from sensors.registry import Registry
    from sensors.topics import reading_topic

    with Registry(Path(place) / "devices.sqlite") as registry:
        names = [d.device for d in registry.devices().values() if d.layer == "counters"]
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
    client.connect("127.0.0.1", port)
    client.loop_start()
    number = 0
    while True:
        content = {
            "kind": "passages",
            "observed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "boot": f"bench-{os.getpid()}",
            "seq": number // len(names) + 1,
            "passages": 1,
            "interval_s": 10,
        }
        client.publish(
            reading_topic("footfall", names[number % len(names)]), json.dumps(content), qos=1
        )
        number += 1
        time.sleep(1 / INGEST_RATE)


async def _click(address: str) -> tuple[list[float], int]:
    times_ms: list[float] = []
    failures = 0

    async def person(number: int) -> None:
        nonlocal failures
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, PAUSE_S))
        path, end = "/en/", time.monotonic() + CLICKING_S
        async with httpx2.AsyncClient(base_url=address, timeout=10) as client:
            while time.monotonic() < end:
                start = time.perf_counter()
                answer = await client.get(path, follow_redirects=True)
                times_ms.append((time.perf_counter() - start) * 1000)
                failures += answer.status_code != 200
                links = [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]
                path = chance.choice(links) if links else "/en/"
                await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE_S)

    await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    return times_ms, failures


def _memory_mb(pid: int) -> dict[str, int]:
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    found = {
        each.cmdline()[each.cmdline().index("wijktwin") + 1]: round(
            each.memory_full_info().pss / 1e6
        )
        for each in processes
    }
    return {"total": sum(found.values()), **found}
