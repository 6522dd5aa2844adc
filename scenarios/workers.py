"""Running days side by side: a pool of processes that keep the towns they were given.

Any `concurrent.futures.Executor` whose workers see the same temporary folder can take the place
of the pool.
"""

import multiprocessing
import os
import pickle
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_KEPT = 8
_kept: OrderedDict[str, Any] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Shared:
    """Something big that many tasks need: sent once, kept by every worker."""

    path: str

    def load(self) -> Any:
        """Return it; workers keep the last few."""
        if self.path not in _kept:
            _kept[self.path] = pickle.loads(Path(self.path).read_bytes())  # noqa: S301  # ours
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(self.path)
        return _kept[self.path]


@dataclass
class Workers:
    """An executor and a folder through which towns reach it; use it as a context.

    Parameters
    ----------
    count
        Number of processes; 1 runs everything in this one.
    niceness
        How far the processes stand back for others, from 0 to 19.
    """

    count: int = field(default_factory=lambda: os.cpu_count() or 1)
    niceness: int = 0
    _pool: Executor | None = None
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="wijktwin-")
        if self.count > 1:
            self._pool = ProcessPoolExecutor(
                self.count,
                mp_context=multiprocessing.get_context("forkserver"),
                initializer=os.nice,
                initargs=(self.niceness,),
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        if self._folder is not None:
            self._folder.cleanup()

    def share(self, thing: object) -> Shared:
        """Put something where all workers find it; the same content is put there once."""
        if self._folder is None:
            raise RuntimeError("workers are used as a context: with Workers() as workers")
        content = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
        path = Path(self._folder.name) / blake2b(content, digest_size=16).hexdigest()
        if not path.exists():
            path.write_bytes(content)
        shared = Shared(str(path))
        if self._pool is None:
            _kept[shared.path] = thing
        return shared

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Iterator[tuple[int, Result]]:
        """Yield the position and result of each task as it is finished.

        Closing the iterator early cancels what has not begun.
        """
        if self._pool is None:
            for at, task in enumerate(tasks):
                yield at, function(task)
            return
        waiting: dict[Future[Result], int] = {
            self._pool.submit(function, task): at for at, task in enumerate(tasks)
        }
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            for one in waiting:
                with suppress(Exception):
                    one.cancel()
