"""Amsterdam's scan cars: bays that they saw occupied, with the moment and the position.

A scan says that a bay was occupied. Nothing says that a bay was free, and nothing says which way
the car drove, so a count of scans is never an occupancy. For a day to count as measured at all,
this assumes that on each day with scans all bays of the place were passed: the day's survey, sent
with its last scan, names every hexagon that has a bay, whatever was seen there.

Only time, position, bay and the kind of car are read; permits never leave the file.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from shapely import contains_xy

from sensors.replay.mapping import Mapping
from sensors.replay.recording import NO_SUCH_HOUR, NOT_MAPPED, Source, Table, Thing, reasons
from sensors.replay.wall_time import at_place, wall_time
from twin.city import City
from twin.hexes import hex_of

NO_BAY = "no bay"
OTHER_BAY = "a bay that the place does not have"
OUTSIDE = "outside the place"
_CLOCK = ZoneInfo("Europe/Amsterdam")


def _load(path: Path | None) -> pd.DataFrame:
    if path is None:
        raise ValueError("no file")
    rows = pd.read_csv(
        path,
        usecols=["observed_at", "source", "lat", "lon", "bay"],
        dtype={"source": "string", "bay": "string", "lat": "float64", "lon": "float64"},
    )
    return rows.assign(observed_at=pd.to_datetime(rows["observed_at"], utc=True))


def _things(path: Path | None) -> list[Thing]:
    return [Thing(str(name)) for name in sorted(_load(path)["source"].unique())]


def _tables(city: City, mapping: Mapping, path: Path | None) -> list[Table]:
    scans = _load(path)
    moments = at_place(wall_time(scans["observed_at"], _CLOCK), city.zone)
    device = scans["source"].map({name: item.device for name, item in mapping.by_recorded.items()})
    bays = set(city.layers["bays"]["bay"].astype(str))
    x_m, y_m = city.to_metres.transform(scans["lon"].to_numpy(), scans["lat"].to_numpy())
    is_inside = np.asarray(contains_xy(city.boundary, x_m, y_m), dtype=np.bool_)
    skip = reasons(
        (device.isna().to_numpy(), NOT_MAPPED),
        (scans["bay"].isna().to_numpy(), NO_BAY),
        (~scans["bay"].isin(bays).to_numpy(), OTHER_BAY),
        (~is_inside, OUTSIDE),
        (moments.is_missing, NO_SUCH_HOUR),
    )
    seen = pd.DataFrame(
        {
            "moment": moments.utc,
            "device": device,
            "skip": skip,
            "bay": scans["bay"],
            "lon": scans["lon"],
            "lat": scans["lat"],
        }
    )
    surveys = Table("survey", {"hexes": _hexes(city)}, _surveys(city, seen), is_added=True)
    return [Table("seen", {}, seen), surveys]


def _surveys(city: City, seen: pd.DataFrame) -> pd.DataFrame:
    """Return one survey for each car and each of the place's days on which it scanned."""
    driven = seen[seen["device"].notna()]
    day = driven["moment"].dt.tz_convert(city.zone).dt.date
    last = driven.groupby([driven["device"], day.rename("day")])["moment"].max()
    rows = last.reset_index()[["moment", "device"]]
    return rows.assign(skip=None)


def _hexes(city: City) -> list[str]:
    points = (city.position("bays", str(bay)) for bay in city.layers["bays"]["bay"])
    return sorted({hex_of(city, *point) for point in points if point is not None})


AMSTERDAM = Source(
    name="amsterdam-scans",
    title="Amsterdam's scan cars",
    domain="parking",
    layer=None,
    file="scans.csv with observed_at, source, lat, lon and bay",
    attribution="Gemeente Amsterdam, parkeerscans (MPL-2.0)",
    things=_things,
    tables=_tables,
    assumption="on a day with scans, all bays of the place were passed",
)
