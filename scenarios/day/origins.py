"""Where people come from: for each root the stops, gates on foot, garages and racks near it."""

from math import exp
from typing import NamedTuple

import numpy as np

from scenarios.day.compiled import compiled
from scenarios.day.destinations import Destinations
from scenarios.day.draws import Keys
from scenarios.day.nearness import Near
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import Local, Parameters

NO_STOP_M, NO_RACK_M = 1000.0, 400.0
"""Where there is no stop or rack within reach, one is taken to be so far away (assumed)."""

STOP_DECAY = 2.0
"""The wish to walk to a stop decays so much faster than to other things (assumed)."""


class Origins(NamedTuple):
    """Things from which people walk to each root, with the running sums of their chances.

    Those of a root are ``first[root]`` to ``first[root + 1]``. ``bike_burden``, ``transit_burden``
    (roots) and ``garage_burden`` (garages near roots) are how much less often a way to come is
    chosen for the walk that it takes.
    """

    stop_first: Ints
    stop: Ints
    stop_until: Floats
    gate_first: Ints
    gate: Ints
    gate_until: Floats
    garage_first: Ints
    garage: Ints
    garage_key: Keys
    bike_burden: Floats
    transit_burden: Floats
    garage_burden: Floats


def walk_cost(parameters: Parameters) -> float:
    """Return the utility lost per metre on foot."""
    return parameters.per_minute * parameters.walk_weight / parameters.walk_m_min


def origins_of(town: Destinations, parameters: Parameters, local: Local) -> Origins:
    """Return where people come from."""
    stops, gates, garages = town.stops_near, town.gates_near, town.garages_near
    stop_until, stop_m = _chances(stops, town.stop_weight, parameters.decay * STOP_DECAY)
    gate_until, _ = _chances(gates, town.gates_on_foot.size, parameters.decay)
    cost = walk_cost(parameters)
    return Origins(
        stop_first=stops.first,
        stop=stops.thing,
        stop_until=stop_until,
        gate_first=gates.first,
        gate=gates.thing,
        gate_until=gate_until,
        garage_first=garages.first,
        garage=garages.thing,
        garage_key=town.garages.key,
        bike_burden=np.exp(cost * _nearest(town.racks_near)),
        transit_burden=np.exp(cost * stop_m),
        garage_burden=np.exp(cost * garages.far_m)
        / local.of_units(town.garage_names)[garages.thing],
    )


@compiled
def _chances(near: Near, weight: Floats, decay: float) -> tuple[Floats, Floats]:
    """Return the running sums of chances within each root, and the mean distance."""
    until = np.empty(len(near.thing))
    mean = np.zeros(len(near.first) - 1)
    for root in range(len(near.first) - 1):
        total, weighted = 0.0, 0.0
        for at in range(near.first[root], near.first[root + 1]):
            one = weight[near.thing[at]] * exp(-decay * near.far_m[at])
            total += one
            weighted += one * near.far_m[at]
            until[at] = total
        for at in range(near.first[root], near.first[root + 1]):
            until[at] /= total
        mean[root] = weighted / total if total > 0 else NO_STOP_M
    return until, mean


def _nearest(near: Near) -> Floats:
    """Return how far the nearest is from each root."""
    result = np.full(len(near.first) - 1, NO_RACK_M)
    is_any = near.first[:-1] < near.first[1:]
    result[is_any] = np.minimum(near.far_m[near.first[:-1][is_any]], NO_RACK_M)
    return result
