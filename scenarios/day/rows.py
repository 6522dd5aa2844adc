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
