"""``python -m benchmarks``: run all benchmarks and write ``benchmarks/RESULTS.md``.

``python -m benchmarks ingest`` runs one of them and prints its figures only.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import (
    day,
    effects,
    forecast,
    ingest,
    pages,
    privacy,
    residents,
    start,
    sumo,
    up,
    walking,
)
from wijktwin.city_process import settle_memory

RESULTS = Path(__file__).parent / "RESULTS.md"
ALL = {
    "ingest": ingest.measure,
    "start": start.measure,
    "up": up.measure,
    "pages": pages.measure,
    "residents": residents.measure,
    "privacy": privacy.measure,
    "forecast": forecast.measure,
    "day": day.measure,
    "effects": effects.measure,
    "walking": walking.measure,
    "sumo": sumo.measure,
}
HEAD = """# Results

Measured with `make bench` (`python -m benchmarks`), or a part of it by name; each part says when and on which
machine. The figures depend on the machine; the ratios less so.
"""
PARTS = ("duckdb", "paho-mqtt", "pyarrow", "pydantic", "fastapi")


def main() -> None:
    chosen = sys.argv[1:] or list(ALL)
    settle_memory()
    figures = {name: ALL[name]() for name in chosen}
    sys.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    sections = _sections(RESULTS.read_text()) | {
        name: _section(name, figures[name]) for name in figures
    }
    known = [name for name in ALL if name in sections]
    RESULTS.write_text("\n".join([HEAD, *(sections[name] for name in known)]))


def _sections(page: str) -> dict[str, str]:
    """Return what was measured before, by part."""
    parts = page.split("\n## ")[1:]
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def _section(name: str, found: dict[str, object]) -> str:
    what = (ALL[name].__module__ and sys.modules[ALL[name].__module__].__doc__) or ""
    lines = [f"## {name}", "", what.strip(), "", "| figure | value |", "|---|---|"]
    lines += [f"| {figure} | {_shown(value)} |" for figure, value in found.items()]
    return (
        "\n".join([*lines, "", f"Measured on {datetime.now(UTC):%Y-%m-%d}: {_machine()}."]) + "\n"
    )


def _machine() -> str:
    parts = ", ".join(f"{part} {version(part)}" for part in PARTS)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {_memory_gb()} GB, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}; {parts}; {_mosquitto()}"
    )


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(f"{item:,}" for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {item}" for name, item in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def _mosquitto() -> str:
    from sensors.mosquitto_process import find_mosquitto

    said = subprocess.run(
        [find_mosquitto() or "mosquitto", "-h"], capture_output=True, text=True, check=False
    )
    return said.stdout.splitlines()[0]


if __name__ == "__main__":
    main()
