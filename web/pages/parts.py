"""What the templates of the neighbourhood are filled with."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from twin.domains import Domain, Quantity
from twin.words import Origin
from web.colours import STEPS
from web.i18n import Words
from web.knowing import known
from web.live import Live
from web.mapfiles import MapFiles
from web.pages.history import make_history
from web.pages.view import View, highlights, last_measured, stops, unit_name, usual_key
from web.site import Site, address
from web.wording import (
    compared,
    coverage_words,
    list_titles,
    origin_explained,
    origin_words,
    sentence,
    step_words,
    week_name,
    week_sentence,
)

SVG_LABEL_ZOOM = 14.0
"""The street names that the SVG map shows are those that fit at this zoom."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to another subject or quantity."""

    title: str
    href: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """One unit in the SVG map."""

    unit: str
    path: str
    x: int
    y: int
    style: str
    href: str
    title: str
    is_chosen: bool


def page_parts(site: Site, view: View) -> dict[str, Any]:
    """Return everything that the templates of the neighbourhood need."""
    live, words = site.live, site.pages.words(view.language)
    files = site.map_files()
    most, least = highlights(view.rows)
    all_stops = stops(live, words, view)
    index = next((i for i, stop in enumerate(all_stops) if stop.key == view.moment_key), None)
    return {
        "view": view,
        "title": view.quantity.title.into(view.language),
        "question": view.domain.question.into(view.language),
        "domain_tabs": _domain_tabs(live, words, view),
        "quantity_tabs": _quantity_tabs(live, view),
        "origins": _origins(live, words, view),
        **_said(site, words, view),
        "knowing": partial(known, site, words),
        "most": most,
        "least": least,
        "list_titles": list_titles(words, view.quantity),
        "stops": all_stops,
        "stop": index,
        "stop_list": [list(one) for one in all_stops],
        "before": all_stops[index - 1] if index else None,
        "after": all_stops[index + 1] if index is not None and index + 1 < len(all_stops) else None,
        "last_measured": last_measured(live, words, view),
        "usual": usual_key(live, view),
        "legend": _legend(words, view),
        "map": files,
        "map_urls": _map_urls(files, view),
        "shapes": _shapes(files, view),
        "points": () if view.quantity.units == "garages" else files.points[view.domain.name],
        "svg_labels": [label for label in files.labels if label.zoom <= SVG_LABEL_ZOOM],
        "chosen_name": unit_name(words, live, view.domain, view.quantity, view.chosen.unit)
        if view.chosen
        else "",
        "history": make_history(live, words, view),
        "chosen_row": next(
            (r for r in view.rows if view.chosen and r.unit == view.chosen.unit), None
        ),
        "attributions": live.geography.place.attributions,
    }


def _said(site: Site, words: Words, view: View) -> dict[str, str]:
    place = site.live.geography.place.title
    if view.scene is None or view.origin is None:
        return {
            "sentence": words.text(
                "There are no figures about this yet. They appear here as soon as the first period is over."
            ),
            "compared": "",
            "week": "",
            "week_name": "",
            "coverage": "",
            "origin": "",
            "origin_explained": "",
        }
    whole = view.scene.whole
    return {
        "sentence": sentence(words, view.scene, view.period, place),
        "compared": compared(words, whole) if whole else "",
        "week": week_sentence(words, view.quantity, view.week, place) if view.week else "",
        "week_name": week_name(words, view.week) if view.week else "",
        "coverage": "" if view.is_usual else coverage_words(words, view.scene),
        "origin": origin_words(words, view.origin),
        "origin_explained": origin_explained(words, view.origin),
    }


def _domain_tabs(live: Live, words: Words, view: View) -> list[Tab]:
    def tab(domain: Domain) -> Tab:
        first = live.shown_quantities(domain)[0]
        return Tab(
            domain.title.into(words.language),
            address(f"/{words.language}/", show=first.name, spot=view.asked.spot),
            domain.name,
            domain.name == view.domain.name,
        )

    return [tab(domain) for domain in live.domains]


def _quantity_tabs(live: Live, view: View) -> list[Tab]:
    def tab(quantity: Quantity) -> Tab:
        same_units = quantity.units == view.quantity.units and view.chosen
        href = address(
            f"/{view.language}/",
            show=quantity.name,
            place=view.chosen.unit if same_units and view.chosen else None,
            spot=view.asked.spot,
        )
        title = quantity.title.into(view.language)
        return Tab(title, href, quantity.name, quantity.name == view.quantity.name)

    shown = live.shown_quantities(view.domain)
    if view.quantity not in shown:
        shown = [*shown, view.quantity]
    return [tab(quantity) for quantity in shown]


def _origins(live: Live, words: Words, view: View) -> list[Tab]:
    def tab(origin: Origin) -> Tab:
        href = view.href(origin=origin.value, period=None)
        return Tab(origin_words(words, origin), href, origin.value, origin is view.origin)

    return [tab(origin) for origin in live.origins(view.quantity.name)]


def _legend(words: Words, view: View) -> list[tuple[str, str]]:
    """Return the legend: (classes, words) for each way in which a place can be drawn."""
    if view.scene is None:
        return []
    steps = [
        (f"s{step} about", step_words(words, view.quantity, view.scene.breaks, step))
        for step in range(STEPS)
    ]
    return [
        *steps,
        ("s0 few", words.text("none or few")),
        ("s2 uncertain", words.text("too uncertain to say")),
        ("silent", words.text("sensors silent: not measured")),
        ("nothing", words.text("no colour: no sensors here")),
    ]


def _group(view: View) -> str:
    return "garages" if view.quantity.units == "garages" else view.domain.name


def _map_urls(files: MapFiles, view: View) -> dict[str, str]:
    wanted = {name: url for name, url in files.urls.items() if name.startswith("deck-")}
    return {
        **wanted,
        "labels": files.urls["labels"],
        "units": files.urls[f"units-{_group(view)}"],
        "points": files.urls[f"points-{view.domain.name}"],
    }


def _shapes(files: MapFiles, view: View) -> list[Shape]:
    outlines = files.outlines.get(_group(view), {})
    return [
        Shape(
            unit=row.unit,
            path=outlines[row.unit].path,
            x=outlines[row.unit].x,
            y=outlines[row.unit].y,
            style=row.style,
            href=view.href(place=row.unit, spot=None),
            title=f"{row.name}: {row.figure}",
            is_chosen=view.chosen is not None and row.unit == view.chosen.unit,
        )
        for row in view.rows
        if row.unit in outlines
    ]
