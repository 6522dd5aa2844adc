"""What a recording is: a source, its rows as readings, and what could not be replayed and why."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sensors.errors import RecordingError
from twin.city import City

if TYPE_CHECKING:
    from sensors.replay.mapping import Mapping as PlaceMapping

NOT_MAPPED = "not in the mapping"
NO_SUCH_HOUR = "an hour that the place's clock skips"
_CHUNK = 5_000


def reasons(*conditions: tuple[NDArray[np.bool_], str]) -> pd.Categorical:
    """Return, for each row, the first reason whose condition holds, or none."""
    masks = [mask for mask, _ in conditions]
    codes = np.select(masks, list(range(len(masks))), default=-1)
    kinds = pd.CategoricalDtype([reason for _, reason in conditions])
    return pd.Categorical.from_codes(codes.tolist(), dtype=kinds)


class Recorded(NamedTuple):
    """One reading, when it happens on the place's clock (UTC), and its number."""

    moment: datetime
    device: str
    seq: int
    reading: dict[str, Any]


class Table(NamedTuple):
    """Readings of one kind, one a row.

    ``rows`` has the columns ``moment`` (UTC), ``device``, ``skip`` (why not, else None), and one for
    each field of the reading that differs from row to row; ``fixed`` has the others. ``note`` may say
    what is odd about a row that is kept. Added tables do not stand in the recording, but follow from
    an assumption.
    """

    kind: str
    fixed: Mapping[str, Any]
    rows: pd.DataFrame
    is_added: bool = False


class Thing(NamedTuple):
    """Something that was recorded: its name, its place or size as far as they are known."""

    name: str
    lon: float | None = None
    lat: float | None = None
    capacity: int | None = None


@dataclass(slots=True)
class Tally:
    """How many rows of the period were read, which were left out and why, and what is odd.

    ``added`` readings do not stand in the recording, but follow from an assumption.
    """

    read: int = 0
    added: int = 0
    skipped: Counter[str] = field(default_factory=Counter[str])
    noted: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A recording that somebody published.

    Attributes
    ----------
    layer
        The layer of a place that its devices are mapped onto; None if they move about.
    file
        What the file is that the user must name; None if the data come with an installed package.
    things
        Returns what was recorded, for suggesting a mapping.
    tables
        Returns all its readings for a city and a mapping, skipped rows included.
    assumption
        What a reader of the figures must know, if anything was assumed.
    """

    name: str
    title: str
    domain: str
    layer: str | None
    file: str | None
    attribution: str
    things: Callable[[Path | None], list[Thing]]
    tables: Callable[[City, "PlaceMapping", Path | None], list[Table]]
    assumption: str = ""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A source on a place, as its mapping says."""

    source: Source
    city: City
    mapping: "PlaceMapping"
    path: Path | None = None

    def __post_init__(self) -> None:
        """Refuse a path that is missing or makes no sense."""
        if self.source.file is not None and self.path is None:
            raise RecordingError(f"{self.source.title} needs a file: {self.source.file}")
        if self.path is not None and not self.path.is_file():
            raise RecordingError(f"there is no file {self.path}")

    @cached_property
    def boot(self) -> str:
        """A name that is the same for the same data and mapping: replayed twice, it counts once."""
        content = self.path.read_bytes() if self.path else self.source.attribution.encode()
        digest = blake2b(self.mapping.model_dump_json().encode() + content, digest_size=6)
        return f"{self.source.name}-{digest.hexdigest()}"

    def period(self) -> tuple[datetime, datetime]:
        """Return the first and the last moment of the recording, on the place's clock."""
        moments = pd.concat([table.rows["moment"] for table in self._tables()])
        if moments.empty:
            raise RecordingError(f"{self.source.title} has nothing for this mapping")
        return moments.min().to_pydatetime(), moments.max().to_pydatetime()

    def read(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        tally: Tally | None = None,
    ) -> Iterator[Recorded]:
        """Yield the readings with ``start <= moment < end`` in the order of their moments.

        A reading's number does not depend on the period, so that overlapping replays agree.
        """
        tables = self._tables()
        order = _order(tables)
        if start is not None:
            order = order[order["moment"] >= pd.Timestamp(start)]
        if end is not None:
            order = order[order["moment"] < pd.Timestamp(end)]
        if tally is not None:
            _count(order, tables, tally)
        order = order[order["skip"].isna()]
        for at in range(0, len(order), _CHUNK):
            yield from _readings(order.iloc[at : at + _CHUNK], tables)

    def _tables(self) -> list[Table]:
        try:
            return self.source.tables(self.city, self.mapping, self.path)
        except (KeyError, ValueError) as err:
            where = self.path or "the installed package"
            raise RecordingError(
                f"{where} is not {self.source.file or self.source.title}: {err}"
            ) from err


def _order(tables: list[Table]) -> pd.DataFrame:
    """Return a row for every reading, by moment, with the table, the row in it, and the number."""
    parts = [
        table.rows[["moment", "device", "skip"]]
        .reset_index(drop=True)
        .assign(table=number)
        .reset_index(names="row")
        for number, table in enumerate(tables)
    ]
    order = pd.concat(parts, ignore_index=True).sort_values(
        ["moment", "table", "row"], kind="stable"
    )
    is_kept = order["skip"].isna()
    order["seq"] = order[is_kept].groupby("device", observed=True).cumcount() + 1
    return order


def _count(order: pd.DataFrame, tables: list[Table], tally: Tally) -> None:
    for number, table in enumerate(tables):
        rows = order[order["table"] == number]
        if table.is_added:
            tally.added += len(rows)
            continue
        tally.read += len(rows)
        tally.skipped += _counts(rows["skip"])
        if "note" in table.rows:
            kept = rows.loc[rows["skip"].isna(), "row"]
            tally.noted += _counts(table.rows["note"].iloc[kept.to_numpy()])


def _counts(reasons: "pd.Series[str]") -> Counter[str]:
    """Count each reason that occurs."""
    counts = cast("dict[str, int]", reasons.value_counts().to_dict())
    return Counter({str(reason): int(count) for reason, count in counts.items() if count})


def _readings(order: pd.DataFrame, tables: list[Table]) -> Iterator[Recorded]:
    columns = [
        [name for name in table.rows.columns if name not in {"moment", "device", "skip", "note"}]
        for table in tables
    ]
    fields: dict[tuple[int, int], dict[str, Any]] = {}
    for number, table in enumerate(tables):
        rows = order.loc[order["table"] == number, "row"].to_numpy()
        wanted = cast("pd.DataFrame", table.rows[columns[number]].iloc[rows])
        values = cast("list[dict[str, Any]]", wanted.to_dict(orient="records"))
        fields |= {(number, int(row)): value for row, value in zip(rows, values, strict=True)}
    for moment, device, table, row, seq in zip(
        order["moment"].dt.to_pydatetime(),
        order["device"],
        order["table"],
        order["row"],
        order["seq"],
        strict=True,
    ):
        source = tables[int(table)]
        reading = {
            "kind": source.kind,
            "observed_at": moment.isoformat(),
            **source.fixed,
            **fields[int(table), int(row)],
        }
        yield Recorded(moment, str(device), int(seq), reading)
