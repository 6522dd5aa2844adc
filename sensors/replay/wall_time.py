"""Recorded clock time, kept as the place's clock time."""

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


class Moments(NamedTuple):
    """Moments in UTC, and which of them the place's clock never shows (spring, one hour)."""

    utc: "pd.Series[pd.Timestamp]"
    is_missing: "NDArray[np.bool_]"


def at_place(wall: "pd.Series[pd.Timestamp]", zone: ZoneInfo) -> Moments:
    """Turn clock times without a zone into moments at which the place's clock shows them.

    An hour that the place's clock shows twice (autumn) is taken as the first of the two; nothing
    was recorded for the second. A time that it never shows is missing, and moved on to the next
    that it does show.
    """
    is_first = np.ones(len(wall), dtype=bool)
    shifted = wall.dt.tz_localize(zone, ambiguous=is_first, nonexistent="shift_forward")
    is_missing = (shifted.dt.tz_localize(None) != wall).to_numpy()
    return Moments(shifted.dt.tz_convert("UTC"), is_missing)


def wall_time(moments: "pd.Series[pd.Timestamp]", zone: ZoneInfo) -> "pd.Series[pd.Timestamp]":
    """Return what a clock in ``zone`` shows at moments in UTC, without the zone."""
    return moments.dt.tz_convert(zone).dt.tz_localize(None)
