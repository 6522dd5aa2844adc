"""One study: its variants, how it is worked out, and what changes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from scenarios.scenario import Day
from twin.words import Language
from web.pages.staff.parts import done, staff_page, status_of
from web.pages.staff.study_parts import Looked, study_parts
from web.site import Here, Site
from web.staff.door import Analyst, SignedIn, Viewer
from web.staff.errors import RefusedError
from web.studies.plans import futures, read_plans, swept

router = APIRouter(include_in_schema=False)


class SetUp(BaseModel):
    """How a study is worked out."""

    title: Annotated[str, Field(max_length=1000)] = ""
    day: Day = "weekday"
    runs: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    futures: list[Annotated[str, Field(max_length=64)]] = []


class VariantChange(BaseModel):
    """A change to one variant."""

    do: Literal["rename", "duplicate", "remove", "sweep"]
    title: Annotated[str, Field(max_length=1000)] = ""
    over: Annotated[str, Field(max_length=200)] = ""


class Doing(BaseModel):
    """What is done with a whole study."""

    do: Literal["run", "cancel", "duplicate", "archive", "take-out", "delete"]
    title: Annotated[str, Field(max_length=1000)] = ""


class LookedAt(BaseModel):
    """Which of the results are looked at."""

    model_config = ConfigDict(extra="ignore")

    future: Annotated[str, Field(max_length=64)] = ""
    figure: Annotated[str, Field(max_length=40)] = ""
    hourly: Annotated[str, Field(max_length=40)] = ""
    x: Annotated[str, Field(max_length=40)] = ""
    y: Annotated[str, Field(max_length=40)] = ""


@router.get("/{language}/staff/studies/{study}")
def show(
    request: Request,
    language: Language,
    site: Here,
    me: Viewer,
    study: str,
    asked: Annotated[LookedAt, Query()],
) -> Response:
    """Show a study and its results."""
    return _Change(request, site, language, me, study).page(Looked(**asked.model_dump()))


@router.post("/{language}/staff/studies/{study}/set-up")
def set_up(
    request: Request, language: Language, site: Here, me: Analyst, study: str,
    asked: Annotated[SetUp, Form()],
) -> Response:  # fmt: skip
    """Say how a study is worked out."""
    change = _Change(request, site, language, me, study)

    def changed() -> None:
        known = [one for one in futures(site.model.place) if one.name in asked.futures]
        site.workbench.studies.set_up(
            study, title=asked.title, day=asked.day, runs=asked.runs, futures=known,
            by=me.name, now=site.live.now(),
        )  # fmt: skip

    return change.answer(changed)


@router.post("/{language}/staff/studies/{study}/variants")
def add_variants(
    request: Request,
    language: Language,
    site: Here,
    me: Analyst,
    study: str,
    text: Annotated[str, Form(max_length=1_000_000)] = "",
    ready: Annotated[str, Form(max_length=64)] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Add plans: from files, from text, or one that is ready-made."""
    change = _Change(request, site, language, me, study)

    def changed() -> None:
        given = [(one.filename or "plan", one.file.read()) for one in files or [] if one.filename]
        given += [("plan", text.encode())] if text.strip() else []
        plans = [each for each in site.model.examples() if each.name == ready]
        if given or not plans:
            plans += read_plans(given, site.model.place)
        site.workbench.studies.add_variants(
            study, plans, by=me.name, now=site.live.now(), language=language
        )

    return change.answer(changed, "#variants")


@router.post("/{language}/staff/studies/{study}/variants/{variant}")
def change_variant(
    request: Request, language: Language, site: Here, me: Analyst, study: str, variant: str,
    asked: Annotated[VariantChange, Form()],
) -> Response:  # fmt: skip
    """Call a variant otherwise, duplicate it, take it out, or vary one of its numbers."""
    kept, by, now = site.workbench.studies, me.name, site.live.now()

    def changed() -> None:
        match asked.do:
            case "rename":
                kept.rename_variant(study, variant, asked.title, by=by, now=now)
            case "remove":
                kept.remove_variant(study, variant, by=by, now=now)
            case "duplicate":
                plan = kept.get(study).variant(variant).plan
                kept.add_variants(study, [plan], by=by, now=now, language=language)
            case "sweep":
                found = swept(kept.get(study).variant(variant).plan, asked.over, site.model.place)
                kept.add_variants(
                    study, [plan for _, plan in found], by=by, now=now, language=language,
                    sweep=asked.over.partition("=")[0].strip(),
                    values=[value for value, _ in found],
                )  # fmt: skip

    return _Change(request, site, language, me, study).answer(changed, "#variants")


@router.post("/{language}/staff/studies/{study}")
def do(
    request: Request, language: Language, site: Here, me: Analyst, study: str,
    asked: Annotated[Doing, Form()],
) -> Response:  # fmt: skip
    """Work a study out, stop that, duplicate it, put it away, or delete it."""
    kept, queue, by, now = site.workbench.studies, site.workbench.queue, me.name, site.live.now()
    change = _Change(request, site, language, me, study)

    def changed() -> str | None:
        match asked.do:
            case "run":
                kept.queue(study, by=by, now=now)
                queue.add(study)
            case "cancel":
                kept.cancel(study, by=by, now=now)
                queue.take_out(study)
            case "duplicate":
                return f"/studies/{kept.duplicate(study, asked.title, by=by, now=now)}"
            case "archive" | "take-out":
                kept.archive(study, is_archived=asked.do == "archive", by=by, now=now)
            case "delete":
                kept.delete(study, by=by, now=now)
                queue.forget(study)
                return "/studies"
        return None

    return change.answer(changed)


@dataclass(frozen=True, slots=True)
class _Change:
    """Somebody who looks at a study, or changes it."""

    request: Request
    site: Site
    language: Language
    me: SignedIn
    study: str

    def answer(self, change: Callable[[], str | None], where: str = "") -> Response:
        """Make a change and show what came of it; with faults, nothing was changed."""
        try:
            to = change()
        except RefusedError as err:
            return self.page(Looked(), err)
        return done(self.language, to or f"/studies/{self.study}{where}")

    def page(self, looked: Looked, err: RefusedError | None = None) -> Response:
        """Show the study."""
        kept = self.site.workbench.studies.get(self.study)
        values = study_parts(self.site, self.language, kept, looked)
        return staff_page(
            self.request, self.site, self.language, self.me, "studies/study", **values,
            faults=err.told(self.language) if err else (),
            status=status_of(err) if err else 200,
        )  # fmt: skip
