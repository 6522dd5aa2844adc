"""Everybody of a day: who is out whatever parking is like, and who comes how given that."""

from typing import NamedTuple

import numpy as np

from scenarios.day.origins import origins_of
from scenarios.day.parameters import Local, Parameters
from scenarios.day.people import Expected, People
from scenarios.day.rows import joined
from scenarios.day.town import Town
from scenarios.day.visits import Plans, choose, plan_visits
from scenarios.day.walkers import passing, strolls, walk_on


class Intended(NamedTuple):
    """Visits that are planned, and everybody who does not choose how to come."""

    visits: Plans
    others: People


def intend(town: Town, parameters: Parameters, seed: np.uint64, local: Local) -> Intended:
    """Return what everybody means to do today."""
    origins = origins_of(town, parameters, local)
    visits = plan_visits(town, parameters, seed, local, origins)
    walk_on(town, parameters, seed, visits.people)
    others = joined([strolls(town, parameters, seed), passing(town, parameters, seed, origins)])
    return Intended(visits, others)


def everybody(intended: Intended, parameters: Parameters, expected: Expected) -> People:
    """Return everybody, visitors by the way that is best as far as they know."""
    return joined([choose(intended.visits, parameters, expected), intended.others])
