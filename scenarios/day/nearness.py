"""What is within a walk of each root, the nearest first."""

from typing import NamedTuple

import numpy as np

from scenarios.day.compiled import compiled
from scenarios.day.footways import Footways
from scenarios.day.kinds import KINDS
from scenarios.day.network import Floats, Ints, Walks, grown
from scenarios.day.rows import taken
from scenarios.day.streets import Streets
from scenarios.day.things import Things
from scenarios.kept import Kept, content_of

SHOPS_REACH_M = 800.0
STOPS_REACH_M = 800.0
GATES_REACH_M = 1000.0
GARAGES_REACH_M = 700.0
RACKS_REACH_M = 400.0
"""How far people are taken to look for each on foot (assumed)."""

_ROOM = 1024
"""Results that arrays have room for at first; they grow."""

_KEPT_PLACES = 64


class Near(NamedTuple):
    """Things within reach of each root, the nearest first: ``first[root]`` to ``first[root+1]``.

    ``thing`` is its position in its layer, ``far_m`` the walk between them.
    """

    first: Ints
    thing: Ints
    far_m: Floats


class _Hung(NamedTuple):
    """Things by the nodes at the ends of their segments, with the way from there.

    Those of a node are ``first[node]`` to ``first[node + 1]``. ``things`` is how many there are.
    """

    first: Ints
    thing: Ints
    offset_m: Floats
    things: int


_near: Kept[Near] = Kept(_KEPT_PLACES)


def nearness(footways: Footways, streets: Streets, things: Things, reach_m: float) -> Near:
    """Return the things within reach of each root."""
    content = content_of(things.segment, things.along_m, np.array([reach_m]))
    return _near.get(
        footways.content + content,
        lambda: _within(footways.walks, _hung(things, streets), reach_m),
    )


def shops_near(
    footways: Footways, streets: Streets, attractors: Things, kinds: Ints
) -> tuple[Near, ...]:
    """Return the attractors within reach of each root by kind, for kinds that people choose among."""
    near: list[Near] = []
    for number, kind in enumerate(KINDS.values()):
        which = np.flatnonzero(kinds == number) if kind.choice else np.empty(0, np.int64)
        found = nearness(footways, streets, taken(attractors, which), SHOPS_REACH_M)
        near.append(Near(found.first, which[found.thing], found.far_m))
    return tuple(near)


def _hung(things: Things, streets: Streets) -> _Hung:
    on = np.flatnonzero(things.segment >= 0)
    segment, along_m = things.segment[on], things.along_m[on]
    node = np.column_stack([streets.start[segment], streets.end[segment]]).ravel()
    back_m = np.maximum(streets.length_m[segment] - along_m, 0.0)
    order = np.argsort(node, kind="stable")
    count = np.bincount(node, minlength=len(streets.node_x_m))
    return _Hung(
        first=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        thing=np.repeat(on, 2)[order],
        offset_m=np.column_stack([along_m, back_m]).ravel()[order],
        things=len(things.segment),
    )


@compiled
def _within(walks: Walks, hung: _Hung, reach_m: float) -> Near:
    """Return the things within reach of each root and how far they are."""
    best = np.full(hung.things, np.inf)
    found = np.empty(hung.things, np.int64)
    roots = len(walks.first) - 1
    first = np.zeros(roots + 1, np.int64)
    thing = np.empty(_ROOM, np.int64)
    far_m = np.empty(_ROOM)
    for root in range(roots):
        count = 0
        for place in range(walks.first[root], walks.first[root + 1]):
            node, far = walks.node[place], float(walks.far_m[place])
            for each in range(hung.first[node], hung.first[node + 1]):
                further = far + hung.offset_m[each]
                if further <= reach_m and further < best[hung.thing[each]]:
                    if best[hung.thing[each]] == np.inf:
                        found[count] = hung.thing[each]
                        count += 1
                    best[hung.thing[each]] = further
        begin = first[root]
        if begin + count > len(thing):
            thing = grown(thing, begin, 2 * len(thing) + count)
            far_m = grown(far_m, begin, 2 * len(far_m) + count)
        in_order = np.argsort(best[found[:count]])
        for at in range(count):
            one = found[in_order[at]]
            thing[begin + at] = one
            far_m[begin + at] = best[one]
        for at in range(count):
            best[found[at]] = np.inf
        first[root + 1] = begin + count
    return Near(first, thing[: first[roots]].copy(), far_m[: first[roots]].copy())
