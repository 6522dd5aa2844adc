"""A study: plans that staff put side by side, and how far they have been worked out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scenarios.future import Future
from scenarios.scenario import Day, Scenario
from twin.errors import UnknownNameError
from twin.words import Text


class State(StrEnum):
    """How far a study is."""

    DRAFT = "draft"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_busy(self) -> bool:
        """Whether it is in the queue."""
        return self in {State.WAITING, State.RUNNING}


@dataclass(frozen=True, slots=True)
class Variant:
    """A plan in a study, on the day of the study."""

    id: str
    title: str
    plan: Scenario
    sweep: str | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A study as a list shows it."""

    id: str
    title: str
    owner: str
    changed_at: datetime
    state: State
    count: int


@dataclass(frozen=True, slots=True)
class KeptStudy:
    """A study with its variants; without futures, each plan is in its own."""

    id: str
    title: str
    day: Day
    runs: int
    futures: tuple[Future, ...]
    owner: str
    changed_at: datetime
    is_archived: bool
    state: State
    reason: Text | None
    variants: tuple[Variant, ...]

    @property
    def names_of_futures(self) -> list[str | None]:
        """The name of each future; None alone where each plan is in its own."""
        return [one.name for one in self.futures] or [None]

    @property
    def pairs(self) -> int:
        """How many pairs of days it takes."""
        return len(self.variants) * len(self.names_of_futures) * self.runs

    def variant(self, name: str) -> Variant:
        """Return one of its variants; UnknownNameError where there is none of that id."""
        for one in self.variants:
            if one.id == name:
                return one
        raise UnknownNameError("this study has no such variant")
