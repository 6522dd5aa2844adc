"""Results that are slow to make and often asked for again, kept by what they were made from."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from hashlib import blake2b
from threading import Lock
from typing import Any, Generic, TypeVar, TypeVarTuple, Unpack

import numpy as np
from numpy.typing import NDArray

Made = TypeVar("Made")
_Given = TypeVarTuple("_Given")

KEPT_ONCE = 16


def content_of(*parts: NDArray[Any]) -> bytes:
    """Return a digest of arrays: the same for equal arrays, and for no others."""
    content = blake2b(digest_size=16)
    for part in parts:
        content.update(f"{part.dtype}{part.shape}".encode())
        content.update(np.ascontiguousarray(part).tobytes())
    return content.digest()


class Kept(Generic[Made]):
    """The last so many results; an equal key gives the result that is there.

    What is kept is shared: nobody may change it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made by that key, or make it."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


def once(make: Callable[[Unpack[_Given]], Made]) -> Callable[[Unpack[_Given]], Made]:
    """Keep the last `KEPT_ONCE` results of a function by which objects it was given, and words by their text.

    For cities and their layers, which never change.
    """
    kept: Kept[tuple[object, Made]] = Kept(KEPT_ONCE)

    @wraps(make)
    def made(*given: *_Given) -> Made:
        key = tuple(each if isinstance(each, str) else id(each) for each in given)
        # What was given is kept too: as long as it is there, no other object has its identity.
        return kept.get(key, lambda: (given, make(*given)))[1]

    return made
