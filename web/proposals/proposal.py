"""`Proposal`: a plan that is put to residents, with everything they need to know of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from scenarios.scenario import Scenario, Words
from twin.words import Language, Text
from web.plans.link import read_plan

Stance = Literal["contributed", "agreed", "objects"]
STANCES: dict[Stance, Text] = {
    "agreed": Text("werkte mee en is het ermee eens", "contributed and agrees"),
    "contributed": Text("werkte mee", "contributed"),
    "objects": Text("werkte mee en is het er niet mee eens", "contributed and does not agree"),
}

Decision = Literal["none", "yes", "changed", "no"]
DECISIONS: dict[Decision, Text] = {
    "none": Text("nog niet besloten", "not decided yet"),
    "yes": Text("het plan gaat door", "the plan goes ahead"),
    "changed": Text("het plan gaat veranderd door", "the plan goes ahead, changed"),
    "no": Text("het plan gaat niet door", "the plan does not go ahead"),
}

Stage = Literal["coming", "open", "closed", "decided", "done"]
STAGES: dict[Stage, Text] = {
    "coming": Text("begint nog", "begins later"),
    "open": Text("u kunt antwoorden", "you can answer"),
    "closed": Text("antwoorden kan niet meer", "answers are closed"),
    "decided": Text("besloten", "decided"),
    "done": Text("uitgevoerd", "carried out"),
}

State = Literal["published", "withdrawn", "archived"]
"""Residents see what is published, and what is archived by its link; what is withdrawn not."""

NOTHING = Words(nl="", en="")


class _Saved(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Department(_Saved):
    """A department that worked on a plan, and whether it agrees."""

    name: str
    stance: Stance


class Proposal(_Saved):
    """What staff write of a plan; ``plan`` is the plan itself, as links have it."""

    plan: str
    title: Words
    text: Words
    owner: str
    starts_on: date
    ends_on: date
    decision_on: date
    question: Words
    choices: tuple[Words, ...]
    departments: tuple[Department, ...]
    decision: Decision = "none"
    reasons: Words = NOTHING
    carried_out_on: date | None = None

    def stage(self, today: date) -> Stage:
        """Return how far it is on a day of the place."""
        if self.carried_out_on is not None and self.carried_out_on <= today:
            return "done"
        if self.decision != "none":
            return "decided"
        if today < self.starts_on:
            return "coming"
        return "open" if today <= self.ends_on else "closed"

    def scenario(self) -> Scenario:
        """Return the plan itself."""
        return read_plan(self.plan)


@dataclass(frozen=True, slots=True)
class Kept:
    """A proposal as it is kept, under the name that its address has."""

    id: str
    state: State
    proposal: Proposal
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered: how often each choice, and the texts that are still there."""

    counts: tuple[int, ...]
    texts: tuple[tuple[int, str], ...]

    @property
    def total(self) -> int:
        """How many answers there are."""
        return sum(self.counts)


def into(words: Words, language: Language) -> str:
    """Return a text in a language."""
    return words.nl if language == "nl" else words.en
