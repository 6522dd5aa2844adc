"""Attractors of a kind share visitors: a new one takes some from others, a closed one leaves some.

The reference is the place as it was. Whoever goes elsewhere is the same person, with the same luck:
the last of an attractor's visitors, by number, go to another.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from scenarios.day.destinations import Destinations
from scenarios.day.kinds import KINDS
from scenarios.day.nearness import SHOPS_REACH_M
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import Parameters

SHARED: Mapping[str, float] = {
    "shop": 0.6,
    "supermarket": 0.85,
    "cafe": 0.6,
    "restaurant": 0.6,
    "school": 0.9,
    "office": 0.0,
    "culture": 0.3,
    "health": 0.8,
    "sport": 0.6,
    "hotel": 0.5,
    "worship": 0.3,
    "service": 0.5,
    "leisure": 0.4,
}
"""Part of the visitors for whom another of the kind nearby would do as well (assumed)."""


class Rivalry(NamedTuple):
    """Visitors who go elsewhere than they would have gone.

    ``stay`` is how many each attractor has of its own. Each further entry is a group: visitors
    ``since`` to ``until`` of ``of`` (its position among attractors and then closed ones) go to
    the attractor ``to``.
    """

    stay: Floats
    of: Ints
    to: Ints
    since: Floats
    until: Floats


def rivalry(town: Destinations, parameters: Parameters, wanted: Floats) -> Rivalry:
    """Return who goes elsewhere: nobody, where nothing was opened or closed.

    Of each attractor within reach of a new one of its kind, a part of the visitors choose again
    among all of the kind (Huff 1963, with the decay of walking); those who choose the new one go
    there. The visitors of a closed one choose again among those that are left; the others of them
    stay away. A new attractor has as many visitors as any other: who does not come from another
    of its kind is new to the place.

    Parameters
    ----------
    wanted
        Visitors of each attractor and then of each closed one, were it the only change.
    """
    here = len(town.attractors.key)
    stay = wanted[:here].copy()
    groups: list[tuple[Ints, Ints, Floats, Floats]] = []
    kinds = [*town.attractor_kind[town.is_new].tolist(), *town.closed_kind.tolist()]
    for kind in sorted(set(kinds)):
        of, to, part = _parts(town, parameters, kind)
        moved = part * wanted[of][:, None]
        is_closed = of >= here
        stay[of[~is_closed]] -= moved[~is_closed].sum(axis=1)
        stay[to] = np.where(
            town.is_new[to], np.maximum(stay[to] - moved.sum(axis=0), 0.0), stay[to]
        )
        since = np.where(is_closed, 0.0, wanted[of] - moved.sum(axis=1))
        until = since[:, None] + np.cumsum(moved, axis=1)
        begin = np.column_stack([since, until[:, :-1]])
        row, column = np.nonzero(moved)
        groups.append((of[row], to[column], begin[row, column], until[row, column]))
    if not groups:
        nobody, nowhere = np.empty(0), np.empty(0, np.int64)
        return Rivalry(stay, nowhere, nowhere, nobody, nobody)
    return Rivalry(stay, *(np.concatenate(column) for column in zip(*groups, strict=True)))


def _parts(town: Destinations, parameters: Parameters, kind: int) -> tuple[Ints, Ints, Floats]:
    """Return old attractors of a kind, those they can lose visitors to, and the part (of, to)."""
    open_now = np.flatnonzero((town.attractor_kind == kind) & (town.attractors.segment >= 0))
    closed = np.flatnonzero(town.closed_kind == kind)
    stayed = open_now[~town.is_new[open_now]]
    x_m = np.concatenate([town.attractors.x_m, town.closed.x_m])
    y_m = np.concatenate([town.attractors.y_m, town.closed.y_m])
    of = np.concatenate([stayed, closed + len(town.attractors.key)])
    far_m = (
        np.hypot(x_m[of][:, None] - x_m[open_now], y_m[of][:, None] - y_m[open_now])
        * parameters.detour
    )
    weight = np.where(far_m <= SHOPS_REACH_M, np.exp(-parameters.decay * far_m), 0.0)
    total = weight.sum(axis=1, keepdims=True)
    shared = min(SHARED[list(KINDS)[kind]] * parameters.rivalry, 1.0)
    part = shared * weight / np.where(total > 0, total, 1.0)
    part[: len(stayed), ~town.is_new[open_now]] = 0.0
    return of, open_now, part
