"""The report of a plan as PDF, read back as text."""

import io
import re

import geopandas as gpd
import pypdf
import pytest
from reports import MEASURES, MOVES, effects_of, study_of

from scenarios.indicators import INDICATORS
from scenarios.measures import load_prices
from scenarios.output import as_geopackage, as_geoparquet, streets_frame
from scenarios.parking_balance import read_norms
from scenarios.report.page import report_html
from scenarios.report.pdf import report_pdf
from scenarios.report.texts import TEXTS

HOSTILE = '#import "x" *bold* _i_ $x$ <lab> @ref [c] `code` // no \\ "q" {1} ]) 漢🚲 \u202eabc'


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def words_of(content):
    """Return the words of a PDF without spaces, which say nothing of where a line ended."""
    text = "".join(page.extract_text() for page in read(content).pages)
    return "".join(text.replace("\N{SOFT HYPHEN}", "").split())


def squeezed(text):
    return "".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def says(words, text):
    """Whether a sentence is there, wherever lines were broken and words were hyphenated."""
    return re.search("[-\u2010]?".join(map(re.escape, squeezed(text))), words) is not None


@pytest.mark.parametrize("language", ["nl", "en"])
def test_one_page_answers_the_three_questions(study, effects, language):
    content = report_pdf(study, effects, language, is_short=True)
    assert len(read(content).pages) == 1
    words = words_of(content)
    for name in ("questions", "ask_cost", "ask_losers", "ask_sure", "groups", "belief", "repeat"):
        assert says(words, TEXTS[name].into(language)), name
    said = {
        "nl": [
            "€ 31.600 om het te maken",
            "waarschijnlijk 60 tot 140 min meer",
            "20 keer nagespeeld",
        ],
        "en": ["€ 31,600 to build it", "probably 60 to 140 min more", "played out 20 times"],
    }
    for one in (*said[language], "© OpenStreetMap contributors", "--runs 20 --run-seed 1"):
        assert says(words, one), one


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_full_report_says_what_the_page_says(study, effects, language):
    words = words_of(report_pdf(study, effects, language))
    html = report_html(study, effects, language)
    for title in re.findall(r"<h2[^>]*>(.*?)</h2>", html):
        assert says(words, title), title
    for one in INDICATORS:
        assert says(words, one.meaning.into(language)), one.name
    for value in study.record()["versions"].values():
        assert value in words


@pytest.mark.parametrize("is_short", [True, False])
def test_it_is_tagged_says_its_language_and_is_the_same_every_time(study, effects, is_short):
    content = report_pdf(study, effects, "nl", is_short=is_short)
    assert report_pdf(study, effects, "nl", is_short=is_short) == content
    file = read(content)
    root = file.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert file.metadata["/Title"] == "De kade"
    assert "/CreationDate" not in file.metadata


@pytest.mark.parametrize("is_short", [True, False])
def test_what_a_plan_says_is_text(hood, effects, is_short):
    study = study_of(hood, *MEASURES, title=HOSTILE, text=HOSTILE * 40)
    content = report_pdf(study, effects, "en", is_short=is_short)
    drawn = HOSTILE.replace("漢🚲", "□□").replace("\u202e", "□")
    assert says(words_of(content), drawn)


def test_one_page_is_one_page_however_much_there_is_to_say(hood):
    worse = {
        one.name: (100.0, 300.0) if one.better == "less" else (-300.0, -100.0) for one in INDICATORS
    }
    rack = {"kind": "add_racks", "where": {"street": "Zuidkade"}, "places": 40}
    study = study_of(hood, *(rack for _ in range(60)), title="x" * 5_000, text="y " * 2_500)
    everything = effects_of(hood, worse, MOVES)
    for language in ("nl", "en"):
        assert len(read(report_pdf(study, everything, language, is_short=True)).pages) == 1


def test_a_plan_without_measures_is_a_report_too(hood):
    study, nothing = study_of(hood), effects_of(hood)
    for is_short in (True, False):
        words = words_of(report_pdf(study, nothing, "en", is_short=is_short))
        assert says(words, "there are no measures in it")


def test_files_of_a_citys_own_are_in_the_command_that_repeats_it(hood, effects, tmp_path):
    from dataclasses import replace

    prices, norms = tmp_path / "our prices.toml", tmp_path / "norms.toml"
    prices.write_text("[bench]\ninvestment_eur = 1\n")
    norms.write_text("[dwelling]\nspaces = 1\n")
    own = replace(study_of(hood, *MEASURES), prices=load_prices(prices), norms=read_norms(norms))
    html = report_html(own, effects, "en")
    assert "--prices &#39;our prices.toml&#39; --norms norms.toml --out quay" in html
    assert "--prices" not in report_html(study_of(hood, *MEASURES), effects, "en")


def test_map_data_are_the_same_as_geoparquet_and_geopackage(study, effects, tmp_path):
    frame = streets_frame(study, effects)
    assert as_geopackage(frame) == as_geopackage(frame)
    path = tmp_path / "streets.gpkg"
    path.write_bytes(as_geopackage(frame))
    package = gpd.read_file(path)
    parquet = gpd.read_parquet(io.BytesIO(as_geoparquet(frame)))
    assert package.crs == parquet.crs
    assert package["driven_change"].tolist() == pytest.approx(parquet["driven_change"].tolist())
    assert package.geometry.geom_equals(parquet.geometry).all()
