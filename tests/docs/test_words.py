"""Words: residents read plain ones, and the glossary has those that the code uses."""

import re

from babel.messages.pofile import read_po
from pages import ROOT

from twin.words import Origin

NOT_FOR_RESIDENTS = {
    "en": ("cell", "cells", "ensemble", "release", "released", "calibration", "calibrated", "ρ"),
    "nl": ("cel", "cellen", "ensemble", "release", "vrijgave", "kalibratie", "gekalibreerd", "ρ"),
}


def _forms(text):
    return text if isinstance(text, tuple) else (text,)


def test_pages_for_residents_use_plain_words():
    with (ROOT / "web" / "locale" / "nl" / "messages.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert messages
    for message in messages:
        for language, text in (("en", message.id), ("nl", message.string)):
            for form in _forms(text):
                words = set(re.findall(r"\w+", form.lower()))
                assert not words & set(NOT_FOR_RESIDENTS[language]), form


def test_the_glossary_has_a_row_for_each_word_once():
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
        (ROOT / "docs" / "glossary.md").read_text(),
        flags=re.MULTILINE,
    )
    words = [word.strip() for word, _, _ in rows[2:]]
    assert len(words) == len(set(words))
    assert {"cell", "window", "reading", "device", "origin", "domain", "release"} <= set(words)


def test_the_releases_page_explains_every_origin():
    page = (ROOT / "docs" / "releases.md").read_text()
    for origin in Origin:
        assert re.search(rf"^\| {origin.value} \|", page, flags=re.MULTILINE)


def test_documents_use_one_word_for_one_thing():
    others = {"sensor reading": "reading", "time window": "window", "grid cell": "cell"}
    for path in (ROOT / "docs").glob("*.md"):
        text = path.read_text().lower()
        assert not [word for word in others if word in text], path.name
