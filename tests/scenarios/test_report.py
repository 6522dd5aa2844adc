"""The report of a plan: what people read, made of effects that are known by heart."""

import re

import numpy as np
import pytest
from reports import MEASURES, NAMES, PAIRS, Page, effects_of, study_of

from scenarios.indicators import GROUPS, INDICATORS
from scenarios.report.page import report_html
from scenarios.report.scorecard import scores
from scenarios.report.texts import TEXTS
from scenarios.shown import lines

LINKS = {"https://www.openstreetmap.org/copyright"}
NOT_FOR_RESIDENTS = {
    "en": {"cell", "cells", "ensemble", "release", "released", "calibration", "calibrated", "ρ"},
    "nl": {"cel", "cellen", "ensemble", "release", "kalibratie", "gekalibreerd", "ρ"},
}


@pytest.fixture(scope="module", params=["nl", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def html(study, effects, language):
    return report_html(study, effects, language)


class TestPage:
    """What holds for every report."""

    def test_it_is_well_formed_and_says_its_language(self, html, language):
        page = Page(html)
        assert html.lstrip().startswith("<!doctype html>")
        assert page.of("html") == [{"lang": language}]
        names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(names) == len(set(names))

    def test_it_asks_nothing_of_another_computer(self, html):
        page = Page(html)
        assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
        assert {attributes["href"] for attributes in page.of("a")} == LINKS
        assert set(re.findall(r"https?://[^\s\"'<]+", html)) == LINKS
        assert "url(" not in html
        assert "@import" not in html

    def test_it_is_the_same_every_time(self, study, effects, html, language):
        assert report_html(study, effects, language) == html

    def test_every_picture_says_what_it_shows_or_is_hidden(self, html):
        page = Page(html)
        names = {attributes.get("id") for _, attributes in page.elements}
        for picture in page.of("svg"):
            if picture.get("aria-hidden") != "true":
                assert picture["role"] == "img"
                assert set(picture["aria-labelledby"].split()) <= names

    def test_every_head_of_a_table_says_its_scope(self, html):
        assert {attributes.get("scope") for attributes in Page(html).of("th")} == {"col", "row"}

    def test_every_indicator_is_there_and_explained(self, html, language):
        text = Page(html).text
        for one in INDICATORS:
            assert one.title.into(language) in text
            assert one.meaning.into(language).replace("\N{NO-BREAK SPACE}", " ") in text
        for title in GROUPS.values():
            assert title.into(language) in text.lower()

    def test_nothing_that_cannot_be_said_is_a_number(self, study, hood, language):
        unknown = effects_of(hood, {"near_cars": (np.nan, np.nan)})
        unknown.before[:, NAMES.index("full_racks")] = np.nan
        text = Page(report_html(study, unknown, language)).text
        assert not re.search(r"\b(nan|None|inf)\b", text, re.IGNORECASE)
        assert {"nl": "niet te zeggen", "en": "cannot be said"}[language] in text

    def test_no_sentence_is_in_one_language_only(self):
        for name, text in TEXTS.items():
            assert text.nl.strip(), name
            assert text.en.strip(), name
            holes = [sorted(re.findall(r"\{\w+\}", one)) for one in (text.nl, text.en)]
            assert set(holes[0]) == set(holes[1]), name

    def test_its_words_are_plain(self):
        for name, text in TEXTS.items():
            for language, hard in NOT_FOR_RESIDENTS.items():
                words = set(re.findall(r"\w+", text.into(language).lower()))
                assert not words & hard, name

    def test_names_stay_text(self, hood, effects, language):
        wrong = "<script>alert(1)</script>"
        study = study_of(hood, *MEASURES, title=wrong, text="a & b <b>c</b>")
        html = report_html(study, effects, language)
        assert "<script" not in html
        page = Page(html)
        assert wrong in page.text
        assert "a & b <b>c</b>" in page.text


class TestContents:
    """What a report says of a plan."""

    def test_measures_costs_and_prices(self, study, effects):
        text = Page(report_html(study, effects, "nl")).text
        assert "12 parkeerplekken weg in Zuidkade." in text
        assert "Eenmalig € 31.600 Elk jaar € 600" in text
        assert "De prijzen komen uit de prijstabel" in text
        english = Page(report_html(study, effects, "en")).text
        assert "Once € 31,600 Every year € 600" in english

    def test_words_and_numbers_agree(self, study, effects):
        low, middle, high = np.percentile(np.linspace(-300, -100, PAIRS), [10, 50, 90])
        assert (round(low), round(middle), round(high)) == (-280, -200, -120)
        text = Page(report_html(study, effects, "en")).text
        assert "probably 120 to 280 fewer bikes" in text
        assert "\N{MINUS SIGN}200 (\N{MINUS SIGN}280 to \N{MINUS SIGN}120)" in text
        assert "now 1,000 bikes, with the plan 800 bikes · better" in text
        assert "probably € 220 to € 380 less" in text
        dutch = Page(report_html(study, effects, "nl")).text
        assert "waarschijnlijk 120 tot 280 fietsen minder" in dutch
        assert "nu 1.000 fietsen, met het plan 800 fietsen · beter" in dutch
        assert "waarschijnlijk 11 tot 19 procentpunt lager" in dutch

    def test_what_is_not_clear_is_not_among_what_changes(self, study, effects):
        html = report_html(study, effects, "en")
        few = html[html.index('<ul class="few">') : html.index("</ul>")]
        assert "Loose bikes" in few
        assert "Car traffic" not in few
        assert f"Of the {len(INDICATORS)} figures, 4 change clearly." in html

    def test_each_group_gains_or_loses_for_itself(self, effects):
        found = {score.title.en: score for score in scores(lines(effects))}
        assert found["visitors"].verdict == "loss"
        assert found["people who cannot walk far"].verdict == "gain"
        assert found["cyclists"].verdict == "unclear"
        assert [line.indicator.name for line in found["everybody"].other] == ["revenue_eur"]

    def test_small_changes_are_named_apart(self, study, hood):
        little = effects_of(hood, {"passers_by": (-8.0, -4.0), "wrongly": (90.0, 110.0)})
        text = Page(report_html(study, little, "en")).text
        assert "Shopkeepers a small difference at most" in text
        assert "A little: passers-by at shops" in text
        assert "probably 92 to 110 more cars" in text
        assert "fewer people" not in text

    def test_who_loses_is_named(self, study, effects, hood):
        text = Page(report_html(study, effects, "en")).text
        assert "Visitors : search for a space, visitors (probably 60 to 140 min more)." in text
        nobody = Page(report_html(study, effects_of(hood), "en")).text
        assert "No figure becomes clearly worse for any of the groups." in nobody

    def test_the_source_of_the_map_is_named(self, html):
        assert "© OpenStreetMap contributors" in Page(html).text

    def test_how_to_repeat_it(self, study, html):
        text = Page(html).text
        assert (
            "wijktwin scenario run quay.yaml --place tiny --runs 20 --run-seed 1 --out quay" in text
        )
        record = study.record()
        for name in ("scenario_sha256", "city_sha256", "calibration_sha256"):
            assert record[name] in text
        assert all(version in text for version in record["versions"].values())


class TestEmpty:
    """A plan without measures."""

    def test_it_says_that_nothing_changes(self, hood, language):
        text = Page(report_html(study_of(hood), effects_of(hood), language)).text
        assert TEXTS["nothing_changes"].into(language) in text
        assert all(one.title.into(language) in text for one in INDICATORS)
        assert {"nl": "waarschijnlijk", "en": "probably"}[language] not in text

    def test_a_plan_without_effect_says_so(self, study, hood):
        text = Page(report_html(study, effects_of(hood), "en")).text
        assert "On a weekday this plan has no clear effect that can be seen." in text


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_apart(study, effects, scheme):
    html = report_html(study, effects, "en")
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", html)
    at = {name: [value for key, value in found if key == name] for name, _ in found}
    colour = {name: values[scheme] for name, values in at.items()}
    for text in ("ink", "soft", "accent", "good", "bad"):
        assert contrast(colour[text], colour["paper"]) >= 4.5, text
        assert contrast(colour[text], colour["ground"]) >= 4.5, text
    assert contrast(colour["notice-ink"], colour["notice"]) >= 4.5
    for line in ("less1", "less2", "less3", "more1", "more2", "more3", "plan"):
        assert contrast(colour[line], colour["land"]) >= 3, line
        assert contrast(colour[line], colour["building"]) >= 3, line
    for line in ("now", "with"):
        assert contrast(colour[line], colour["paper"]) >= 3, line
