"""Carrying a scenario out: measure by measure, with every fault and contradiction found."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from scenarios.errors import ScenarioError
from scenarios.faults import Fault
from scenarios.kept import Kept
from scenarios.measures.measure import Measure
from scenarios.prices import Cost, Prices
from scenarios.scenario import Scenario
from twin.city import City
from twin.layers import LAYER_BY_NAME, LAYERS, Layer
from twin.place.frames import pick, texts
from twin.rules import Rules
from twin.words import Text

_GROWING = ("bays", "garages", "racks", "attractors", "buildings", "green")
"""Layers that measures add to."""

_ORDER_FREE = (
    "closures",
    "no_parking",
    "bicycle_streets",
    "permit_zones",
    "events",
    "opened",
    "closed",
    "comforts",
    "bike_parking",
    "car_ownership",
)
"""Rules of which an earlier one does not go before a later one, or the other way round."""

_KEPT = 60
"""The cities of so many scenarios are kept; what a measure does not change they have in common."""

_AFTER = Text(" (na de maatregelen ervoor)", " (after the measures before it)")


def apply(scenario: Scenario, city: City) -> City:
    """Return the city as it is with a scenario.

    Rows that were there keep their order; new ones come last, by key. Independent measures give
    the same city in any order.

    Raises
    ------
    ScenarioError
        With everything because of which it cannot be carried out.
    """
    return finished(cities(scenario, city))


def finished(steps: Sequence[City]) -> City:
    """Return the last of `cities`, its rows and rules in an order that is always the same."""
    before, changed = steps[0], _ordered(steps[-1], steps[0])
    return replace(changed, rules=_ordered_rules(changed.rules, before.rules))


def cost(scenario: Scenario, city: City, prices: Prices) -> Cost:
    """Return what all measures cost together.

    Raises
    ------
    ScenarioError
        With everything because of which it cannot be carried out.
    """
    return total_cost(scenario, cities(scenario, city), prices)


def total_cost(scenario: Scenario, steps: Sequence[City], prices: Prices) -> Cost:
    """Return what all measures cost together, each in its own of the `cities`."""
    costs = (
        measure.cost(city, prices) for measure, city in zip(scenario.measures, steps, strict=False)
    )
    return reduce(Cost.__add__, costs, Cost())


def cities(scenario: Scenario, city: City) -> tuple[City, ...]:
    """Return the city before the first measure, after it, and after each that follows.

    Those of the last few scenarios are kept: a page, its progress and its map ask for the same.

    Raises
    ------
    ScenarioError
        With everything because of which it cannot be carried out.
    """
    # The first of what is kept is the city, so that no other has its identity meanwhile.
    return _cities_of.get((scenario.fingerprint(), id(city)), lambda: _cities(scenario, city))


_cities_of: Kept[tuple[City, ...]] = Kept(_KEPT)


def _cities(scenario: Scenario, city: City) -> tuple[City, ...]:
    found = [*_place_faults(scenario, city), *_id_faults(scenario, city)]
    steps, claimed = [city], dict[tuple[Text, str], tuple[float | Text, str]]()
    for number, measure in enumerate(scenario.measures):
        now = steps[-1]
        faults = [*_step_faults(measure, now, city)] or [*_contradictions(measure, now, claimed)]
        found += [fault.under(f"measures[{number}]") for fault in faults]
        steps.append(now if faults else measure.apply(now))
    if found:
        raise ScenarioError(f"The plan {scenario.name!r} cannot be carried out", found)
    return tuple(steps)


def _place_faults(scenario: Scenario, city: City) -> Iterator[Fault]:
    if scenario.place is not None and scenario.place != city.name:
        message = Text(
            f"dit plan is gemaakt voor “{scenario.place}”, en dit is “{city.name}”",
            f"it was made for {scenario.place!r}, and this is {city.name!r}",
        )
        yield Fault("place", message)


def _id_faults(scenario: Scenario, city: City) -> Iterator[Fault]:
    """Yield ids after which something in the city is called already, as new rows would be."""
    for name in _GROWING:
        layer = LAYER_BY_NAME[name]
        keys = [str(key) for key in texts(city.layers[name], layer.key)]
        stems = [f"{measure.id}-{layer.key}-" for measure in scenario.measures]
        alike = [key for key in keys if key.startswith(tuple(stems))]
        for number, stem in enumerate(stems):
            if any(key.startswith(stem) for key in alike):
                what = scenario.measures[number].id
                message = Text(
                    f"een maatregel kan niet “{what}” heten: de wijk heeft al iets dat {stem}… heet",
                    f"{what!r} is taken: the place has something called {stem}…",
                )
                yield Fault(f"measures[{number}].id", message)


def _step_faults(measure: Measure, now: City, before: City) -> Iterator[Fault]:
    """Yield a measure's faults; what is due to those before it is said to be so."""
    faults = list(measure.faults(now))
    known = set(measure.faults(before)) if faults and now is not before else set(faults)
    for fault in faults:
        if fault in known:
            yield fault
        else:
            said = fault.message
            yield Fault(fault.field, Text(f"{said.nl}{_AFTER.nl}", f"{said.en}{_AFTER.en}"))


def _contradictions(
    measure: Measure, city: City, claimed: dict[tuple[Text, str], tuple[float | Text, str]]
) -> Iterator[Fault]:
    for claim in measure.claims(city):
        value, by = claimed.setdefault((claim.what, claim.of), (claim.value, measure.id))
        if value != claim.value:
            one, other = _said(value), _said(claim.value)
            message = Text(
                f"dit past niet bij een eerdere maatregel ({by}): {claim.what.nl} van “{claim.of}”"
                f" zou zowel {one.nl} als {other.nl} zijn",
                f"contradicts {by}: {claim.what.en} of {claim.of!r} would be both {one.en} and"
                f" {other.en}",
            )
            yield Fault("", message)


def _said(value: float | Text) -> Text:
    return value if isinstance(value, Text) else Text(str(value).replace(".", ","), str(value))


def _ordered(city: City, before: City) -> City:
    changed = {
        layer.name: city.layers[layer.name]
        for layer in LAYERS
        if city.layers[layer.name] is not before.layers[layer.name]
    }
    ordered = {
        name: pick(frame, _order(before, layer, frame_keys))
        for layer in LAYERS
        for name, frame in changed.items()
        if layer.name == name
        for frame_keys in [[str(key) for key in texts(frame, layer.key)]]
    }
    return city.with_layers(**ordered)


def _ordered_rules(rules: Rules, before: Rules) -> Rules:
    """Put new rules of which the order says nothing in an order that is always the same."""
    ordered: dict[str, Any] = {}
    for name in _ORDER_FREE:
        kept = len(getattr(before, name))
        every = getattr(rules, name)
        ordered[name] = (*every[:kept], *sorted(every[kept:], key=repr))
    return replace(rules, **ordered)


def _order(
    before: City, layer: Layer, keys: list[str]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    was = {str(key): place for place, key in enumerate(texts(before.layers[layer.name], layer.key))}
    ranked = sorted(range(len(keys)), key=lambda row: (was.get(keys[row], len(was)), keys[row]))
    return np.array(ranked, np.int64)
