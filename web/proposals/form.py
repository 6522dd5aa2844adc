"""From a filled-in form to a proposal, with everything that is wrong with it found at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast, get_args

from scenarios.applying import cities
from scenarios.errors import ScenarioError
from scenarios.files import read_scenario
from scenarios.scenario import Scenario, Words
from twin.city import City
from twin.words import Text
from web.plans.link import MOST_CHARACTERS, plan_text, read_plan
from web.proposals.proposal import DECISIONS, Decision, Department, Proposal, Stance
from web.staff.errors import RefusedError

CHOICES = range(1, 6)
DEPARTMENTS = range(1, 7)
LEAST_CHOICES = 2
LONGEST = timedelta(days=120)
"""Answers can be given for so long at most, because the texts are kept as long."""

LONG: Mapping[str, int] = {
    "title": 100,
    "text": 5_000,
    "question": 300,
    "choice": 80,
    "reasons": 2_000,
    "owner": 100,
    "department": 100,
}
LABELS: Mapping[str, Text] = {
    "plan": Text("Plan", "Plan"),
    "title": Text("Titel", "Title"),
    "text": Text("Tekst", "Text"),
    "question": Text("Vraag", "Question"),
    "choice": Text("Antwoord", "Answer"),
    "reasons": Text("Uitleg bij het besluit", "Reasons for the decision"),
    "owner": Text("Afdeling die erover gaat", "Department in charge"),
    "department": Text("Afdeling", "Department"),
    "starts_on": Text("Antwoorden vanaf", "Answers from"),
    "ends_on": Text("Antwoorden tot en met", "Answers until"),
    "decision_on": Text("Datum van het besluit", "Date of the decision"),
    "decision": Text("Besluit", "Decision"),
    "carried_out_on": Text("Uitgevoerd op", "Carried out on"),
}
_FIRST, _LAST = date(2020, 1, 1), date(2099, 12, 31)


@dataclass
class _Read:
    """A form that is being read, and what was found wrong so far."""

    form: Mapping[str, str]
    faults: list[Text] = field(default_factory=list[Text])

    def fault(self, name: str, nl: str, en: str, number: str = "") -> None:
        label = LABELS[name]
        self.faults.append(Text(f"{label.nl}{number}: {nl}", f"{label.en}{number}: {en}"))

    def line(self, name: str, key: str, *, is_needed: bool, number: str = "") -> str:
        """Return a text without what no keyboard types."""
        text = "".join(c for c in self.form.get(key, "") if c.isprintable() or c in "\n\t").strip()
        if is_needed and not text:
            self.fault(name, "vul dit in", "fill this in", number)
        if len(text) > LONG[name]:
            most = LONG[name]
            self.fault(name, f"hoogstens {most} tekens", f"at most {most} characters", number)
        return text

    def words(self, name: str, key: str, *, is_needed: bool, number: str = "") -> Words:
        """Return a text in both languages; one of the two alone is not enough."""
        is_needed = is_needed or bool(
            self.form.get(f"{key}_nl", "").strip() or self.form.get(f"{key}_en", "").strip()
        )
        nl, en = (
            self.line(name, f"{key}_{language}", is_needed=is_needed, number=f"{number} ({said})")
            for language, said in (("nl", "NL"), ("en", "EN"))
        )
        return Words(nl=nl[:5_000], en=en[:5_000])

    def day(self, name: str) -> date | None:
        """Return a date, None where it is left empty or is none."""
        text = self.form.get(name, "").strip()
        if not text:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or not _FIRST <= found <= _LAST:
            self.fault(name, "dit is geen datum", "this is no date")
            return None
        return found

    def needed_day(self, name: str) -> date | None:
        """Return a date that must be filled in."""
        before = len(self.faults)
        found = self.day(name)
        if found is None and len(self.faults) == before:
            self.fault(name, "vul dit in", "fill this in")
        return found


def read_form(form: Mapping[str, str], city: City) -> Proposal:
    """Read a proposal from a form.

    Raises
    ------
    RefusedError
        With everything that is wrong with it.
    """
    read = _Read(form)
    plan = _plan(read, city)
    period = _period(read)
    decision = form.get("decision", "none")
    if decision not in DECISIONS:
        read.fault("decision", "kies een van de antwoorden", "choose one of the answers")
    carried_out_on = read.day("carried_out_on")
    if carried_out_on and decision in {"none", "no"}:
        read.fault(
            "carried_out_on", "alleen na een besluit dat het doorgaat", "only after a decision to go ahead"
        )  # fmt: skip
    values = {
        "title": read.words("title", "title", is_needed=True),
        "text": read.words("text", "text", is_needed=True),
        "question": read.words("question", "question", is_needed=True),
        "reasons": read.words("reasons", "reasons", is_needed=False),
        "owner": read.line("owner", "owner", is_needed=True),
        "choices": _choices(read),
        "departments": _departments(read),
    }
    if read.faults or plan is None or period is None:
        raise RefusedError("this cannot be published", read.faults)
    return Proposal(
        plan=plan_text(plan),
        starts_on=period[0],
        ends_on=period[1],
        decision_on=period[2],
        decision=cast("Decision", decision),
        carried_out_on=carried_out_on,
        **values,  # pyright: ignore[reportArgumentType]
    )


def form_of(proposal: Proposal) -> dict[str, str]:
    """Return a proposal as it stands in the form."""
    form = {name: getattr(proposal, name) for name in ("plan", "owner", "decision")}
    for name in ("starts_on", "ends_on", "decision_on", "carried_out_on"):
        day = getattr(proposal, name)
        form[name] = day.isoformat() if day else ""
    pairs = {name: getattr(proposal, name) for name in ("title", "text", "question", "reasons")}
    pairs |= {f"choice{at}": words for at, words in enumerate(proposal.choices, 1)}
    for name, words in pairs.items():
        form |= {f"{name}_nl": words.nl, f"{name}_en": words.en}
    for at, department in enumerate(proposal.departments, 1):
        form |= {f"department{at}": department.name, f"stance{at}": department.stance}
    return form


def _plan(read: _Read, city: City) -> Scenario | None:
    """Return the plan in a link, in the part of a link, or in the text of a file."""
    text = read.form.get("file", "").strip() or read.form.get("plan", "").strip()
    if not text:
        read.fault("plan", "plak een link of kies een bestand", "paste a link or choose a file")
        return None
    try:
        plan = _read_plan(text)
        cities(plan, city)
    except ScenarioError as err:
        for nl, en in zip(err.told("nl"), err.told("en"), strict=True):
            read.fault("plan", nl, en)
        return None
    if not plan.measures:
        read.fault("plan", "dit plan verandert niets", "this plan changes nothing")
        return None
    if len(plan_text(plan)) > MOST_CHARACTERS:
        read.fault("plan", "dit plan is te lang voor een link", "this plan is too long for a link")
    return plan


def _read_plan(text: str) -> Scenario:
    if "plan=" in text and "\n" not in text:
        text = text.partition("plan=")[2].partition("&")[0].partition("#")[0]
    if ":" in text or "{" in text:
        return read_scenario(text + "\n")
    return read_plan(text)


def _period(read: _Read) -> tuple[date, date, date] | None:
    """Return the first and the last day of answering, and the day of the decision."""
    starts_on, ends_on = read.needed_day("starts_on"), read.needed_day("ends_on")
    decision_on = read.needed_day("decision_on")
    if starts_on and ends_on and ends_on < starts_on:
        read.fault("ends_on", "dit is voor het begin", "this is before the beginning")
    if starts_on and ends_on and ends_on - starts_on > LONGEST:
        nl = f"hoogstens {LONGEST.days} dagen na het begin"
        read.fault("ends_on", nl, f"at most {LONGEST.days} days after the beginning")
    if ends_on and decision_on and decision_on < ends_on:
        nl = "dit is voor het einde van de periode"
        read.fault("decision_on", nl, "this is before the period ends")
    if starts_on is None or ends_on is None or decision_on is None:
        return None
    return starts_on, ends_on, decision_on


def _choices(read: _Read) -> tuple[Words, ...]:
    found = [
        read.words("choice", f"choice{at}", is_needed=at <= LEAST_CHOICES, number=f" {at}")
        for at in CHOICES
    ]
    return tuple(words for words in found if words.nl or words.en)


def _departments(read: _Read) -> tuple[Department, ...]:
    found: list[Department] = []
    for at in DEPARTMENTS:
        name = read.line("department", f"department{at}", is_needed=False, number=f" {at}")
        stance = read.form.get(f"stance{at}", "contributed")
        if stance not in get_args(Stance):
            read.fault("department", "kies een van de antwoorden", "choose one of the answers", f" {at}")  # fmt: skip
        elif name:
            found.append(Department(name=name, stance=cast("Stance", stance)))
    return tuple(found)
