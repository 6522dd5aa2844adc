"""Squares that the plane is divided into, each with a number."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_A_COLUMN = 1_000_003


def squares_at(x_m: Floats, y_m: Floats, size_m: float) -> Ints:
    """Return the number of the square in which each point lies.

    >>> squares_at(np.array([50.0, 250.0]), np.array([10.0, 110.0]), 100.0).tolist()
    [0, 2000007]
    """
    column, row = np.floor(x_m / size_m), np.floor(y_m / size_m)
    return (column * _A_COLUMN + row).astype(np.int64)


def middles_of(squares: Ints, size_m: float) -> tuple[Floats, Floats]:
    """Return the x and y (m) of the middle of each square."""
    column = np.round(squares / _A_COLUMN)
    row = squares - column * _A_COLUMN
    return (column + 0.5) * size_m, (row + 0.5) * size_m
