"""Trying a plan out: change the neighbourhood, and see what that does."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scenarios.errors import ScenarioError
from scenarios.faults import Fault
from scenarios.files import scenario_yaml
from scenarios.scenario import Scenario
from twin.words import Language
from web.encoding import Content, answer
from web.pages.proposals import cards
from web.pages.text import to_language
from web.pages.try_asked import Asked, Change
from web.pages.try_parts import Form, try_parts
from web.plans.change import Answers, ChangeError, answers_of, changed, tool_of
from web.plans.link import plan_text, read_plan
from web.plans.opened_file import read_file
from web.plans.toolbox import BY_NAME, Tool
from web.site import Here, Site
from web.staff.accounts import Role
from web.staff.door import signed_in

router = APIRouter(include_in_schema=False)

HTML = "text/html; charset=utf-8"


AskedQuery = Annotated[Asked, Query()]
ChangeQuery = Annotated[Change, Query()]


@router.get("/try")
def try_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_language(request, "try")


@router.get("/{language}/try")
def try_out(request: Request, language: Language, site: Here, asked: AskedQuery) -> Response:
    """Show a plan and what it does; without one, what can be tried."""
    plan = _plan(asked)
    form = _form(plan or site.model.empty(), asked, language)
    return _page(request, site, language, asked, plan, form)


@router.get("/{language}/try/change")
def change(request: Request, language: Language, site: Here, asked: ChangeQuery) -> Response:
    """Add a measure to a plan, or change one; with faults, show the form again."""
    model = site.model
    plan = _plan(asked) or model.empty()
    tool = BY_NAME.get(asked.tool)
    if tool is None:
        return RedirectResponse(asked.href(language, plan_text(plan)), status_code=303)
    answers = _answers(request, tool, asked)
    try:
        made = changed(plan, tool, answers, model.place.city, model.search, asked.edit)
    except ChangeError as err:
        faults = [fault.into(language) for fault in err.faults]
    except ScenarioError as err:
        faults = err.told(language)
    else:
        return RedirectResponse(asked.href(language, plan_text(made)), status_code=303)
    form = Form(tool, answers, tuple(faults), asked.edit)
    return _page(request, site, language, asked, plan, form, status=422)


@router.post("/{language}/try/open")
async def opened(request: Request, language: Language, site: Here) -> Response:
    """Open a plan that somebody has as a file: nothing of it is kept but its link."""
    asked = Asked.model_validate({})
    try:
        plan = await read_file(request.headers, request.stream())
    except ScenarioError as err:
        faults = tuple(_in_file(fault, language) for fault in err.found)
        return await run_in_threadpool(
            _page, request, site, language, asked, None, None, file_faults=faults, status=422
        )
    return RedirectResponse(asked.href(language, plan), status_code=303)


@router.get("/{language}/try/plan.yaml")
def file(request: Request, language: Language, site: Here, asked: AskedQuery) -> Response:  # noqa: ARG001 part of the address
    """Send the plan as a file, which the command line and staff can read."""
    plan = _plan(asked) or site.model.empty()
    content = Content(scenario_yaml(plan).encode(), "application/yaml; charset=utf-8")
    name = f'attachment; filename="{plan.name}.yaml"'
    return answer(request, content, headers={"Content-Disposition": name})


def _in_file(fault: Fault, language: Language) -> str:
    """Say what is wrong, and where in the file."""
    said = fault.message.into(language)
    return f"{fault.field}: {said}" if fault.field else said


def _plan(asked: Asked) -> Scenario | None:
    return read_plan(asked.plan) if asked.plan else None


def _form(plan: Scenario, asked: Asked, language: Language) -> Form | None:
    measure = next((each for each in plan.measures if each.id == asked.edit), None)
    if asked.edit and measure is not None:
        tool = tool_of(measure)
        answers = answers_of(tool, measure) if tool else None
        return Form(tool, answers, (), asked.edit) if tool and answers else None
    tool = BY_NAME.get(asked.tool)
    return Form.empty(tool, language) if tool else None


def _answers(request: Request, tool: Tool, asked: Change) -> Answers:
    said = {one.name: request.query_params.get(one.name, "")[:200] for one in tool.questions}
    return Answers(
        asked.where, asked.spot, asked.segment, asked.area, is_part=bool(asked.part), said=said
    )


def _page(
    request: Request,
    site: Site,
    language: Language,
    asked: Asked,
    plan: Scenario | None,
    form: Form | None,
    *,
    file_faults: tuple[str, ...] = (),
    status: int = 200,
) -> Response:
    if plan is None and form is not None:
        plan = site.model.empty()
    me = signed_in(request, site)
    can_keep = me is not None and me.may(Role.ANALYST)
    values = try_parts(site, language, asked, plan, form) | {"can_keep": can_keep}
    values["proposals"] = cards(site, language) if plan is None else []
    html = site.pages.render(
        language,
        "try.html",
        path=f"/{language}/try?{request.url.query}",
        file_faults=file_faults,
        **values,
    )
    return answer(request, Content(html.encode(), HTML), status=status, cache="no-store")
