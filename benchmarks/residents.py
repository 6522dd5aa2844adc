"""Fifty residents who try plans out, while readings come in: how long they wait, and the map with them.

A neighbourhood with four weeks of history runs as ``wijktwin up`` would run it at somebody's
desk, and those who measure run beside it on the same cores. Each resident takes some parking
spaces away in a street of their own choice, waits for the first estimate, sees it sharpen and
looks at the map in between. At first they change something once a minute, then far more often than can be served.
"""

import asyncio
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import numpy as np

from benchmarks.up import INGEST_RATE, publishing, running
from scenarios.ensemble import PREVIEW_RUNS
from scenarios.opened import open_place

PEOPLE = 50
LASTING_S = 180
CHANGING_EVERY_S = 60.0
TOO_OFTEN_S = 8.0
LOOKING_EVERY_S = 8.0
SPACES = (2, 12)
LEAST_SPACES = 12
TIMEOUT_S = 60.0
LINGER_S = 30.0
"""So long after the last change people still wait; then they close the page."""

_LINK = re.compile(r'href="(/en/\?[^"#]*)"')
_PLAN = re.compile(r"plan=([\w-]+)")


@dataclass
class _Seen:
    """What residents met with: milliseconds, seconds, and what went wrong."""

    map_ms: list[float] = field(default_factory=list)
    first_s: list[float] = field(default_factory=list)
    whole_s: list[float] = field(default_factory=list)
    tried: int = 0
    waited: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)


def measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as up:
        streets = _streets(Path(data) / "helsinki")
        with publishing(up.mqtt_port, Path(data)):
            asyncio.run(_prepared(up.address, streets[0]))
            calm = asyncio.run(_live(up.address, streets, CHANGING_EVERY_S, 1))
            busy = asyncio.run(_live(up.address, streets, TOO_OFTEN_S, 2))
    return {
        "residents, readings a second": [PEOPLE, INGEST_RATE],
        **_told(f"a change every {CHANGING_EVERY_S:.0f} s", calm),
        **_told(f"a change every {TOO_OFTEN_S:.0f} s", busy),
    }


def _told(what: str, seen: _Seen) -> dict[str, object]:
    return {
        f"{what}: plans, of which so many had no estimate when they were left or refused": [
            seen.tried,
            seen.tried - len(seen.first_s),
        ],
        f"{what}: map data, p50 and p95 (ms; required: 100)": _percentiles(seen.map_ms, 1),
        f"{what}: first estimate, p50 and p95 (s; required: 3)": _percentiles(seen.first_s, 2),
        f"{what}: longest wait for a first estimate, had or not (s)": round(seen.slowest_s, 1),
        f"{what}: all pairs of days, p50 and p95 (s)": _percentiles(seen.whole_s, 1),
        f"{what}: told how many go first, told that it is too busy": [seen.waited, seen.refused],
        f"{what}: plans of which all pairs were there before they were left": len(seen.whole_s),
        f"{what}: errors": sum(seen.failures.values()),
    } | ({f"{what}: which": dict(seen.failures)} if seen.failures else {})


def _percentiles(values: list[float], digits: int) -> str:
    if not values:
        return "none"
    return " and ".join(f"{np.percentile(values, part):.{digits}f}" for part in (50, 95))


def _streets(place: Path) -> list[str]:
    """Return the streets with enough spaces to take some away."""
    city = open_place(place).city
    names = dict(zip(city.segments["segment"], city.segments["name"], strict=True))
    spaces = city.bays["capacity"].groupby(city.bays["segment"].map(names)).sum()
    return sorted(str(name) for name in spaces[spaces >= LEAST_SPACES].index)


async def _prepared(address: str, street: str) -> None:
    """Wait until the model has been compiled: the first plan of all has been worked out."""
    async with httpx2.AsyncClient(base_url=address, timeout=600) as client:
        plan = await _change(client, street, SPACES[0])
        async for _ in _progress(client, plan):
            pass


