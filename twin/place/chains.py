"""Chains: edges put together to the segments of a street."""

from collections.abc import Sequence
from dataclasses import dataclass

from twin.place.street import Street

_IN_AND_OUT = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a chain; against the direction it is drawn in if ``is_reversed``."""

    edge: int
    is_reversed: bool


def walk_chains(u: list[int], v: list[int], streets: Sequence[Street]) -> list[list[Step]]:
    """Return every edge once, in chains between the nodes where something ends, meets or changes.

    ``u`` and ``v`` are the edges' nodes. A ring is cut in two, so that its ends differ.
    """
    return _Chains(u, v, streets).walk()


class _Chains:
    def __init__(self, u: list[int], v: list[int], streets: Sequence[Street]) -> None:
        self._u, self._v = u, v
        self._streets = streets
        self._at: dict[int, list[int]] = {}
        for edge, (start, end) in enumerate(zip(u, v, strict=True)):
            self._at.setdefault(start, []).append(edge)
            self._at.setdefault(end, []).append(edge)

    def walk(self) -> list[list[Step]]:
        seen = [False] * len(self._u)
        chains: list[list[Step]] = []
        passes = {node: self._passes(node) for node in self._at}
        for is_ring in (False, True):
            for edge in range(len(seen)):
                if seen[edge]:
                    continue
                if is_ring or not passes[self._u[edge]]:
                    start = Step(edge, is_reversed=False)
                elif not passes[self._v[edge]]:
                    start = Step(edge, is_reversed=True)
                else:
                    continue
                chain = self._follow(start, seen, passes)
                chains.extend(_as_drawn(part) for part in self._cut_ring(chain))
        return chains

    def _passes(self, node: int) -> bool:
        """Whether a street just goes on at a node."""
        edges = self._at[node]
        if len(edges) != _IN_AND_OUT or edges[0] == edges[1]:
            return False
        one, other = edges
        arriving = self._streets[one] if self._v[one] == node else self._streets[one].reversed()
        leaving = (
            self._streets[other] if self._u[other] == node else self._streets[other].reversed()
        )
        return arriving.continues(leaving)

    def _follow(self, step: Step, seen: list[bool], passes: dict[int, bool]) -> list[Step]:
        chain = [step]
        seen[step.edge] = True
        while True:
            node = self._end(step)
            if not passes[node]:
                return chain
            one, other = self._at[node]
            edge = other if one == step.edge else one
            if seen[edge]:
                return chain
            step = Step(edge, is_reversed=self._v[edge] == node)
            seen[edge] = True
            chain.append(step)

    def _cut_ring(self, chain: list[Step]) -> list[list[Step]]:
        if self._start(chain[0]) != self._end(chain[-1]):
            return [chain]
        middle = len(chain) // 2
        return [chain[:middle], chain[middle:]]

    def _start(self, step: Step) -> int:
        return self._v[step.edge] if step.is_reversed else self._u[step.edge]

    def _end(self, step: Step) -> int:
        return self._u[step.edge] if step.is_reversed else self._v[step.edge]


def _as_drawn(chain: list[Step]) -> list[Step]:
    """Turn a chain round if most of its edges are drawn the other way."""
    if 2 * sum(step.is_reversed for step in chain) <= len(chain):
        return chain
    return [Step(step.edge, not step.is_reversed) for step in reversed(chain)]
