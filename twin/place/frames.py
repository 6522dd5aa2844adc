"""Typed ways into and out of GeoDataFrames: geopandas has no types, so the casts live here."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.layers import LAYER_BY_NAME, Column
from twin.place.shapes import Geometries

Row = Mapping[str, Any]


def layer_frame(layer: str, rows: Sequence[Row], crs: str) -> gpd.GeoDataFrame:
    """Make a layer of rows that hold its columns and ``geometry``; other entries are dropped."""
    columns = LAYER_BY_NAME[layer].columns
    data = {
        name: as_column([row.get(name) for row in rows], column) for name, column in columns.items()
    }
    return gpd.GeoDataFrame(data, geometry=[row["geometry"] for row in rows], crs=crs)


def as_column(values: Sequence[Any], column: Column) -> Any:
    """Return ``values`` as the type that the layer's column is declared to have."""
    match column.kind:
        case "text":
            return pd.array([None if is_missing(value) else str(value) for value in values], "str")
        case "number":
            return np.array([np.nan if is_missing(value) else value for value in values], float)
        case "integer":
            return np.array(values, np.int64)
        case "flag":
            return np.array(values, bool)
        case "texts" | "hexes":
            lists = np.empty(len(values), object)
            for index, value in enumerate(values):
                lists[index] = list(value)
            return lists


def is_missing(value: object) -> bool:
    """Whether a cell of a frame holds nothing: None, NaN or pandas' NA."""
    return value is None or value is pd.NA or (isinstance(value, float) and bool(np.isnan(value)))


def geometries(frame: gpd.GeoDataFrame) -> Geometries:
    """Return a frame's geometries as an array of shapely objects."""
    return cast("Geometries", np.asarray(frame.geometry.array, dtype=object))


def texts(frame: pd.DataFrame, column: str) -> list[str | None]:
    """Return a column of text, with None where it is empty."""
    return [
        value if isinstance(value, str) else None if is_missing(value) else str(value)
        for value in cells(frame, column)
    ]


def numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Return a column of numbers as floats."""
    return cast("NDArray[np.float64]", np.asarray(frame[column], dtype=float))


def flags(frame: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    """Return a column of truth values."""
    return cast("NDArray[np.bool_]", np.asarray(frame[column], dtype=bool))


def cells(frame: pd.DataFrame, column: str) -> list[Any]:
    """Return a column as a list of Python objects."""
    # Text is kept by Arrow, which is slow to step through.
    return cast("Any", frame[column]).to_numpy(object).tolist()


def rows_of(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return a frame as a list of rows, geometry included."""
    names = [str(name) for name in cast("list[Any]", list(frame.columns))]
    columns = [cells(frame, name) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def pick(frame: gpd.GeoDataFrame, which: NDArray[Any]) -> gpd.GeoDataFrame:
    """Return the rows that a mask or an array of positions picks, numbered from 0."""
    positions = np.flatnonzero(which) if which.dtype == bool else which
    taken = cast("Any", frame).iloc[positions].reset_index(drop=True)
    return cast("gpd.GeoDataFrame", taken)


def stack(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return the rows of all frames under one another; empty frames add nothing."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return frames[0]
    return cast("Any", pd).concat(filled, ignore_index=True)