async def _live(address: str, streets: list[str], every_s: float, seed: int) -> _Seen:
    """Let everybody be busy for a while, each changing something about once in ``every_s``."""
    seen, end = _Seen(), time.monotonic() + LASTING_S

    async def resident(number: int) -> None:
        chance = random.Random(1000 * seed + number)
        async with httpx2.AsyncClient(base_url=address, timeout=TIMEOUT_S) as client:
            looking = asyncio.create_task(_look(client, chance, seen, end))
            await asyncio.sleep(chance.uniform(0, every_s))
            while time.monotonic() < end:
                next_at = time.monotonic() + chance.uniform(0.5, 1.5) * every_s
                try:
                    # Whoever changes something again leaves the plan before it, sharpened or not.
                    until = next_at if next_at < end else end + LINGER_S
                    async with asyncio.timeout(until - time.monotonic()):
                        await _try_out(
                            client, chance.choice(streets), chance.randint(*SPACES), seen
                        )
                except TimeoutError:
                    pass
                except (httpx2.HTTPError, ValueError) as err:
                    seen.failures[f"{type(err).__name__}: {err}"[:80]] += 1
                await asyncio.sleep(max(0.0, min(next_at, end) - time.monotonic()))
            await looking

    await asyncio.gather(*(resident(number) for number in range(PEOPLE)))
    return seen


async def _look(client: httpx2.AsyncClient, chance: random.Random, seen: _Seen, end: float) -> None:
    """Follow links of the live map."""
    path = "/en/"
    while True:
        await asyncio.sleep(chance.uniform(0.5, 1.5) * LOOKING_EVERY_S)
        if time.monotonic() > end:
            return
        began = time.perf_counter()
        try:
            answer = await client.get(path, follow_redirects=True)
        except httpx2.HTTPError as err:
            seen.failures[f"map: {type(err).__name__}: {err}"[:80]] += 1
            continue
        seen.map_ms.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            seen.failures[f"map: {answer.status_code}"] += 1
        links = [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]
        path = chance.choice(links) if links else "/en/"


async def _try_out(client: httpx2.AsyncClient, street: str, count: int, seen: _Seen) -> None:
    """Change something, and wait for what it does as the page does."""
    seen.tried += 1
    began = time.perf_counter()
    plan = await _change(client, street, count)
    is_first = has_waited = False
    async for said in _progress(client, plan):
        if said is None:
            seen.refused += 1
            return
        if not is_first:
            seen.slowest_s = max(seen.slowest_s, time.perf_counter() - began)
        has_waited |= said["ahead"] > 0 and said["done"] == 0
        if said["done"] >= PREVIEW_RUNS and not is_first:
            page = await client.get(f"/en/try?plan={plan}")
            if page.status_code != 200:
                raise ValueError(f"page: {page.status_code}")
            seen.first_s.append(time.perf_counter() - began)
            seen.waited += has_waited
            is_first = True
            await _map_data(client, plan, said["done"], seen)
        if said["state"] == "failed":
            raise ValueError("the plan failed")
    if not is_first:
        raise ValueError("no estimate came")
    seen.whole_s.append(time.perf_counter() - began)


async def _map_data(client: httpx2.AsyncClient, plan: str, runs: int, seen: _Seen) -> None:
    began = time.perf_counter()
    asked = urlencode({"plan": plan, "figure": "parked_afternoon", "runs": runs})
    answer = await client.get(f"/api/v1/effects/streets?{asked}")
    seen.map_ms.append((time.perf_counter() - began) * 1000)
    if answer.status_code != 200:
        raise ValueError(f"streets: {answer.status_code}")


async def _change(client: httpx2.AsyncClient, street: str, count: int) -> str:
    asked = urlencode({"tool": "remove_bays", "where": street, "count": count})
    answer = await client.get(f"/en/try/change?{asked}")
    found = _PLAN.search(answer.headers.get("location", ""))
    if found is None:
        raise ValueError(f"change: {answer.status_code}")
    return found[1]


async def _progress(client: httpx2.AsyncClient, plan: str) -> AsyncIterator[dict[str, Any] | None]:
    """Yield what is said of a plan until it is done; None where it was refused."""
    async with client.stream("GET", f"/api/v1/effects/events?plan={plan}") as answer:
        if answer.status_code == 503:
            yield None
            return
        if answer.status_code != 200:
            raise ValueError(f"events: {answer.status_code}")
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))
