"""The typical week of a quantity, from published figures alone: see `twin.privacy.estimates`."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from twin.privacy import estimates
from twin.privacy.columns import floats, texts
from twin.privacy.estimates import Array, Levels, Usual

HOURS = 24
WEEK_HOURS = 168
WORKDAYS = 5
"""Monday to Friday are taken to be much alike; Saturday and Sunday like no other day."""


class UsualWeek:
    """What is usual at every hour of the week (a slot, Monday midnight is 0) in every unit.

    Parameters
    ----------
    typical
        What `twin.privacy.public.PublicReader.typical` returns.
    is_share
        Whether the levels are shares, of their capacity.
    """

    def __init__(self, typical: pa.Table, *, is_share: bool) -> None:
        names = texts(typical, "unit")
        self._index = {unit: at for at, unit in enumerate(sorted(set(names)))}
        at = np.array([self._index[name] for name in names], np.int64)
        slot = floats(typical, "slot").astype(np.int64)

        def by_slot(column: str, nothing: float) -> Array:
            filled = np.full((len(self._index), WEEK_HOURS), nothing)
            filled[at, slot] = floats(typical, column)
            return filled

        self._weeks = by_slot("weeks", 0.0)
        self._mean, self._noise = by_slot("mean", np.nan), by_slot("noise", np.nan)
        self._capacity = np.zeros(len(self._index))
        self._capacity[at] = floats(typical, "capacity")
        self._between = estimates.between_weeks(
            by_slot("spread", np.nan), self._noise, self._weeks, self._mean, is_share=is_share
        )
        self._alike = self._from_workdays(is_share=is_share)

    @property
    def slots(self) -> list[int]:
        """The hours of the week for which something is known."""
        return np.flatnonzero((self._weeks > 0).any(axis=0)).tolist()

    def units(self, slot: int) -> list[str]:
        """The units for which something is known at an hour of the week."""
        return [unit for unit, row in self._index.items() if self._weeks[row, slot] > 0]

    def at(self, slot: int, units: Sequence[str]) -> Usual:
        """Return an hour's own means, as they were published; 0 weeks where nothing is known."""
        return Usual(
            self._of(self._mean, slot, units, np.nan),
            self._of(self._between, slot, units, 0.0),
            self._of(self._noise, slot, units, 0.0),
            self._of(self._weeks, slot, units, 0.0),
        )

    def alike(self, slot: int, units: Sequence[str]) -> Levels:
        """Return what the other workdays say of an hour; NaN at the weekend."""
        return Levels(
            self._of(self._alike.level, slot, units, np.nan),
            self._of(self._alike.sd, slot, units, np.nan),
        )

    def shown(self, slot: int, units: Sequence[str]) -> Usual:
        """Return what is usual at an hour, weighed with what days like it say."""
        return estimates.with_alike(self.at(slot, units), self.alike(slot, units))

    def capacity(self, units: Sequence[str]) -> Array:
        """Return the capacity of units: what shares of several units are weighed with."""
        return np.array([self._capacity[self._index[unit]] for unit in units], float)

    def means(self) -> Array:
        """Return every mean."""
        return self._mean[self._weeks > 0]

    def _from_workdays(self, *, is_share: bool) -> Levels:
        end = WORKDAYS * HOURS
        shape = (len(self._index), WORKDAYS, HOURS)
        error = self._noise / np.maximum(self._weeks, 1)
        found = estimates.alike(
            self._mean[:, :end].reshape(shape), error[:, :end].reshape(shape), is_share=is_share
        )
        level, sd = np.full(self._mean.shape, np.nan), np.full(self._mean.shape, np.nan)
        level[:, :end] = found.level.reshape(-1, end)
        sd[:, :end] = found.sd.reshape(-1, end)
        return Levels(level, sd)

    def _of(self, values: Array, slot: int, units: Sequence[str], nothing: float) -> Array:
        rows = np.array([self._index.get(unit, -1) for unit in units], np.int64)
        if not len(self._index):
            return np.full(len(rows), nothing)
        found = np.where(rows >= 0, values[rows, slot], nothing)
        return np.where(np.isnan(found), nothing, found)
