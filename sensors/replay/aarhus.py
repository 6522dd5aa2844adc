"""Aarhus's garages: how many cars are in each of 8, every 30 minutes, 22 May to 4 November 2014.

From CityPulse (Aarhus open data), times on Aarhus's clock. Two garages report more cars than they
hold: those counts are noted, and in figures count as at most 1.5 times the capacity.
"""

from pathlib import Path

import pandas as pd

from sensors.replay.mapping import Mapping
from sensors.replay.recording import NO_SUCH_HOUR, NOT_MAPPED, Source, Table, Thing, reasons
from sensors.replay.wall_time import at_place
from twin.city import City
from twin.domains.parking import OVERFULL

FAR_OVER = f"more than {OVERFULL} times the garage's capacity: counts as that"
OVER = "more cars than the garage's capacity"


def _load(path: Path | None) -> pd.DataFrame:
    if path is None:
        raise ValueError("no file")
    rows = pd.read_csv(path, usecols=["updatetime", "garagecode", "vehiclecount", "totalspaces"])
    return rows.assign(updatetime=pd.to_datetime(rows["updatetime"], format="ISO8601"))


def _things(path: Path | None) -> list[Thing]:
    sizes = _load(path).groupby("garagecode")["totalspaces"].max()
    return [Thing(str(name), capacity=int(size)) for name, size in sizes.items()]


def _tables(city: City, mapping: Mapping, path: Path | None) -> list[Table]:
    rows = _load(path)
    moments = at_place(rows["updatetime"], city.zone)
    by_recorded = mapping.by_recorded
    device = rows["garagecode"].map({name: item.device for name, item in by_recorded.items()})
    capacity = _capacity(city, mapping, rows)
    cars = rows["vehiclecount"].astype("int64")
    skip = reasons(
        (device.isna().to_numpy(), NOT_MAPPED),
        (moments.is_missing, NO_SUCH_HOUR),
    )
    table = pd.DataFrame(
        {
            "moment": moments.utc,
            "device": device.astype("category"),
            "skip": skip,
            "note": reasons(
                ((cars > OVERFULL * capacity).to_numpy(), FAR_OVER),
                ((cars > capacity).to_numpy(), OVER),
            ),
            "cars": cars,
        }
    )
    return [Table("garage", {"heartbeat": True}, table)]


def _capacity(city: City, mapping: Mapping, rows: pd.DataFrame) -> "pd.Series[float]":
    """Return, for each row, the capacity by which it counts."""
    sizes = dict(
        zip(city.layers["garages"]["garage"], city.layers["garages"]["capacity"], strict=True)
    )
    known = {
        name: float(item.capacity or sizes.get(item.target, 0))
        for name, item in mapping.by_recorded.items()
    }
    return rows["garagecode"].map(known).fillna(0.0)


AARHUS = Source(
    name="aarhus-garages",
    title="Aarhus's garages",
    domain="parking",
    layer="garages",
    file="occupancy.csv with updatetime, garagecode, vehiclecount and totalspaces",
    attribution="CityPulse, Aarhus open data",
    things=_things,
    tables=_tables,
)
