"""One view of the neighbourhood: what was asked for, and everything a template needs to show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from twin.domains import Domain, Quantity
from twin.errors import UnknownNameError
from twin.privacy.facts import Period
from twin.words import Language, Origin
from web.geography import Unit
from web.i18n import Words
from web.live import Live
from web.moments import At, Moment, Usual, parse_moment, period_words, slot_of, usual_words
from web.scene import Certainty, Mark, Scene
from web.site import address
from web.weeks import Week
from web.wording import figure_words, short_words, week_words

Sort = Literal["name", "most", "least"]


class Asked(BaseModel):
    """What the address of a view asks for."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    show: str | None = Field(None, max_length=64, description="The quantity to show")
    domain: str | None = Field(None, max_length=64, description="Or the subject to show")
    period: str | None = Field(
        None, max_length=40, description="A period's start, or usual-0 to usual-167"
    )
    origin: str | None = Field(None, max_length=20)
    place: str | None = Field(None, max_length=80, description="The chosen unit")
    spot: str | None = Field(
        None,
        max_length=40,
        pattern=r"^-?\d{1,3}(\.\d{1,7})?,-?\d{1,2}(\.\d{1,7})?$",
        description="A longitude and latitude that was searched for",
    )
    sort: Sort = "most"
    q: str | None = Field(None, max_length=100, description="What was typed in the search box")


AskedQuery = Annotated[Asked, Query()]


class Stop(NamedTuple):
    """One position of the slider: a moment, what it is called, and the address of its view."""

    key: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, and of the map."""

    unit: str
    name: str
    mark: Mark
    figure: str
    short: str
    in_week: str

    @property
    def style(self) -> str:
        """The classes with which it is drawn."""
        return style(self.mark)


@dataclass(frozen=True, slots=True)
class View:
    """A view: a scene, and where in the site it stands. Without figures, ``scene`` is None."""

    language: Language
    domain: Domain
    quantity: Quantity
    origin: Origin | None
    scene: Scene | None
    week: Week | None
    period: str
    moment_key: str
    is_latest: bool
    is_usual: bool
    chosen: Unit | None
    spot: tuple[float, float] | None
    rows: tuple[Row, ...]
    asked: Asked

    def href(self, **changes: str | None) -> str:
        """Return the address of this view with some of it changed."""
        now: dict[str, str | None] = {
            "show": self.quantity.name,
            "period": None if self.is_latest else self.moment_key,
            "origin": self.asked.origin,
            "place": self.chosen.unit if self.chosen else None,
            "spot": self.asked.spot,
            "sort": None if self.asked.sort == "most" else self.asked.sort,
        }
        return address(f"/{self.language}/", **{**now, **changes})


def style(mark: Mark) -> str:
    """Return the classes with which a mark is drawn, in SVG, table and legend."""
    if mark.certainty is Certainty.SILENT:
        return "silent"
    return f"s{mark.step} {mark.certainty.value}"


def make_view(live: Live, words: Words, asked: Asked) -> View:
    """Make the view that an address asks for.

    Raises
    ------
    UnknownNameError
        There is no such quantity, origin, period or unit.
    MomentError
        The period is not one.
    """
    quantity = _quantity(live, asked)
    domain = live.domain(quantity.name)
    origin = live.origin(quantity.name, asked.origin)
    spot = _spot(asked.spot)
    chosen = _chosen(live, domain, quantity, asked, spot)
    moment = _moment(live, quantity, origin, asked)
    scene = live.scene(quantity.name, origin, moment) if origin and moment else None
    week = live.week(quantity.name, origin, moment) if origin and moment else None
    latest = live.periods(quantity.name, origin)[-1:] if origin else []
    return View(
        language=words.language,
        domain=domain,
        quantity=quantity,
        origin=origin,
        scene=scene,
        week=week,
        period=moment_words(live, words, quantity, moment, _period(live, quantity, origin, moment)),
        moment_key=moment.key if moment else "",
        is_latest=isinstance(moment, At) and latest != [] and latest[0].start == moment.start,
        is_usual=isinstance(moment, Usual),
        chosen=chosen,
        spot=spot,
        rows=_rows(live, words, scene, week, asked.sort) if scene else (),
        asked=asked,
    )


def _quantity(live: Live, asked: Asked) -> Quantity:
    if asked.show:
        return live.reader.quantity(asked.show)
    names = [domain.name for domain in live.domains]
    if asked.domain and asked.domain not in names:
        raise UnknownNameError(
            f"there is no subject {asked.domain!r}; there are: {', '.join(names)}"
        )
    index = names.index(asked.domain) if asked.domain else 0
    return live.shown_quantities(live.domains[index])[0]


def stops(live: Live, words: Words, view: View) -> list[Stop]:
    """Return the positions of the slider: the last day, or the typical week."""
    if view.origin is None:
        return []
    kind, name = view.quantity.windows.kind, view.quantity.name
    if view.is_usual:
        return [
            Stop(key, usual_words(words, kind, slot), view.href(period=key))
            for slot in live.usual(name, view.origin).slots
            for key in (Usual(slot).key,)
        ]
    recent = live.recent(name, view.origin)
    return [
        Stop(key, period_words(words, kind, period, live.zone), view.href(period=wanted))
        for period in recent
        for key in (At(period.start).key,)
        for wanted in (None if period == recent[-1] else key,)
    ]


def last_measured(live: Live, words: Words, view: View) -> Stop | None:
    """Return the last period with figures before the shown one, where that one has none."""
    if view.origin is None or view.scene is None or view.scene.whole is not None:
        return None
    moment = view.scene.moment
    if not isinstance(moment, At):
        return None
    earlier = [
        period
        for period in live.periods(view.quantity.name, view.origin)
        if period.is_measured and period.start < moment.start
    ]
    if not earlier:
        return None
    key = At(earlier[-1].start).key
    name = period_words(words, view.quantity.windows.kind, earlier[-1], live.zone)
    return Stop(key, name, view.href(period=key))


def usual_key(live: Live, view: View) -> str | None:
    """Return the hour of the typical week that this view's period falls in."""
    if view.origin is None or view.scene is None:
        return None
    moment = view.scene.moment
    if isinstance(moment, Usual):
        return moment.key
    slot = slot_of(moment.start, live.zone)
    return Usual(slot).key if slot in live.usual(view.quantity.name, view.origin).slots else None


