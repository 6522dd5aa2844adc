"""Backtests as they were last run, kept in a place's folder so that others than the terminal show them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scenarios.backtest.published import Case, Observed
from scenarios.ensemble import Interval
from scenarios.errors import BacktestError

VERSION = 1


@dataclass(frozen=True, slots=True)
class RunCase:
    """A published case as it was run: what was predicted beside what was observed."""

    title: str
    source: str
    set_up: str
    rows: tuple[Observed, ...]


@dataclass(frozen=True, slots=True)
class Backtests:
    """Cases that were run together, and on which day."""

    run_on: date
    cases: tuple[RunCase, ...]

    @classmethod
    def of(cls, run_on: date, found: Sequence[tuple[Case, Sequence[Observed]]]) -> "Backtests":
        """Put together what was run."""
        cases = [RunCase(case.title, case.source, case.set_up, tuple(rows)) for case, rows in found]
        return cls(run_on, tuple(cases))

    def write(self, path: Path) -> None:
        """Save them as JSON; half a file is never seen."""
        content = {"version": VERSION, **asdict(self), "run_on": self.run_on.isoformat()}
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Backtests":
        """Read saved ones.

        Raises
        ------
        BacktestError
            They are damaged, or of another version.
        """
        try:
            content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if content["version"] != VERSION:
                raise BacktestError(f"{path.name} is of another version: run wijktwin backtest")
            cases = tuple(_case(one) for one in content["cases"])
            return cls(date.fromisoformat(content["run_on"]), cases)
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise BacktestError(f"{path.name} cannot be read: {err}") from err


def backtests_file(folder: Path) -> Path:
    """Return where a place's folder has its backtests."""
    return folder / "model" / "backtests.json"


def _case(one: Mapping[str, Any]) -> RunCase:
    rows = tuple(
        Observed(row["what"], row["low"], row["high"], Interval(**row["predicted"]))
        for row in one["rows"]
    )
    return RunCase(one["title"], one["source"], one["set_up"], rows)
