"""Big things that many processes need: put in files once, read by each of them once."""

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from scenarios.kept import Kept

SHARED = 16
"""So many things are shared at a time: the one shared longest ago goes."""

LARGE_BYTES = 1 << 18
"""Arrays from so large on have a file of their own, since cities that differ a little have most in common."""

_things: Kept[Any] = Kept(8)
_arrays: Kept[bytearray] = Kept(64)
"""What this process has read, by file."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Something shared: its file and those of its large arrays, or itself where it stays in one process."""

    path: str = ""
    arrays: tuple[str, ...] = ()
    itself: object = None

    def load(self) -> Any:
        """Return it; every process keeps the last few."""
        return _things.get(self.path, self._read) if self.path else self.itself

    def _read(self) -> Any:
        arrays = [_arrays.get(each, partial(_bytes, each)) for each in self.arrays]
        return pickle.loads(_bytes(self.path), buffers=arrays)  # noqa: S301  # ours


class Shelf:
    """A folder of shared things, the last `SHARED` of them.

    What is shared, and the large arrays in it, are known by which objects they are: nobody may
    change them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._number = folder, 0
        self._things: OrderedDict[int, tuple[object, Shared]] = OrderedDict()
        self._arrays: dict[int, tuple[object, str]] = {}

    def put(self, thing: object) -> Shared:
        """Share something, or keep it longer if it is shared already."""
        if id(thing) not in self._things:
            self._things[id(thing)] = thing, self._written(thing)
        self._things.move_to_end(id(thing))
        while len(self._things) > SHARED:
            self._drop()
        return self._things[id(thing)][1]

    def _written(self, thing: object) -> Shared:
        arrays: list[str] = []

        def stays(buffer: pickle.PickleBuffer) -> bool:
            """Return whether an array is small and stays with the rest; give it a file if not."""
            with memoryview(buffer) as view:
                array, is_small = view.obj, view.nbytes < LARGE_BYTES
            if not is_small:
                if id(array) not in self._arrays:
                    self._arrays[id(array)] = array, self._file(buffer.raw())
                arrays.append(self._arrays[id(array)][1])
            return is_small

        content = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL, buffer_callback=stays)
        return Shared(self._file(content), tuple(arrays))

    def _file(self, content: bytes | memoryview) -> str:
        self._number += 1
        path = self._folder / str(self._number)
        path.write_bytes(content)
        return str(path)

    def _drop(self) -> None:
        """Delete what was shared longest ago, and the arrays that nothing else has."""
        _, (_, gone) = self._things.popitem(last=False)
        used = {array for _, shared in self._things.values() for array in shared.arrays}
        self._arrays = {at: one for at, one in self._arrays.items() if one[1] in used}
        for path in (gone.path, *set(gone.arrays) - used):
            Path(path).unlink()


def _bytes(path: str) -> bytearray:
    """Return a file that may be written to in memory, as compiled functions expect of arrays."""
    return bytearray(Path(path).read_bytes())
