"""For my home: what a place, and a plan for it, mean at one address. The browser works that out.

The page has an address of its own and takes the plan along. So the page of a plan need not load
all addresses, and somebody without a plan has the same page. The choice itself is in no address.
"""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scenarios.applying import cities
from twin.words import Language
from web.encoding import Content, answer
from web.i18n import Words
from web.knowing import known
from web.pages.home import HTML, VARY
from web.pages.try_parts import told_steps, written
from web.plans.link import plan_text, read_plan
from web.plans.shapes import plan_shapes
from web.site import Here, Site, language_of

router = APIRouter(include_in_schema=False)

PlanQuery = Annotated[str, Query(max_length=20_000, description="The plan, compressed")]


@router.get("/my-home")
def my_home_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_page_in_language(request, "my-home")


@router.get("/{language}/my-home")
def my_home(request: Request, language: Language, site: Here, plan: PlanQuery = "") -> Response:
    """Let somebody choose an address; what is told of it is worked out in the browser."""
    values = whole_place(site, language, plan) | {"texts": home_texts(site.pages.words(language))}
    html = site.pages.render(
        language, "my_home.html", path=f"/{language}/my-home?{request.url.query}", **values
    )
    return answer(request, Content(html.encode(), HTML), cache="no-store")


def whole_place(site: Site, language: Language, text: str) -> dict[str, Any]:
    """Return what a page needs that tells of one spot of a place, with a plan or as it is now.

    Raises
    ------
    ScenarioError
        The plan cannot be read, or cannot be carried out here.
    """
    model, words, files = site.model, site.pages.words(language), site.map_files()
    plan = read_plan(text) if text else model.empty()
    before = cities(plan, model.place.city)
    return {
        "has_plan": bool(plan.measures),
        "plan_text": plan_text(plan),
        "plan_title": written(plan.title, language),
        "steps": told_steps(plan, before, language),
        "shapes": plan_shapes(plan.measures, before),
        "urls": {
            **site.whole_place(),
            "segments": files.urls["segments"],
            "buildings": files.urls["buildings"],
            "window-light": files.urls["window-light"],
            "window-dark": files.urls["window-dark"],
        },
        "map": files,
        "calibration": model.calibration,
        "knowing": partial(known, site, words),
    }


def to_page_in_language(request: Request, name: str) -> Response:
    """Send people to a page in the language that their browser asks for, with their plan."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{language_of(request)}/{name}{query}", status_code=307, headers=VARY)


def home_texts(words: Words) -> dict[str, str]:
    """Return the sentences that the page's script fills in."""
    return {
        "address": words.text("address"),
        "building": words.text("building"),
        "new": words.text("new, in this plan"),
        "new_building": words.text("New building %(n)s"),
        "ready": words.text("Ready. Choose an address, or the name of a building."),
        "first": words.text("Playing the first days…"),
        "estimate": words.text("First estimate. Days played: %(done)s of %(of)s."),
        "failed": words.text("This could not be worked out. Try again later."),
        "none_found": words.text("Nothing here is called “%(q)s”."),
        "none_free": words.text(
            "In most of the days there is no free space within %(most)s metres."
        ),
        "sometimes_free": words.text(
            "Usually about %(middle)s metres. In some of the days there is none within %(most)s metres."
        ),
        "free": words.text(
            "About %(middle)s metres: in eight out of ten days %(low)s to %(high)s."
        ),
        "at_door": words.text(
            "At the door, or nearly: in eight out of ten days at most %(high)s metres."
        ),
        "further": words.text("With the plan probably %(low)s to %(high)s metres further."),
        "nearer": words.text("With the plan probably %(low)s to %(high)s metres nearer."),
        "no_difference": words.text("With the plan: no clear difference."),
        "same": words.text("With the plan: the same."),
        "less_often": words.text(
            "With the plan there is a free space in fewer of the days: %(then)s of %(of)s, now %(now)s."
        ),
        "more_often": words.text(
            "With the plan there is a free space in more of the days: %(then)s of %(of)s, now %(now)s."
        ),
        "loose": words.text(
            "About %(middle)s bikes stand loose within %(near)s metres of the door in the afternoon (probably %(low)s to %(high)s)."
        ),
        "no_loose": words.text(
            "In the afternoon hardly any bike stands loose within %(near)s metres of the door (at most %(high)s)."
        ),
        "dumped": words.text(
            "About %(middle)s have been left behind for good (probably %(low)s to %(high)s)."
        ),
        "no_dumped": words.text("Hardly any has been left behind for good (at most %(high)s)."),
        "more_bikes": words.text("With the plan probably %(low)s to %(high)s more."),
        "fewer_bikes": words.text("With the plan probably %(low)s to %(high)s fewer."),
        "rack": words.text("The nearest bicycle stand is about %(far)s metres away."),
        "rack_then": words.text("With the plan: about %(far)s metres."),
        "no_rack": words.text("There is no bicycle stand within %(most)s metres."),
        "walked": words.text(
            "About %(middle)s people walk past in a day (probably %(low)s to %(high)s)."
        ),
        "walked_few": words.text("Few people walk past in a day: at most about %(high)s."),
        "driven": words.text(
            "About %(middle)s cars drive past in a day (probably %(low)s to %(high)s)."
        ),
        "driven_none": words.text("Hardly any cars drive past."),
        "more": words.text("With the plan probably %(low)s to %(high)s more."),
        "fewer": words.text("With the plan probably %(low)s to %(high)s fewer."),
        "green": words.text("The nearest green is about %(far)s metres away."),
        "green_here": words.text("There is green at the door."),
        "green_none": words.text("There is no green on the map."),
        "green_then": words.text("With the plan: about %(far)s metres."),
        "felt": words.text("The plan puts benches, trees or green in this part of the street."),
        "night": words.text("At 3 o’clock at night"),
        "day": words.text("At 3 in the afternoon"),
        "evening": words.text("At 8 in the evening"),
        "space": words.text("Free parking space: %(said)s"),
        "minutes": words.text(
            "Coming home by car: residents here drive around for about %(middle)s minutes for a space (probably %(low)s to %(high)s). That is the mean of the whole neighbourhood, not of this address."
        ),
        "minutes_longer": words.text("With the plan probably %(low)s to %(high)s minutes longer."),
        "minutes_shorter": words.text(
            "With the plan probably %(low)s to %(high)s minutes shorter."
        ),
        "door": words.text("the front door"),
        "floor": words.text("floor %(n)s"),
        "no_webgl": words.text(
            "The view needs a browser that can draw in three dimensions (WebGL). This one cannot, so there is only text."
        ),
        "view_coming": words.text("The view is on its way…"),
        "view_failed": words.text(
            "The view could not be fetched. Load the page again to try once more."
        ),
        "seen": words.text(
            "The view from %(what)s, %(high)s metres above the street, looking %(way)s."
        ),
        "ways": words.text("north,north-east,east,south-east,south,south-west,west,north-west"),
    }
