"""A plan whose effects are known by heart, and its report as a browser reads it."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
from neighbourhood import neighbourhood

from scenarios.calibration.calibration import Calibration
from scenarios.day.kinds import HOURS
from scenarios.ensemble import Effects
from scenarios.indicators import HOURLY, INDICATORS, STREETS
from scenarios.measures import load_prices
from scenarios.scenario import Scenario
from scenarios.study import Study
from twin.city import Source

PAIRS = 20
NAMES = [one.name for one in INDICATORS]
MEASURES = [
    {"kind": "remove_bays", "where": {"street": "Zuidkade"}, "count": 12},
    {"kind": "add_racks", "where": {"street": "Zuidkade"}, "places": 40},
]
OSM = Source("segments", "OSM", "ODbL", "© OpenStreetMap contributors", "")
VOID = {"meta", "br"}
LINKS = {"https://www.openstreetmap.org/copyright"}


def hood_of():
    """Return the neighbourhood, with the source of its map."""
    return replace(neighbourhood(), sources=(OSM,))


def study_of(hood, *measures, **more):
    content = {"name": "quay", "title": {"nl": "De kade", "en": "The quay"}, **more}
    plan = Scenario.model_validate({**content, "measures": list(measures)})
    return Study.of(plan, hood, Calibration.uncalibrated(hood.name), load_prices(), runs=PAIRS)


def effects_of(hood, changes=None, streets_change=None):
    """Return effects in which every figure is 1,000 before; changes run from low to high."""
    segments = [str(name) for name in hood.segments["segment"]]
    before = np.full((PAIRS, len(INDICATORS)), 1000.0)
    after = before.copy()
    for name, (low, high) in (changes or {}).items():
        after[:, NAMES.index(name)] += np.linspace(low, high, PAIRS)
    change = np.zeros((PAIRS, len(STREETS), len(segments)), np.float32)
    figures = [one.name for one in STREETS]
    for (figure, segment), (low, high) in (streets_change or {}).items():
        change[:, figures.index(figure), segments.index(segment)] = np.linspace(low, high, PAIRS)
    hourly = np.tile(np.arange(HOURS, dtype=float), (PAIRS, len(HOURLY), 1))
    return Effects(segments, before, after, np.ones_like(change), change, hourly, hourly + 1)


CHANGES = {
    "loose_bikes": (-300.0, -100.0),
    "search_visitors": (50.0, 150.0),
    "car_km": (-50.0, 80.0),
    "revenue_eur": (-400.0, -200.0),
    "occupied_night": (-20.0, -10.0),
}
MOVES = {
    ("driven", "s0"): (-320, -200),
    ("driven", "s5"): (100, 200),
    ("parked_afternoon", "s1"): (2, 4),
    ("walked", "s4"): (-30, 40),
}


class Page(HTMLParser):
    """A page whose elements must close in the order in which they were opened."""

    def __init__(self, html):
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).replace("\N{NO-BREAK SPACE}", " ").split())

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]
