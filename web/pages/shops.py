"""Smart shopping: when it is quiet, where a space or a stand is likely free, and how to walk.

As for a home, the browser works it out from figures of the whole place: where somebody wants to
go is asked of nobody.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from twin.words import Language, Text
from web.encoding import Content, answer
from web.i18n import Words
from web.pages.home import HTML
from web.pages.my_home import PlanQuery, to_page_in_language, whole_place
from web.site import Here
from web.svgmap import UNITS_PER_M

router = APIRouter(include_in_schema=False)

KINDS: Mapping[str, Text] = {
    "shop": Text("winkel", "shop"),
    "supermarket": Text("supermarkt", "supermarket"),
    "cafe": Text("café", "café"),
    "restaurant": Text("restaurant", "restaurant"),
    "culture": Text("cultuur", "culture"),
    "health": Text("zorg", "health care"),
    "sport": Text("sport", "sports"),
    "service": Text("dienst", "service"),
    "leisure": Text("uitgaan", "going out"),
}
"""What one goes to in one's own time, and chooses: not one's office or school."""


@router.get("/shops")
def shops_somewhere(request: Request) -> Response:
    """Find the language."""
    return to_page_in_language(request, "shops")


@router.get("/{language}/shops")
def shops(request: Request, language: Language, site: Here, plan: PlanQuery = "") -> Response:
    """Let somebody choose shops; what is told of them is worked out in the browser."""
    words = site.pages.words(language)
    values = whole_place(site, language, plan)
    geography = site.live.geography
    html = site.pages.render(
        language,
        "shops.html",
        path=f"/{language}/shops?{request.url.query}",
        texts=_texts(words),
        kinds={name: said.into(language) for name, said in KINDS.items()},
        weekdays=[words.weekday(day) for day in range(7)],
        today=site.live.now().astimezone(site.live.zone).weekday(),
        units_per_lon=geography.metres_per_lon * UNITS_PER_M,
        **values,
    )
    return answer(request, Content(html.encode(), HTML), cache="no-store")


def _texts(words: Words) -> dict[str, str]:
    """Return the sentences that the page's script fills in."""
    hours = [words.clock(datetime(2024, 1, 1, hour % 24, tzinfo=UTC)) for hour in range(25)]
    return {
        "ready": words.text("Ready. Choose a shop, or a kind of shop."),
        "first": words.text("Playing the first days…"),
        "estimate": words.text("First estimate. Days played: %(done)s of %(of)s."),
        "failed": words.text("This could not be worked out. Try again later."),
        "none_found": words.text("Nothing here is called “%(q)s”."),
        "any": words.text("any: %(kind)s"),
        "any_kind": words.text("the nearest to your other choices"),
        "enough": words.text("You have chosen enough: take one out first."),
        "remove": words.text("Take out: %(what)s"),
        "hours": "|".join(hours),
        "quiet": words.text("Quietest on %(day)s: from %(start)s to %(end)s, about %(middle)s passers-by an hour (%(low)s to %(high)s)."),
        "busy": words.text("Busiest: from %(start)s to %(end)s, about %(middle)s passers-by an hour."),
        "alike": words.text("It is about as busy all day on %(day)s: choose any hour."),
        "uncounted": words.text("Nobody counts passers-by there, so it is not known when it is quiet."),
        "bay_likely": words.text("Parking at %(start)s: a free space is likely in %(street)s, %(far)s metres from %(shop)s."),
        "bay_possible": words.text("Parking at %(start)s: a free space is possible in %(street)s, %(far)s metres from %(shop)s."),
        "bay_unlikely": words.text("Parking at %(start)s: a free space on the street is not likely within %(most)s metres of %(shop)s."),
        "bay_unknown": words.text("It is not measured how full the parking spaces are near %(shop)s."),
        "garage": words.text("The garage %(name)s is about %(share)s%% full then (%(low)s to %(high)s)."),
        "rack": words.text("By bike: the nearest stand is %(far)s metres from %(shop)s; stands around are about %(share)s%% full (%(low)s to %(high)s)."),
        "rack_unmeasured": words.text("By bike: the nearest stand is %(far)s metres from %(shop)s; how full it is, is not measured."),
        "no_rack": words.text("There is no bicycle stand within %(most)s metres of %(shop)s."),
        "way": words.text("The walk from the space to %(shops)s is about %(far)s metres."),
        "way_rack": words.text("The walk from the bicycle stand to %(shops)s is about %(far)s metres."),
        "pleasant": words.text("A more pleasant way is %(more)s metres longer: along more green, or with fewer cars."),
        "pleasant_same": words.text("The shortest way is also about the most pleasant."),
        "plan_more": words.text("With the plan probably %(low)s to %(high)s more people a day walk past %(shop)s."),
        "plan_fewer": words.text("With the plan probably %(low)s to %(high)s fewer people a day walk past %(shop)s."),
        "plan_same": words.text("With the plan about as many people walk past."),
        "plan_spaces": words.text("The plan is counted in: spaces and stands are those with the plan."),
        "street": words.text("a street without a name"),
        "unknown": words.text("not measured"),
        "about": words.text("about %(middle)s (%(low)s to %(high)s)"),
        "about_share": words.text("about %(middle)s%% (%(low)s to %(high)s)"),
        "and": words.text("and"),
    }  # fmt: skip
