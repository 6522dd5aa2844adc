"""Studies: the list of them, and keeping a plan as one."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from scenarios.scenario import Scenario
from twin.words import Language
from web.pages.staff.parts import done, staff_page, status_of
from web.plans.link import read_plan
from web.site import Here, Site
from web.staff.door import Analyst, SignedIn, Viewer
from web.staff.errors import RefusedError

router = APIRouter(include_in_schema=False)

PlanText = Annotated[str, Query(max_length=20_000)]


class NewStudy(BaseModel):
    """What is filled in for a new study; ``plan`` is its first variant, as a link has it."""

    title: Annotated[str, Field(max_length=1000)] = ""
    plan: Annotated[str, Field(max_length=20_000)] = ""
    study: Annotated[str, Field(max_length=64)] = ""


@router.get("/{language}/staff/studies")
def studies(
    request: Request, language: Language, site: Here, me: Viewer, archived: bool = False
) -> Response:
    """Show the studies."""
    return _page(request, site, language, me, archived=archived)


@router.post("/{language}/staff/studies")
def add(
    request: Request,
    language: Language,
    site: Here,
    me: Analyst,
    asked: Annotated[NewStudy, Form()],
) -> Response:
    """Add a study."""
    try:
        study = site.workbench.studies.add(asked.title, [], by=me.name, now=site.live.now())
    except RefusedError as err:
        return _page(request, site, language, me, archived=False, asked=asked, err=err)
    return done(language, f"/studies/{study}")


@router.get("/{language}/staff/studies/keep")
def keep_form(
    request: Request, language: Language, site: Here, me: Analyst, plan: PlanText
) -> Response:
    """Ask in which study a plan is to be kept."""
    kept = read_plan(plan)
    asked = NewStudy(title=_title(kept, language), plan=plan)
    return _keep_page(request, site, language, me, asked)


@router.post("/{language}/staff/studies/keep")
def keep(
    request: Request,
    language: Language,
    site: Here,
    me: Analyst,
    asked: Annotated[NewStudy, Form()],
) -> Response:
    """Keep a plan as a variant of a study that is there, or of a new one."""
    plan, now, kept = read_plan(asked.plan), site.live.now(), site.workbench.studies
    try:
        if asked.study:
            kept.add_variants(asked.study, [plan], by=me.name, now=now, language=language)
            study = asked.study
        else:
            study = kept.add(asked.title, [plan], by=me.name, now=now, language=language)
    except RefusedError as err:
        return _keep_page(request, site, language, me, asked, err)
    return done(language, f"/studies/{study}")


def _title(plan: Scenario, language: Language) -> str:
    title = plan.title if isinstance(plan.title, str) else getattr(plan.title, language)
    return title or plan.name


def _page(
    request: Request,
    site: Site,
    language: Language,
    me: SignedIn,
    *,
    archived: bool,
    asked: NewStudy | None = None,
    err: RefusedError | None = None,
) -> Response:
    return staff_page(
        request, site, language, me, "studies/list",
        studies=site.workbench.studies.all(archived=archived),
        archived=archived,
        asked=asked or NewStudy(),
        faults=err.told(language) if err else (),
        status=status_of(err) if err else 200,
    )  # fmt: skip


def _keep_page(
    request: Request,
    site: Site,
    language: Language,
    me: SignedIn,
    asked: NewStudy,
    err: RefusedError | None = None,
) -> Response:
    return staff_page(
        request, site, language, me, "studies/keep",
        studies=site.workbench.studies.all(),
        asked=asked,
        faults=err.told(language) if err else (),
        status=status_of(err) if err else 200,
    )  # fmt: skip
