"""What is made of a city once, and not again of the very same city."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from twin.city import City

_Made = TypeVar("_Made")
_More = ParamSpec("_More")

_KEPT = 4


def once_a_city(
    make: Callable[Concatenate[City, _More], _Made],
) -> Callable[Concatenate[City, _More], _Made]:
    """Keep what was made of the last few cities; cities never change, so the same object is the same city."""
    kept: OrderedDict[tuple[Any, ...], tuple[City, _Made]] = OrderedDict()
    lock = threading.Lock()

    @wraps(make)
    def made(city: City, *args: _More.args, **kwargs: _More.kwargs) -> _Made:
        key = (id(city), args, tuple(sorted(kwargs.items())))
        with lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key][1]
        found = make(city, *args, **kwargs)
        with lock:
            kept[key] = (city, found)
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        return found

    return made
