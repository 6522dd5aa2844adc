"""What the running site has of the workbench: studies, and the queue that works them out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from web.kept import Kept
from web.plans.model import Model
from web.plans.tries import Tries
from web.staff.staff import FOLDER, Staff
from web.studies.calibrating import Calibrating
from web.studies.queue import Queue
from web.studies.studies import Studies

SUMMARIES = 120
"""Of so many variants the figures are kept at hand: each takes about half a megabyte."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """Studies and their queue."""

    studies: Studies
    queue: Queue
    model: Model
    calibrating: Calibrating
    kept: Kept

    @classmethod
    def of(
        cls,
        staff: Staff,
        place_directory: Path,
        model: Model,
        tries: Tries,
        calibrating: Calibrating,
    ) -> Self:
        """Return the workbench of a place, whose studies stand behind what residents try out."""
        studies = Studies(staff.database, place_directory / FOLDER / "studies")
        queue = Queue(studies, model, tries.wake)
        tries.let_behind(queue.next)
        return cls(studies, queue, model, calibrating, Kept(SUMMARIES))

    def open(self) -> None:
        """Take up again what was in the queue when the program ended."""
        self.queue.open()

    def close(self) -> None:
        """Stop what is being fitted; the queue ends with the plans that residents try out."""
        self.calibrating.close()
