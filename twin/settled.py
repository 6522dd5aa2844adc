"""Which sequence numbers of a device's boot are settled: stored, duplicate or rejected."""

from bisect import bisect_right
from dataclasses import dataclass, field

MAX_GAPS = 1000
"""How many gaps are remembered for one boot; a number that would open another is refused."""


@dataclass(slots=True)
class Settled:
    """Disjoint, sorted intervals of sequence numbers, both ends included.

    >>> settled = Settled()
    >>> [settled.add(seq) for seq in (1, 2, 4, 2)]
    [True, True, True, False]
    >>> settled.flat()
    [1, 2, 4, 4]
    >>> settled.up_to(1)
    2
    """

    starts: list[int] = field(default_factory=list[int])
    ends: list[int] = field(default_factory=list[int])

    @classmethod
    def of(cls, flat: list[int]) -> "Settled":
        """Rebuild from `flat`."""
        return cls(flat[0::2], flat[1::2])

    def flat(self) -> list[int]:
        """Return start, end, start, end…"""
        return [bound for pair in zip(self.starts, self.ends, strict=True) for bound in pair]

    def copy(self) -> "Settled":
        """Return an independent copy."""
        return Settled(self.starts.copy(), self.ends.copy())

    def has(self, seq: int) -> bool:
        """Whether a number is settled."""
        at = bisect_right(self.starts, seq) - 1
        return at >= 0 and seq <= self.ends[at]

    def is_full(self, seq: int) -> bool:
        """Whether settling this number would open one gap too many."""
        if len(self.starts) <= MAX_GAPS or self.has(seq):
            return False
        return not (self.has(seq - 1) or self.has(seq + 1))

    def add(self, seq: int) -> bool:
        """Settle a number; return whether it was new."""
        starts, ends = self.starts, self.ends
        at = bisect_right(starts, seq) - 1
        if at >= 0 and seq <= ends[at]:
            return False
        joins_left = at >= 0 and ends[at] == seq - 1
        joins_right = at + 1 < len(starts) and starts[at + 1] == seq + 1
        if joins_left and joins_right:
            ends[at] = ends.pop(at + 1)
            starts.pop(at + 1)
        elif joins_left:
            ends[at] = seq
        elif joins_right:
            starts[at + 1] = seq
        else:
            starts.insert(at + 1, seq)
            ends.insert(at + 1, seq)
        return True

    def up_to(self, oldest: int) -> int:
        """Return the number up to which all is settled, for a device that keeps from ``oldest`` on.

        What the device has given up can never arrive, so it counts as settled here; should it
        arrive after all, it is still stored once.
        """
        at = bisect_right(self.starts, oldest) - 1
        return self.ends[at] if at >= 0 and self.ends[at] >= oldest - 1 else oldest - 1
