"""The catalogues hold exactly the messages in use, in both languages, with the same gaps to fill."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import web
from twin.words import LANGUAGES

WEB = Path(web.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {"_": None, "ngettext": (1, 2), "text": None, "plural": (1, 2)}


@pytest.fixture(scope="module")
def used():
    """The messages in templates and code, and where each is."""
    found = {}
    for file, line, message, *_ in extract_from_dir(
        WEB, METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.setdefault(message, f"{file}:{line}")
    return found


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request):
    """The messages of one language, by what stands for them in the code."""
    with (WEB / "locale" / request.param / "messages.po").open("rb") as file:
        return {one.id: one for one in read_po(file, locale=request.param) if one.id}


def test_messages_are_found_in_templates_and_code(used):
    assert {"Skip to the content", "too uncertain to say", "The last 24 hours"} <= set(used)


def test_a_catalogue_has_what_is_used_and_nothing_else(used, catalogue):
    missing = {message: where for message, where in used.items() if message not in catalogue}
    assert not missing
    assert not set(catalogue) - set(used)


def test_everything_is_translated(catalogue):
    for message in catalogue.values():
        assert all(form.strip() for form in _forms(message.string)), message.id
        assert not message.fuzzy, message.id


def test_translations_have_the_same_gaps_to_fill(catalogue):
    for message in catalogue.values():
        wanted = _gaps(_forms(message.id)[-1])
        for form in _forms(message.string):
            assert _gaps(form) == wanted, message.id


def test_the_english_catalogue_says_what_the_code_says(used):
    with (WEB / "locale" / "en" / "messages.po").open("rb") as file:
        assert not [one.id for one in read_po(file) if one.id and one.string != one.id]
    assert used


def _forms(text):
    return text if isinstance(text, tuple) else (text,)


def _gaps(text):
    """Return what is filled in, and how often a per cent sign is written."""
    return sorted(re.findall(r"%\(\w+\)[a-z]|%%", text))
