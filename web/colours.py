"""Colours: one sequential scale per domain, and the calm base map, for light and dark.

The scales are ColorBrewer's single- and multi-hue sequential ones (Cynthia Brewer, Apache-2.0),
which people with any colour blindness can order by lightness; in the dark they run the other
way, so that much is always the colour that stands out.
"""

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
Colour = tuple[int, int, int]

STEPS = 5
"""How many steps a scale has: more than the figures can tell apart would be false precision."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Five colours from little to much, for each scheme, and the accent that goes with them."""

    light: tuple[str, str, str, str, str]
    dark: tuple[str, str, str, str, str]

    def of(self, scheme: Scheme) -> tuple[str, str, str, str, str]:
        """Return the colours for a scheme."""
        return self.light if scheme == "light" else self.dark


SCALES: dict[str, Scale] = {
    "parking": Scale(
        ("#e7e1f4", "#c7b9e6", "#9f87d3", "#7453b8", "#4a2590"),
        ("#2c2344", "#483673", "#6b52a8", "#9b82d6", "#d3c4f6"),
    ),
    "bikes": Scale(
        ("#fde7c4", "#fbc57d", "#f2963b", "#d0661a", "#8c3a06"),
        ("#46280f", "#7a4312", "#b5651b", "#e79440", "#fdd39b"),
    ),
    "footfall": Scale(
        ("#d9f0dc", "#a3d9b1", "#5bb583", "#218a5c", "#06593a"),
        ("#12372a", "#19573f", "#27835c", "#56b589", "#b0e8c8"),
    ),
    "teal": Scale(
        ("#d3eeee", "#96d5d6", "#4db2b6", "#1c8288", "#08525a"),
        ("#0f3539", "#15565c", "#218087", "#55b3b8", "#ade3e5"),
    ),
}


LESS: dict[Scheme, tuple[str, str, str]] = {
    "light": ("#92c5de", "#3d8fc4", "#0b4f8a"),
    "dark": ("#2f5f85", "#4f9bd0", "#a9d8f5"),
}
MORE: dict[Scheme, tuple[str, str, str]] = {
    "light": ("#fdb67a", "#e8761f", "#9c3a04"),
    "dark": ("#7d4116", "#d97a2b", "#ffc891"),
}
"""What becomes less and more, from a little to much: blue and orange, which anybody can tell apart."""


def scale(name: str) -> Scale:
    """Return a scale by name, the default one for a name that is not known."""
    return SCALES.get(name, SCALES["teal"])


@dataclass(frozen=True, slots=True)
class Base:
    """The colours of the base map."""

    land: str
    water: str
    green: str
    building: str
    building_edge: str
    street: str
    path: str
    label: str
    halo: str
    silent: str
    outline: str
    chosen: str
    point: str


BASES: dict[Scheme, Base] = {
    "light": Base(
        land="#f5f3ee",
        water="#c9dae3",
        green="#dce8d0",
        building="#fdfcfa",
        building_edge="#d3cdc2",
        street="#ffffff",
        path="#e9e4da",
        label="#2b2f33",
        halo="#ffffff",
        silent="#8a8d91",
        outline="#ffffff",
        chosen="#111111",
        point="#1f2937",
    ),
    "dark": Base(
        land="#15191d",
        water="#13293a",
        green="#1b2a21",
        building="#2b323a",
        building_edge="#3c4650",
        street="#2a3138",
        path="#232a30",
        label="#e8eaed",
        halo="#101418",
        silent="#8b949e",
        outline="#0f1316",
        chosen="#ffffff",
        point="#e8eaed",
    ),
}


def rgb(colour: str, alpha: int = 255) -> list[int]:
    """Return a hexadecimal colour as red, green, blue and alpha, each 0 to 255.

    >>> rgb("#ff8000", 128)
    [255, 128, 0, 128]
    """
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)] + [alpha]


def stylesheet() -> str:
    """Return the scales as style rules: the same colours in page, SVG map and legend.

    >>> ".scale-bikes{--s0:#fde7c4;" in stylesheet()
    True
    """
    light = "".join(_rule(name, one.light) for name, one in SCALES.items()) + _changes("light")
    dark = "".join(_rule(name, one.dark) for name, one in SCALES.items()) + _changes("dark")
    return f"{light}@media(prefers-color-scheme:dark){{{dark}}}@media print{{{light}}}"


def _rule(name: str, colours: tuple[str, ...]) -> str:
    steps = "".join(f"--s{step}:{colour};" for step, colour in enumerate(colours))
    return f".scale-{name}{{{steps}}}"


def _changes(scheme: Scheme) -> str:
    """Return the colours of changes: they mean the same whatever the scale."""
    both = (("less", LESS[scheme]), ("more", MORE[scheme]))
    steps = "".join(
        f"--{name}{step}:{colour};" for name, of in both for step, colour in enumerate(of, start=1)
    )
    return f":root{{{steps}}}"
