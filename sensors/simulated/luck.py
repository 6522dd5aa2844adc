"""Luck: random numbers that follow from what they are for, never from what was drawn before.

Every number is that of a counter-based generator (Philox) keyed by seed, purpose, day and the
name of a thing. So any day can be had without the days before it, and a change of the city leaves
the luck of everything that is not changed as it was.
"""

from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve
from scipy.special import pdtrik

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GOLDEN = 0.6180339887498949
_FEW = 40.0
_NEVER_0 = 1e-9
_NOTHING_BUFFERED = 4


def key_of(text: str) -> int:
    """Return a 64-bit key for a name; the same in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


class Luck:
    """The luck of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, int] = {}
        self._bits = np.random.Philox(0)
        self._numbers = np.random.Generator(self._bits)

    def generator(self, purpose: str, day: int, key: int) -> np.random.Generator:
        """Return the numbers for one purpose, day (its ordinal) and name (`key_of`).

        They are good until the next call: the same generator is set to another place in its
        sequence, which is much faster than making a new one.
        """
        stream = self._streams.get(purpose)
        if stream is None:
            stream = self._streams[purpose] = key_of(f"{self.seed}/{purpose}")
        state = self._bits.state
        state["state"]["key"][0], state["state"]["key"][1] = stream, key
        state["state"]["counter"][:] = 0, 0, 0, day
        state["buffer_pos"] = _NOTHING_BUFFERED
        state["has_uint32"] = 0
        self._bits.state = state
        return self._numbers

    def uniforms(self, purpose: str, day: int, keys: Sequence[int], count: int) -> Floats:
        """Return numbers in (0, 1), one row a key and ``count`` in each."""
        rows = np.empty((len(keys), count))
        for row, key in enumerate(keys):
            self.generator(purpose, day, key).random(out=rows[row])
        return np.clip(rows, _NEVER_0, 1 - _NEVER_0)

    def normals(self, purpose: str, day: int, keys: Sequence[int], count: int) -> Floats:
        """Return standard normal numbers, one row a key and ``count`` in each."""
        rows = np.empty((len(keys), count))
        for row, key in enumerate(keys):
            self.generator(purpose, day, key).standard_normal(out=rows[row])
        return rows


class Drift:
    """Standard normal noise that wanders: a weighted sum of the last ``memory`` fresh numbers.

    The weights fall like those of a mean-reverting process and then stop, so the noise of a day
    needs the fresh numbers of that day and the day before, and no start.
    """

    def __init__(self, luck: Luck, purpose: str, keys: Sequence[int], memory: int) -> None:
        self._luck = luck
        self._purpose = purpose
        self._keys = keys
        self._memory = memory

    @cached_property
    def _weights(self) -> Floats:
        weights = np.exp(-3.0 * np.arange(self._memory) / self._memory)
        return weights / np.sqrt((weights**2).sum())

    def of(self, day: int, count: int, count_before: int) -> Floats:
        """Return the noise of a day with ``count`` steps, after one with ``count_before``."""
        fresh = np.concatenate(
            [
                self._luck.normals(self._purpose, day - 1, self._keys, count_before),
                self._luck.normals(self._purpose, day, self._keys, count),
            ],
            axis=1,
        )
        if not len(fresh):
            return np.zeros((0, count))
        smooth = fftconvolve(fresh, self._weights[None, :], axes=1)
        return smooth[:, count_before : count_before + count]


def another(uniform: float, nth: int) -> float:
    """Return the n-th further number that follows from one, spread evenly over [0, 1)."""
    return (uniform + nth * GOLDEN) % 1.0


def poisson(uniforms: Floats, means: Floats) -> Ints:
    """Return Poisson counts by inversion: a higher mean never gives a lower count."""
    lots, mean = (each.ravel() for each in np.broadcast_arrays(uniforms, means))
    counts = np.zeros(lots.shape, np.int64)
    many = mean > _FEW
    counts[many] = np.ceil(pdtrik(lots[many], mean[many])).astype(np.int64)
    chance = np.exp(-np.minimum(mean, _FEW))
    at: Ints = np.flatnonzero((lots > chance) & ~many)
    lots, mean, chance = lots[at], mean[at], chance[at]
    reached = chance.copy()
    number = 0
    while len(at):
        number += 1
        counts[at] = number
        chance = chance * mean / number
        reached = reached + chance
        more = (lots > reached) & (chance > 0)
        at = at[more]
        lots, mean, chance, reached = (each[more] for each in (lots, mean, chance, reached))
    return counts.reshape(np.broadcast_shapes(uniforms.shape, means.shape))


def overdispersed(uniforms: Floats, spread: Floats, means: Floats, size: float) -> Ints:
    """Return negative binomial counts with variance mean + mean²/size.

    Each is a Poisson count whose mean is itself gamma distributed; the gamma number is made of the
    standard normal ``spread`` by Wilson and Hilferty's cube (1931).
    """
    cube = 1 - 1 / (9 * size) + spread / (3 * np.sqrt(size))
    return poisson(uniforms, means * np.maximum(cube, 0.0) ** 3)


def whole(expected: Floats, uniforms: Floats) -> Ints:
    """Round to whole numbers at random, keeping the expectation."""
    return np.floor(expected + uniforms).astype(np.int64)
