"""Luck without a stream: every draw is a hash of who decides what, and at which attempt.

Nobody's luck depends on how many others there are or in which order they come, so what differs
between two runs is the effect of what was changed. The mixing function is the finalizer of
SplitMix64 (Steele, Lea & Flood 2014), applied once for each part of the key.
"""

from hashlib import blake2b
from math import cos, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from scenarios.day.compiled import compiled, inlined

Keys = NDArray[np.uint64]

TO_UNIT = 1.0 / 9007199254740992.0
"""One in 2^53, the numbers that 53 bits can hold."""


def key_of(name: str) -> int:
    """Return the 64-bit key of a name: the same on every machine, for ever."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def keys_of(layer: str, names: list[str]) -> Keys:
    """Return the keys of the rows of a layer."""
    return np.array([key_of(f"{layer}/{name}") for name in names], np.uint64)


@inlined
def mixed(x: np.uint64) -> np.uint64:
    """Return 64 bits that each depend on all 64 bits of ``x``."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@inlined
def child(key: np.uint64, number: int) -> np.uint64:
    """Return the key of the ``number``-th that comes from whatever has ``key``."""
    return mixed(key + np.uint64(0x9E3779B97F4A7C15) * np.uint64(number + 1))


@inlined
def unit(x: np.uint64) -> float:
    """Return 64 random bits as a number in (0, 1)."""
    return (float(np.int64(x >> np.uint64(11))) + 0.5) * TO_UNIT


@inlined
def uniform(seed: np.uint64, agent: np.uint64, decision: int, attempt: int) -> float:
    """Return a number in (0, 1)."""
    x = mixed(seed + np.uint64(0x9E3779B97F4A7C15) * np.uint64(decision + 1))
    x = mixed(x ^ agent)
    x = mixed(x + np.uint64(0xD1B54A32D192ED03) * np.uint64(attempt + 1))
    return unit(x)


@inlined
def lag(seed: np.uint64, agent: np.uint64, decision: int, alternative: np.uint64) -> float:
    """Return how far an alternative lags for an agent: standard exponential.

    Whoever takes the alternative with the least lag / exp(utility) chooses as a logit does, and
    keeps that choice when an alternative that is worse comes or goes: -log of it is utility plus
    a Gumbel taste (McFadden 1974), at the price of one logarithm instead of two.
    """
    x = mixed(seed + np.uint64(0x9E3779B97F4A7C15) * np.uint64(decision + 1))
    x = mixed(x ^ agent)
    x = mixed(x + alternative)
    return -log(unit(x))


@inlined
def chooser(seed: np.uint64, agent: np.uint64, decision: int) -> np.uint64:
    """Return the key of one agent's one decision, for `lag_below`."""
    x = mixed(seed + np.uint64(0x9E3779B97F4A7C15) * np.uint64(decision + 1))
    return mixed(x ^ agent)


@inlined
def taste(key: np.uint64, alternative: np.uint64) -> float:
    """Return the number in (0, 1) that `lag` has for an alternative; ``key`` is of `chooser`."""
    return unit(mixed(key + alternative))


@inlined
def lag_below(key: np.uint64, alternative: np.uint64, slower: float, best: float) -> float:
    """Return the least of ``best`` and `lag` times ``slower``.

    -log(u) is at least 1 - u, which spares the logarithm where that is too much already.
    """
    u = taste(key, alternative)
    if (1.0 - u) * slower >= best:
        return best
    return min(best, -log(u) * slower)


@inlined
def normal(seed: np.uint64, agent: np.uint64, decision: int) -> float:
    """Return a standard normal number (Box & Muller 1958)."""
    one = uniform(seed, agent, decision, 0)
    other = uniform(seed, agent, decision, 1)
    return sqrt(-2.0 * log(one)) * cos(2.0 * pi * other)


@inlined
def picked(until: NDArray[np.float64], begin: int, end: int, u: float) -> int:
    """Return the first position of ``until`` from ``begin`` to ``end`` that is not below ``u``.

    ``until`` are running sums of chances, ``u`` is uniform; the last position where none is.
    """
    low, high = begin, end
    while low < high:
        middle = (low + high) >> 1
        if until[middle] < u:
            low = middle + 1
        else:
            high = middle
    return min(low, end - 1)


@inlined
def moment(
    until: NDArray[np.float64], seed: np.uint64, agent: np.uint64, hour: int, minute: int
) -> float:
    """Return a moment of the day in hours.

    ``until`` are running sums of the shares of hours; ``hour`` and ``minute`` the decisions.
    """
    which = picked(until, 0, len(until), uniform(seed, agent, hour, 0))
    return which + uniform(seed, agent, minute, 0)


@compiled
def uniforms(seed: np.uint64, agents: Keys, decision: int) -> NDArray[np.float64]:
    """Return one number in (0, 1) for each agent."""
    result = np.empty(len(agents))
    for at in range(len(agents)):
        result[at] = uniform(seed, agents[at], decision, 0)
    return result


@compiled
def children(keys: Keys, counts: NDArray[np.int64]) -> Keys:
    """Return the keys of so many children of each key, one after the other."""
    result = np.empty(counts.sum(), np.uint64)
    at = 0
    for parent in range(len(keys)):
        for number in range(counts[parent]):
            result[at] = child(keys[parent], number)
            at += 1
    return result
