"""Everybody of a day: who is out whatever parking is like, and who comes how given that."""

from typing import NamedTuple

import numpy as np

from scenarios.day.destinations import Destinations
from scenarios.day.origins import origins_of
from scenarios.day.parameters import Local, Parameters
from scenarios.day.people import Expected, People
from scenarios.day.rows import joined
from scenarios.day.town import Town
from scenarios.day.visits import Plans, Visits, at_prices, choose, plan_visits
from scenarios.day.walkers import passing, strolls, walk_on
from scenarios.kept import Kept, content_of


class Meant(NamedTuple):
    """What everybody means to do, whatever the kerb costs: visits, and who does not choose how to come."""

    visits: Visits
    others: People


class Intended(NamedTuple):
    """Visits that are planned, and everybody who does not choose how to come."""

    visits: Plans
    others: People


Memory = Kept[Meant]
"""What everybody meant to do on the last few days, for days on which they mean the same."""


def intend(
    town: Town,
    parameters: Parameters,
    seed: np.uint64,
    local: Local,
    memory: Memory | None = None,
) -> Intended:
    """Return what everybody means to do today; with a ``memory``, it is not made again if it is there."""
    if memory is None:
        meant = _meant(town, parameters, seed, local)
    else:
        of_local = local.units, content_of(local.square, local.factors, local.of_unit)
        meant = memory.get(
            (town.destinations, parameters, int(seed), of_local),
            lambda: _meant(town, parameters, seed, local),
        )
    return Intended(at_prices(meant.visits, town, parameters, local), meant.others)


def everybody(intended: Intended, parameters: Parameters, expected: Expected) -> People:
    """Return everybody, visitors by the way that is best as far as they know."""
    return joined([choose(intended.visits, parameters, expected), intended.others])


def _meant(town: Destinations, parameters: Parameters, seed: np.uint64, local: Local) -> Meant:
    origins = origins_of(town, parameters, local)
    visits = plan_visits(town, parameters, seed, local, origins)
    walk_on(town, parameters, seed, visits.people)
    others = joined([strolls(town, parameters, seed), passing(town, parameters, seed, origins)])
    return Meant(visits, others)