def moment_words(
    live: Live, words: Words, quantity: Quantity, moment: Moment | None, period: Period | None
) -> str:
    """Name a moment."""
    if isinstance(moment, Usual):
        return usual_words(words, quantity.windows.kind, moment.slot)
    if period is None:
        return words.text("no period yet")
    return period_words(words, quantity.windows.kind, period, live.zone)


def unit_name(words: Words, live: Live, view_domain: Domain, quantity: Quantity, unit: str) -> str:
    """Return what people call a unit."""
    known = live.geography.units_of(view_domain.name, quantity.units).get(unit)
    if known is not None and known.name:
        return known.name
    if quantity.units == "garages":
        return words.text("garage without a name")
    return words.text("area without a name")


def highlights(rows: Sequence[Row], most: int = 3) -> tuple[list[Row], list[Row]]:
    """Return the rows with the most and with the least, of those that can be told."""
    told = [row for row in rows if row.mark.certainty in {Certainty.ABOUT, Certainty.FEW}]
    ranked = sorted(told, key=lambda row: (-row.mark.level, row.name, row.unit))
    if len(ranked) < 2 * most:
        half = len(ranked) // 2
        return ranked[: len(ranked) - half], ranked[len(ranked) - half :][::-1]
    return ranked[:most], ranked[::-1][:most]


def _rows(live: Live, words: Words, scene: Scene, week: Week | None, sort: Sort) -> tuple[Row, ...]:
    domain, quantity = live.domain(scene.quantity.name), scene.quantity
    rows = [
        Row(
            mark.unit,
            unit_name(words, live, domain, quantity, mark.unit),
            mark,
            figure_words(words, quantity, mark),
            short_words(words, quantity, mark),
            week_words(words, quantity, week.mark(mark.unit)) if week else "",
        )
        for mark in scene.marks
    ]
    return tuple(sorted(rows, key=lambda row: _order(row, sort)))


def _order(row: Row, sort: Sort) -> tuple[float | str, ...]:
    unknown = row.mark.certainty is Certainty.SILENT
    match sort:
        case "name":
            return row.name.casefold(), row.unit
        case "most":
            return unknown, 0.0 if unknown else -row.mark.level, row.name, row.unit
        case "least":
            return unknown, 0.0 if unknown else row.mark.level, row.name, row.unit


def _moment(live: Live, quantity: Quantity, origin: Origin | None, asked: Asked) -> Moment | None:
    if asked.period:
        return parse_moment(asked.period)
    if origin is None:
        return None
    periods = live.periods(quantity.name, origin)
    return At(periods[-1].start) if periods else None


def _period(
    live: Live, quantity: Quantity, origin: Origin | None, moment: Moment | None
) -> Period | None:
    if origin is None or not isinstance(moment, At):
        return None
    periods = live.periods(quantity.name, origin)
    return next((period for period in periods if period.start == moment.start), None)


def _chosen(
    live: Live,
    domain: Domain,
    quantity: Quantity,
    asked: Asked,
    spot: tuple[float, float] | None,
) -> Unit | None:
    units = live.geography.units_of(domain.name, quantity.units)
    if asked.place and asked.place in units:
        return units[asked.place]
    if spot is not None and quantity.units == "cells":
        found = live.geography.unit_at(domain.name, *spot)
        return units.get(found) if found else None
    return None


def _spot(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    lon, lat = (float(part) for part in text.split(","))
    return lon, lat
