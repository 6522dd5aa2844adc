"""The map's files for one place: made once, kept under addresses with a content hash."""

from collections.abc import Mapping
from dataclasses import dataclass

from web.assets import Assets
from web.colours import SCHEMES
from web.geography import Geography, Unit
from web.labels import Label, street_labels
from web.layers import (
    Subject,
    area_rows,
    building_rows,
    deck_json,
    encode,
    label_rows,
    segment_rows,
    unit_shapes,
    way_rows,
)
from web.shapes import shapes
from web.svgmap import Frame, frame, ground_svg, label_position, top_svg, unit_middle, unit_path
from web.window_view import view_json


@dataclass(frozen=True, slots=True)
class Outline:
    """A unit in the SVG map: its outline as path data, and a point inside it."""

    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A street name in the SVG map."""

    text: str
    x: int
    y: int
    angle: float
    zoom: float


@dataclass(frozen=True, slots=True)
class MapFiles:
    """Addresses of the map's files, and the parts of the SVG map that stand in the page."""

    urls: Mapping[str, str]
    size: Frame
    outlines: Mapping[str, Mapping[str, Outline]]
    points: Mapping[str, tuple[Outline, ...]]
    """What stands on the map of a domain besides figures: its racks, counters, garages."""
    labels: tuple[PlacedLabel, ...]


_SUBJECTS: Mapping[str, Subject] = {"deck": "figures", "plan": "plan"}


def make_map_files(geography: Geography, assets: Assets) -> MapFiles:
    """Make every file of a place's map."""
    labels = street_labels(geography)
    urls = {
        "ground": assets.add("ground.svg", ground_svg(geography).encode()),
        "top": assets.add("top.svg", top_svg(geography).encode()),
        "green": assets.add("green.json", area_rows(geography.layers.green)),
        "water": assets.add("water.json", area_rows(geography.layers.water)),
        "buildings": assets.add("buildings.json", building_rows(geography)),
        "land": assets.add("land.json", area_rows(shapes([geography.boundary]))),
        "streets": assets.add("streets.json", way_rows(geography, is_path=False)),
        "paths": assets.add("paths.json", way_rows(geography, is_path=True)),
        "labels": assets.add("labels.json", label_rows(labels)),
        "segments": assets.add("segments.json", segment_rows(geography)),
    }
    for group, units in geography.units.items():
        name = f"units-{group}"
        urls[name] = assets.add(f"{name}.json", unit_shapes(geography, list(units.values())))
    for scheme in SCHEMES:
        for is_raised in (False, True):
            view = f"{scheme}-{'raised' if is_raised else 'flat'}"
            for name, subject in _SUBJECTS.items():
                spec = deck_json(geography, scheme, urls, is_raised=is_raised, subject=subject)
                urls[f"{name}-{view}"] = assets.add(f"{name}-{view}.json", encode(spec))
        window = encode(view_json(geography, scheme, urls))
        urls[f"window-{scheme}"] = assets.add(f"window-{scheme}.json", window)
    for domain, units in geography.points.items():
        name = f"points-{domain}"
        urls[name] = assets.add(f"{name}.json", unit_shapes(geography, units))
    return MapFiles(
        urls,
        frame(geography),
        _outlines(geography),
        {d: tuple(_outline(geography, u) for u in us) for d, us in geography.points.items()},
        _placed(geography, labels),
    )


def _outlines(geography: Geography) -> dict[str, dict[str, Outline]]:
    return {
        group: {unit.unit: _outline(geography, unit) for unit in units.values()}
        for group, units in geography.units.items()
    }


def _outline(geography: Geography, unit: Unit) -> Outline:
    return Outline(unit_path(geography, unit), *unit_middle(geography, unit))


def _placed(geography: Geography, labels: list[Label]) -> tuple[PlacedLabel, ...]:
    return tuple(
        PlacedLabel(one.name, *label_position(geography, one), -one.angle, one.zoom)
        for one in labels
    )
