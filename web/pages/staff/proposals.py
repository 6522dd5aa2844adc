"""Putting plans to residents: for analysts; what was answered: for all staff."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Language
from web.pages.proposals import path_of, today, when_words
from web.pages.staff.parts import done, staff_page, status_of
from web.proposals.form import CHOICES, DEPARTMENTS, form_of, read_form
from web.proposals.proposal import DECISIONS, STANCES, State, into
from web.site import Here, Site
from web.staff.door import Analyst, SignedIn, Viewer
from web.staff.errors import RefusedError

router = APIRouter(include_in_schema=False)

_MOST_FIELDS = 80


async def _filled_in(request: Request) -> Mapping[str, str]:
    """Return the fields of a form; a file counts as the text in it."""
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        found: dict[str, str] = {}
        for name, value in form.items():
            if isinstance(value, UploadFile):
                found[name] = (await value.read()).decode("utf-8", "replace")
            else:
                found[name] = value
    return found


FilledIn = Annotated[Mapping[str, str], Depends(_filled_in)]


@router.get("/{language}/staff/plans")
def proposals(request: Request, language: Language, site: Here, me: Viewer) -> Response:
    """Show every plan that was put to residents."""
    day, words = today(site), site.pages.words(language)
    found = site.proposals.all("published", "archived", "withdrawn")
    return staff_page(
        request, site, language, me, "plans",
        rows=[
            (
                kept,
                into(kept.proposal.title, language),
                when_words(words, kept, day),
                site.proposals.answered(kept.id).total,
            )
            for kept in found
        ],
    )  # fmt: skip


@router.get("/{language}/staff/plans/new")
def new(request: Request, language: Language, site: Here, me: Analyst, plan: str = "") -> Response:
    """Show an empty form, with the plan that the address brings along."""
    return _form(request, site, language, me, {"plan": plan[:20_000]})


@router.post("/{language}/staff/plans/new")
def publish(
    request: Request, language: Language, site: Here, me: Analyst, form: FilledIn
) -> Response:
    """Put a plan to residents; with faults, show the form again."""
    try:
        made = read_form(form, site.model.place.city)
    except RefusedError as err:
        return _form(request, site, language, me, form, err=err)
    name = site.proposals.publish(made, by=me.name, now=site.live.now())
    return done(language, f"/plans/{name}")


@router.get("/{language}/staff/plans/{id}")
def proposal(request: Request, language: Language, site: Here, me: Viewer, id: str) -> Response:
    """Show one plan to staff: what was answered, and what can be done with it."""
    kept = site.proposals.one(id)
    answered = site.proposals.answered(id)
    return staff_page(
        request, site, language, me, "plan",
        kept=kept,
        title=into(kept.proposal.title, language),
        public=path_of(language, id),
        when=when_words(site.pages.words(language), kept, today(site)),
        choices=[into(choice, language) for choice in kept.proposal.choices],
        answered=answered,
        is_over=kept.proposal.ends_on < today(site),
    )  # fmt: skip


@router.get("/{language}/staff/plans/{id}/edit")
def edit_form(request: Request, language: Language, site: Here, me: Analyst, id: str) -> Response:
    """Show the form of a plan that was put to residents before."""
    kept = site.proposals.one(id)
    return _form(request, site, language, me, form_of(kept.proposal), name=id)


@router.post("/{language}/staff/plans/{id}/edit")
def edit(
    request: Request,
    language: Language,
    site: Here,
    me: Analyst,
    id: str,
    form: FilledIn,
) -> Response:
    """Change what is said of a plan."""
    site.proposals.one(id)
    try:
        made = read_form(form, site.model.place.city)
        site.proposals.edit(id, made, by=me.name, now=site.live.now())
    except RefusedError as err:
        return _form(request, site, language, me, form, name=id, err=err)
    return done(language, f"/plans/{id}")


@router.post("/{language}/staff/plans/{id}/state")
def change_state(
    language: Language,
    site: Here,
    me: Analyst,
    id: str,
    state: Annotated[State, Form()],
) -> Response:
    """Publish a plan again, withdraw it, or archive it."""
    site.proposals.set_state(id, state, by=me.name, now=site.live.now())
    return done(language, f"/plans/{id}")


def _form(
    request: Request,
    site: Site,
    language: Language,
    me: SignedIn,
    form: Mapping[str, str],
    *,
    name: str | None = None,
    err: RefusedError | None = None,
) -> Response:
    return staff_page(
        request, site, language, me, "plan_form",
        form=form,
        id=name,
        choices=CHOICES,
        departments=DEPARTMENTS,
        stances=[(key, said.into(language)) for key, said in STANCES.items()],
        decisions=[(key, said.into(language)) for key, said in DECISIONS.items()],
        faults=err.told(language) if err else (),
        status=status_of(err) if err else 200,
    )  # fmt: skip
