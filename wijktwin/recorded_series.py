"""Recordings as hourly series, and the backtests of forecasts on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import Polygon

from scenarios.backtest.rolling import Score, backtest
from scenarios.forecast import COUNTS, LEVELS, ForecastModel
from sensors.errors import RecordingError
from sensors.replay import AARHUS, AUCKLAND, MappedDevice, Mapping, Source
from twin.city import City
from twin.domains.parking import OVERFULL

HOUR = pd.Timedelta(hours=1)
PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedForecast:
    """A recording on which forecasts are tested, and how.

    ``held_out`` is the first origin: nothing that was recorded from then on has had a say in the
    model.
    """

    source: Source
    unit: str
    series: Callable[[Path | None], pd.DataFrame]
    model: ForecastModel
    held_out: datetime
    every_days: int


def hourly_passages(path: Path | None = None) -> pd.DataFrame:
    """Return the passages of each of Auckland's counters, by the hour in which they happened."""
    rows = _recorded(AUCKLAND, path)
    hours = rows["moment"] - HOUR
    return _every_hour(rows.assign(hour=hours), "passages")


def hourly_occupancy(path: Path | None) -> pd.DataFrame:
    """Return the percentage of each of Aarhus's garages that was taken, on average in each hour.

    A count above `OVERFULL` times the capacity is that of a broken counter: nothing is known then.
    """
    rows = _recorded(AARHUS, path)
    sizes = {thing.name: thing.capacity for thing in AARHUS.things(path)}
    taken = PERCENT * rows["cars"] / rows["recorded"].map(sizes)
    taken = taken.where(taken <= PERCENT * OVERFULL)
    return _every_hour(rows.assign(hour=rows["moment"].dt.floor("h"), taken=taken), "taken")


RECORDED_FORECASTS = (
    RecordedForecast(
        source=AUCKLAND,
        unit="passages an hour",
        series=hourly_passages,
        model=COUNTS,
        held_out=datetime(2022, 7, 1),  # noqa: DTZ001 - it is local
        every_days=5,
    ),
    RecordedForecast(
        source=AARHUS,
        unit="% of capacity",
        series=hourly_occupancy,
        model=LEVELS,
        held_out=datetime(2014, 8, 15),  # noqa: DTZ001 - it is local
        every_days=1,
    ),
)


def backtest_recorded(
    one: RecordedForecast,
    path: Path | None = None,
    *,
    progress: Callable[[float], None] = lambda _: None,
) -> list[Score]:
    """Backtest the forecasts of one recording; ``path`` is its file, where it needs one.

    Raises
    ------
    RecordingError
        The file is missing, or is not that recording.
    """
    return backtest(
        one.series(path),
        held_out=one.held_out,
        model=one.model,
        every_days=one.every_days,
        progress=progress,
    )


def _recorded(source: Source, path: Path | None) -> pd.DataFrame:
    """Return the rows of a recording that can be used, on the clock on which it was recorded."""
    try:
        mapping = _everything(source, path)
        (table,) = source.tables(_NOWHERE, mapping, path)
    except (OSError, KeyError, ValueError) as err:
        raise RecordingError(
            f"{path or 'the installed package'} is not {source.file or source.title}: {err}"
        ) from err
    names = {item.device: item.recorded for item in mapping.devices}
    rows = table.rows[table.rows["skip"].isna()]
    return rows.assign(
        moment=rows["moment"].dt.tz_localize(None),
        recorded=rows["device"].astype(str).map(names),
    )


def _everything(source: Source, path: Path | None) -> Mapping:
    """Return a mapping of all that was recorded onto nothing."""
    devices = tuple(
        MappedDevice(recorded=thing.name, device=f"device-{number}", capacity=thing.capacity)
        for number, thing in enumerate(source.things(path))
    )
    return Mapping(source=source.name, place=_NOWHERE.name, devices=devices)


def _every_hour(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    table = rows.pivot_table(index="hour", columns="recorded", values=column, aggfunc="mean")
    first, last = table.index.min().normalize(), table.index.max()
    return table.reindex(pd.date_range(first, last, freq="h"))


_NOWHERE = City(
    name="nowhere",
    title="Nowhere",
    timezone="UTC",
    crs="EPSG:3857",
    boundary=Polygon(),
    layers={"garages": gpd.GeoDataFrame({"garage": [], "capacity": [], "geometry": []})},
)
"""A place without streets, whose clock skips no hour: times stay as they were recorded."""
