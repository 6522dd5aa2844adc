"""Typed ways out of Arrow tables."""

from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def floats(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Return a column of numbers, NaN where it is empty."""
    values = cast("list[Any]", table[name].to_pylist())
    return np.array([np.nan if one is None else one for one in values], np.float64)


def texts(table: pa.Table, name: str) -> list[str]:
    """Return a column of text that is never empty."""
    return cast("list[str]", table[name].to_pylist())


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Return a table row by row."""
    return table.to_pylist()
