"""publiccode.yml keeps to the standard (version 0.4), and to what is so."""

import tomllib
from datetime import date
from urllib.parse import urlsplit

import yaml
from pages import ROOT

from twin.words import LANGUAGES

ABOUT = yaml.safe_load((ROOT / "publiccode.yml").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CATEGORIES = {
    "data-analytics",
    "data-collection",
    "data-visualization",
    "digital-citizenship",
    "geographic-information-systems",
    "predictive-analysis",
}
"""Those of the standard's list that could be meant here."""


def test_what_the_standard_needs_is_there():
    assert ABOUT["publiccodeYmlVersion"] == "0.4"
    assert ABOUT["name"]
    assert urlsplit(ABOUT["url"]).scheme == "https"
    assert ABOUT["platforms"] == ["web"]
    assert set(ABOUT["categories"]) <= CATEGORIES
    assert ABOUT["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert ABOUT["softwareType"] == "standalone/web"
    assert ABOUT["localisation"]["localisationReady"] is True


def test_descriptions_have_the_lengths_that_are_allowed():
    assert set(ABOUT["description"]) == set(LANGUAGES)
    for text in ABOUT["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_nobody_is_named_who_does_not_exist():
    kind = ABOUT["maintenance"]["type"]
    assert kind in {"internal", "contract", "community", "none"}
    assert ("contacts" in ABOUT["maintenance"]) == (kind in {"internal", "community"})
    assert ("contractors" in ABOUT["maintenance"]) == (kind == "contract")


def test_it_agrees_with_the_package():
    assert ABOUT["legal"]["license"] == PROJECT["license"] == "EUPL-1.2"
    assert set(ABOUT["localisation"]["availableLanguages"]) == set(LANGUAGES)
    python = next(each for each in ABOUT["dependsOn"]["open"] if each["name"] == "Python")
    assert PROJECT["requires-python"] == f">={python['versionMin']}"
    assert PROJECT["license"] in (ROOT / "README.md").read_text()


def test_a_version_is_named_when_there_is_one():
    changes = (ROOT / "CHANGELOG.md").read_text()
    released = f"## [{PROJECT['version']}]" in changes
    assert PROJECT["version"] in changes
    assert ("softwareVersion" in ABOUT) == released
    if "releaseDate" in ABOUT:
        date.fromisoformat(ABOUT["releaseDate"])
