"""Results that are slow to make and often asked for again, kept by what they were made from."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Made = TypeVar("Made")


def content_of(*parts: NDArray[Any]) -> bytes:
    """Return a digest of arrays: the same for equal arrays, and for no others."""
    content = blake2b(digest_size=16)
    for part in parts:
        content.update(f"{part.dtype}{part.shape}".encode())
        content.update(np.ascontiguousarray(part).tobytes())
    return content.digest()


class Kept(Generic[Made]):
    """The last so many results; equal content gives the result that is there.

    What is kept is shared: nobody may change it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[bytes, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, content: bytes, make: Callable[[], Made]) -> Made:
        """Return what was made from something with this `content_of`, or make it."""
        with self._lock:
            if content in self._made:
                self._made.move_to_end(content)
                return self._made[content]
        made = make()
        with self._lock:
            self._made[content] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made
