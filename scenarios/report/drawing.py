"""Drawings of the report as pictures on their own: for print, where no page has their styles."""

import re
from functools import cache
from importlib.resources import files

from markupsafe import escape

from scenarios.report.chart import Chart

_FOLDER = files("scenarios.report")
_FIRST_ROOT = re.compile(r":root\s*{(.*?)}", re.DOTALL)
_VARIABLE = re.compile(r"--([\w-]+):\s*([^;]+);")
_ON_PAPER = ".axis { font-size: 18px; }"
_MEDIA = re.compile(r"@media[^{]*{(?:[^{}]*{[^{}]*})*[^{}]*}")


def standalone(view: str, body: str, title: str) -> str:
    """Return a drawing as a file of SVG, in the colours that are for light paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}"><title>{escape(title)}</title>'
        f"<style>{_style()}{_ON_PAPER}</style>{body}</svg>"
    )


def swatch(style: str) -> str:
    """Return a line of a legend; ``style`` has the classes that draw it."""
    return standalone("0 0 68 28", f'<path class="{style}" d="M6 14h56"/>', "")


def chart_svg(chart: Chart, body: str, title: str) -> str:
    """Return a chart with its axes."""
    return standalone(f"0 0 {chart.width} {chart.height}", body, title)


@cache
def _style() -> str:
    """Return the rules of drawings, each variable replaced by its value on light paper."""
    report, drawn = _read("report.css"), _read("map.css") + _read("chart.css")
    values = dict(
        pair
        for text in (report, drawn)
        for root in _FIRST_ROOT.findall(text)[:1]
        for pair in _VARIABLE.findall(root)
    )
    rules = _FIRST_ROOT.sub("", _MEDIA.sub("", drawn))
    return re.sub(r"var\(--([\w-]+)\)", lambda name: values[name[1]], rules)


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
