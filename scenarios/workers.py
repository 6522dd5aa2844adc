"""Running days side by side: a pool of processes that keep what was shared with them.

Any `concurrent.futures.Executor` whose workers see the same temporary folder can take the place
of the pool.
"""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from scenarios.sharing import Shared, Shelf

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass
class Workers:
    """An executor and a folder through which towns reach it; use it as a context, from one thread.

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
    _shelf: Shelf | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="wijktwin-")
        self._shelf = Shelf(Path(self._folder.name))
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
        """Put something where all workers find it, until `SHARED` other things were shared after it.

        Neither it nor any array in it may be changed from then on.
        """
        if self._shelf is None:
            raise RuntimeError("workers are used as a context: with Workers() as workers")
        return Shared(itself=thing) if self._pool is None else self._shelf.put(thing)

    def submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result]:
        """Begin a task as soon as a process is free; with one process it is done when this returns."""
        if self._pool is not None:
            return self._pool.submit(function, task)
        done: Future[Result] = Future()
        try:
            done.set_result(function(task))
        except Exception as err:  # noqa: BLE001 raised where the result is asked for, as by any executor
            done.set_exception(err)
        return done

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
            self.submit(function, task): at for at, task in enumerate(tasks)
        }
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            for one in waiting:
                with suppress(Exception):
                    one.cancel()
