"""`Destinations`: the part of a town that decides where people go, when, and how if not by car to the kerb."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import blake2b
from typing import Any, cast

import numpy as np

from scenarios.day.draws import Keys
from scenarios.day.kinds import DayKind
from scenarios.day.nearness import Near
from scenarios.day.network import Flags, Floats, Ints
from scenarios.day.things import Things
from scenarios.kept import content_of


@dataclass(frozen=True, eq=False)
class Destinations:
    """A town as far as it decides what people mean to do: `Town` adds the rest, and says what all fields are.

    Whoever is given this reads nothing else of a town, so that what is made of it need not be made again
    for another with the same `destinations`: one that differs in its bays.
    """

    day: DayKind
    garage_names: list[str]
    attractors: Things
    attractor_kind: Ints
    is_new: Flags
    closed: Things
    closed_kind: Ints
    homes: Things
    garages: Things
    garage_price_eur_h: Floats
    stops: Things
    stop_weight: Floats
    gates_on_foot: Things
    root_of_segment: Ints
    shops_near: tuple[Near, ...]
    stops_near: Near
    gates_near: Near
    racks_near: Near
    garages_near: Near
    zone: Ints
    home_zone_of_search: Ints
    event_key: Keys
    event_visitors: Floats
    event_hours: Flags

    @cached_property
    def destinations(self) -> bytes:
        """A digest of these fields: the same for equal ones, and for no others."""
        whole = blake2b(digest_size=16)
        for one in fields(Destinations):
            whole.update(one.name.encode())
            whole.update(b"".join(_parts(getattr(self, one.name))))
        return whole.digest()


def _parts(value: Any) -> Iterator[bytes]:
    """Yield digests of the arrays and words in tuples and lists of them."""
    if isinstance(value, np.ndarray):
        yield content_of(cast("Any", value))
    elif isinstance(value, str):
        yield blake2b(value.encode(), digest_size=16).digest()
    else:
        for part in cast("tuple[Any, ...]", value):
            yield from _parts(part)
