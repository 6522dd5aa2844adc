"""`report_pdf`: the report of a plan for print, one page or in full, tagged for screen readers."""

import json
from functools import cache
from importlib.resources import files

import typst

from scenarios.contributions import Contributions
from scenarios.ensemble import Effects
from scenarios.report.content import report_content
from scenarios.report.one_page import one_page
from scenarios.report.paper import full
from scenarios.report.speech import Speech
from scenarios.study import Study
from twin.words import Language

STANDARD = "ua-1"
"""PDF/UA: tagged, with its title and language, so that a screen reader can read it."""

_SQUARE = "\N{WHITE SQUARE}"
_DRAWN = (
    (0x20, 0x7E),
    (0xA0, 0x377),
    (0x391, 0x3A1),
    (0x3A3, 0x484),
    (0x5D0, 0x5EA),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x2044, 0x2052),
    (0x2074, 0x208E),
    (0x20A0, 0x20BF),
    (0x2190, 0x22FF),
    (0x25A0, 0x25FF),
)
"""Characters that the fonts within Typst have: PDF/UA allows no others."""


def report_pdf(
    study: Study,
    effects: Effects,
    language: Language = "nl",
    *,
    contributions: Contributions | None = None,
    is_short: bool = False,
) -> bytes:
    """Return the report of a plan as PDF: the same bytes for the same study and effects.

    ``is_short`` asks for the one page for a council meeting. Nothing is read from the system: the fonts
    are those within Typst, and what a plan says goes in as data, never as markup.
    """
    content = report_content(study, effects, Speech(language), contributions)
    data = one_page(content) if is_short else full(content)
    return typst.compile(
        _template(),
        sys_inputs={"data": _drawable(json.dumps(data, ensure_ascii=False))},
        pdf_standards=STANDARD,
        ignore_system_fonts=True,
        timestamp=0,
    )


@cache
def _template() -> bytes:
    return (files("scenarios.report") / "report.typ").read_bytes()


def _drawable(text: str) -> str:
    """Return a text with a square for every character that the fonts cannot draw."""
    return "".join(one if _is_drawn(ord(one)) else _SQUARE for one in text)


def _is_drawn(code: int) -> bool:
    return any(first <= code <= last for first, last in _DRAWN)
