"""Tables as named tuples of columns of equal length."""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Table = TypeVar("Table", bound=tuple[Any, ...])


def joined(parts: Sequence[Table]) -> Table:
    """Return the rows of all parts, one part after the other."""
    kind = cast("Any", type(parts[0]))
    return kind(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def taken(table: Table, which: NDArray[np.integer]) -> Table:
    """Return some rows, by position."""
    kind = cast("Any", type(table))
    return kind(*(column[which] for column in table))


def in_order(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return positions from the least value on; of equal values the first comes first.

    >>> in_order(np.array([2.0, 1.0, 2.0, 0.5])).tolist()
    [3, 1, 0, 2]
    """
    order = np.argsort(values)
    ordered = values[order]
    if (ordered[1:] > ordered[:-1]).all():  # nearly always, and found sooner than a stable order
        return order
    return np.argsort(values, kind="stable")
