"""What is made of a city or of one of its layers once, and not again of the very same one."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVar, TypeVarTuple, Unpack

_Given = TypeVarTuple("_Given")
_Made = TypeVar("_Made")

KEPT = 16


def once(make: Callable[[Unpack[_Given]], _Made]) -> Callable[[Unpack[_Given]], _Made]:
    """Keep what was made of the last few: cities and layers never change, so the same object is the same city."""
    kept: OrderedDict[Hashable, tuple[object, _Made]] = OrderedDict()
    lock = threading.Lock()

    @wraps(make)
    def made(*given: *_Given) -> _Made:
        key = tuple(each if isinstance(each, str) else id(each) for each in given)
        with lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key][1]
        found = make(*given)
        with lock:
            kept[key] = (given, found)
            while len(kept) > KEPT:
                kept.popitem(last=False)
        return found

    return made
