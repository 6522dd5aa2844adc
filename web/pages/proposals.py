"""A plan that is put to residents: its page, and answering on it."""

import secrets
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twin.errors import UnknownNameError
from twin.words import Language, Origin
from web.encoding import Content, answer
from web.i18n import Words
from web.pages.home import HTML
from web.pages.try_asked import Asked
from web.pages.try_parts import try_parts
from web.proposals.measured import beside
from web.proposals.proposal import DECISIONS, STAGES, STANCES, Kept, into
from web.proposals.store import LONGEST_TEXT
from web.site import Here, Site, address
from web.staff.door import visitor
from web.staff.errors import RefusedError, TooOftenError
from web.wording import origin_words

router = APIRouter(include_in_schema=False)

_TOKEN_BYTES = 16


class AnswerForm(BaseModel):
    """An answer as it is filled in."""

    choice: Annotated[str, Field(max_length=10)] = ""
    text: Annotated[str, Field(max_length=20_000)] = ""
    token: Annotated[str, Field(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal in the list of plans."""

    href: str
    title: str
    question: str
    when: str


@router.get("/{language}/try/plans/{id}")
def proposal(
    request: Request,
    language: Language,
    site: Here,
    id: str,
    *,
    wait: bool = False,
    answered: bool = False,
) -> Response:
    """Show a proposal: the plan, its effects, who is behind it, the question and the answers."""
    kept = _shown(site, id)
    return _page(request, site, language, kept, is_waiting=wait, is_answered=answered)


@router.post("/{language}/try/plans/{id}")
def answer_it(
    request: Request,
    language: Language,
    site: Here,
    id: str,
    asked: Annotated[AnswerForm, Form()],
) -> Response:
    """Keep an answer; with faults, show the page again."""
    kept = _shown(site, id)
    try:
        site.proposals.answer(
            id,
            int(asked.choice) if asked.choice.isdecimal() and asked.choice.isascii() else None,
            asked.text,
            asked.token,
            address=visitor(request),
            today=today(site),
            now=site.live.now(),
        )
    except RefusedError as err:
        from web.errors import status_of

        page = _page(
            request, site, language, kept, asked=asked,
            faults=err.told(language), status=status_of(err).value,
        )  # fmt: skip
        if isinstance(err, TooOftenError):
            page.headers["Retry-After"] = str(err.wait_s)
        return page
    return RedirectResponse(f"{path_of(language, id)}?answered=true#answer", status_code=303)


def path_of(language: Language, id: str) -> str:
    """Return the address of the page of a proposal."""
    return f"/{language}/try/plans/{id}"


def today(site: Site) -> date:
    """Return the local day of the place."""
    return site.live.now().astimezone(site.live.zone).date()


def cards(site: Site, language: Language) -> list[Card]:
    """Return what is in the list of plans, what can be answered in front."""
    words, day = site.pages.words(language), today(site)
    found = site.proposals.all("published")
    found.sort(key=lambda kept: kept.proposal.stage(day) != "open")
    return [
        Card(
            path_of(language, kept.id),
            into(kept.proposal.title, language),
            into(kept.proposal.question, language),
            when_words(words, kept, day),
        )
        for kept in found
    ]


def when_words(words: Words, kept: Kept, day: date) -> str:
    """Say how far a proposal is."""
    one = kept.proposal
    match one.stage(day):
        case "coming":
            return words.text("You can answer from %(day)s", day=words.date(one.starts_on))
        case "open":
            return words.text(
                "You can answer up to and including %(day)s", day=words.date(one.ends_on)
            )
        case "closed":
            return words.text("Answers are closed. A decision is due on %(day)s", day=words.date(one.decision_on))  # fmt: skip
        case "decided":
            return words.text(
                "Decided: %(what)s", what=DECISIONS[one.decision].into(words.language)
            )
        case "done":
            return words.text("Carried out on %(day)s", day=words.date(one.carried_out_on or day))


def _shown(site: Site, id: str) -> Kept:
    kept = site.proposals.one(id)
    if kept.state == "withdrawn":
        raise UnknownNameError("this plan was withdrawn")
    return kept


def _page(
    request: Request,
    site: Site,
    language: Language,
    kept: Kept,
    *,
    asked: AnswerForm | None = None,
    is_waiting: bool = False,
    is_answered: bool = False,
    faults: list[str] | None = None,
    status: int = 200,
) -> Response:
    one, day, words = kept.proposal, today(site), site.pages.words(language)
    path = path_of(language, kept.id)
    plan = one.scenario()
    wanted = Asked.model_validate({"plan": one.plan, "wait": is_waiting})
    values = try_parts(site, language, wanted, plan, None)
    values |= {"can_part": False, "here": partial(address, path)}
    result = values["result"]
    stage = one.stage(day)
    html = site.pages.render(
        language,
        "proposal.html",
        path=path,
        kept=kept,
        one=one,
        stage=stage,
        stage_said=STAGES[stage].into(language),
        when=when_words(words, kept, day),
        said=partial(into, language=language),
        paragraphs=[part for part in into(one.text, language).split("\n\n") if part.strip()],
        stances=[(each.name, STANCES[each.stance].into(language)) for each in one.departments],
        decision=DECISIONS[one.decision].into(language),
        answered=site.proposals.answered(kept.id),
        filled=asked or AnswerForm(),
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        longest=LONGEST_TEXT,
        is_answered=is_answered,
        faults=faults or [],
        beside=beside(site.live, plan.day, one.carried_out_on, result.lines if result else ())
        if stage == "done" and one.carried_out_on
        else [],
        origins={origin: origin_words(words, origin) for origin in Origin},
        **values,
    )
    return answer(request, Content(html.encode(), HTML), status=status, cache="no-store")
