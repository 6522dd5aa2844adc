"""Small multiples as SVG: lines over a logarithmic axis, each with its name at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import log10

WIDTH, HEIGHT = 500, 370
LEFT, RIGHT, TOP, BOTTOM = 58, 144, 62, 52
ACROSS = 2
HEAD, FOOT = 96, 8
APART = 15.0
COLOURS = ("#4a2590", "#0b6e8f", "#b5480a", "#2c7a3a", "#8a1c5b")
INK, QUIET, GRID = "#222222", "#555555", "#dddddd"


@dataclass(frozen=True)
class Line:
    """A line: its name, and a value of y for each x of the panel."""

    name: str
    y: Sequence[float]


@dataclass(frozen=True)
class Panel:
    """One picture: what is drawn, the value that is required, and today's choice (line, x)."""

    title: str
    note: str
    x_title: str
    y_title: str
    x: Sequence[float]
    lines: Sequence[Line]
    required: float
    today: tuple[int, int]
    y_step: float
    y_top: float


def svg(title: str, said: str, panels: Sequence[Panel]) -> str:
    """Return the panels as one picture, ``ACROSS`` in a row."""
    rows = -(-len(panels) // ACROSS)
    width, height = ACROSS * WIDTH + 10, HEAD + rows * HEIGHT + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="13"'
        f' fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(16, 28, title, size=19, bold=True),
        _text(16, 50, said, fill=QUIET),
        *_key(78),
    ]
    for number, panel in enumerate(panels):
        x, y = WIDTH * (number % ACROSS), HEAD + HEIGHT * (number // ACROSS)
        parts += [f'<g transform="translate({x} {y})">', *_panel(panel), "</g>"]
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _key(y: int) -> list[str]:
    return [
        f'<circle cx="24" cy="{y - 4}" r="6" fill="none" stroke="{INK}" stroke-width="2.5"/>',
        _text(38, y, "today’s choice"),
        f'<path d="M150 {y - 4}h40" stroke="{INK}" stroke-width="1.5" stroke-dasharray="6 4"/>',
        _text(198, y, "required: at or below this line"),
    ]


def _panel(panel: Panel) -> list[str]:
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM
    first, last = log10(panel.x[0]), log10(panel.x[-1])

    def x(value: float) -> float:
        return round(LEFT + (right - LEFT) * (log10(value) - first) / (last - first), 1)

    def y(value: float) -> float:
        return round(base - (base - TOP) * min(value / panel.y_top, 1.0), 1)

    parts = [
        _text(LEFT - 42, 20, panel.title, size=15, bold=True),
        _text(LEFT - 42, 39, panel.note, fill=QUIET, size=12),
        _text((LEFT + right) / 2, HEIGHT - 14, panel.x_title, anchor="middle"),
        f'<text transform="translate(16 {(TOP + base) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(panel.y_title)}</text>",
    ]
    for step in range(round(panel.y_top / panel.y_step) + 1):
        level = step * panel.y_step
        parts.append(f'<path d="M{LEFT} {y(level)}H{right}" stroke="{GRID}"/>')
        parts.append(_text(LEFT - 7, y(level) + 4, f"{level:g}", anchor="end"))
    for value in panel.x:
        parts.append(f'<path d="M{x(value)} {base}v5" stroke="{QUIET}"/>')
        parts.append(_text(x(value), base + 19, f"{value:g}", anchor="middle"))
    parts.append(
        f'<path d="M{LEFT} {y(panel.required)}H{right}" stroke="{INK}" stroke-width="1.5"'
        ' stroke-dasharray="6 4"/>'
    )
    for line, colour in zip(panel.lines, COLOURS, strict=False):
        path = "L".join(f"{x(a)} {y(b)}" for a, b in zip(panel.x, line.y, strict=True))
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
    ends = _apart([y(line.y[-1]) for line in panel.lines])
    for line, colour, end in zip(panel.lines, COLOURS, ends, strict=False):
        parts.append(_text(right + 8, end + 4, line.name, fill=colour))
    line, at = panel.today
    parts.append(
        f'<circle cx="{x(panel.x[at])}" cy="{y(panel.lines[line].y[at])}" r="6" fill="none"'
        f' stroke="{INK}" stroke-width="2.5"/>'
    )
    return parts


def _apart(ends: Sequence[float]) -> list[float]:
    """Move names so far apart that each can be read, in their order."""
    order = sorted(range(len(ends)), key=lambda at: ends[at])
    placed = dict(enumerate(ends))
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + APART)
    over = max(0.0, placed[order[-1]] - (HEIGHT - BOTTOM))
    return [placed[at] - over for at in range(len(ends))]


def _text(
    x: float,
    y: float,
    said: str,
    *,
    size: int = 13,
    fill: str = INK,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>'
        f"{escape(said)}</text>"
    )
