"""The report of a plan: where things move to, how far it can be believed, and the same as files."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from reports import Page

from scenarios.calibration.calibration import Fit
from scenarios.ensemble import Effects
from scenarios.indicators import INDICATORS
from scenarios.output import write_all
from scenarios.report.page import report_html
from scenarios.report.places import draw_map
from scenarios.shown import displaced, table

QUAY = ("s0", "s3")


class TestWhere:
    """Maps, and where things move to."""

    def test_what_passes_is_summed_as_kilometres(self, hood, effects):
        own = np.isin(np.array(effects.segments), QUAY)
        length_m = np.asarray(hood.segments["length_m"], float)
        moved = {one.figure.name: one for one in displaced(effects, own, length_m)}
        assert moved["driven"].unit.en == "km"
        assert moved["driven"].inside.middle == pytest.approx(-260 * 0.150)
        ((segment, most),) = moved["driven"].most
        assert segment == "s5"
        assert (most.low, most.middle, most.high) == pytest.approx((110, 150, 190))
        assert moved["parked_afternoon"].outside.middle == pytest.approx(3)
        assert moved["walked"].most == ()

    def test_streets_that_change_most_are_named(self, study, effects):
        html = report_html(study, effects, "en")
        _, _, cars = html.partition("<h3>Cars a day</h3>")
        rows, _, _ = cars.partition("</figure>")
        text = " ".join(re.sub(r"<[^>]+>", " ", rows).split())
        assert "1 Straat 5 probably 110 to 190 more cars" in text
        assert "2 Zuidkade (by the plan) probably 110 to 150 fewer cars" in text
        assert "No street changes clearly here." in html

    def test_a_map_of_its_own(self, study, effects):
        drawing = draw_map(study, effects, "driven", "en")._repr_svg_()
        assert drawing.count('class="change') == 2
        assert "Map: Cars a day, change by street" in drawing
        with pytest.raises(KeyError, match="nothing"):
            draw_map(study, effects, "nothing")


class TestBelief:
    """How far it can be trusted."""

    def calibrated(self, study, **more):
        content = {
            "fitted": ("2026-01-01", "2026-02-01"),
            "held_out": ("2026-02-01", "2026-02-08"),
            "origins": ("simulated",),
            "fits": (
                Fit(
                    "parking_occupied",
                    "all",
                    1200,
                    0.0432,
                    0.03,
                    -0.011,
                    0.9,
                    0.78,
                    0.02,
                    0.03,
                    0.01,
                ),
            ),
        }
        return replace(study, calibration=replace(study.calibration, **content | more))

    def test_a_place_without_figures(self, study, effects):
        text = Page(report_html(study, effects, "nl")).text
        assert "Niet vergeleken met cijfers." in text
        assert "Demonstratie." not in text

    def test_a_demonstration_says_so_first(self, study, effects):
        text = Page(report_html(self.calibrated(study), effects, "nl")).text
        assert text.index("Demonstratie.") < text.index("In het kort")
        measured = self.calibrated(study, origins=("measured",))
        assert "Demonstratie." not in Page(report_html(measured, effects, "nl")).text

    def test_errors_on_days_held_out(self, study, effects):
        text = Page(report_html(self.calibrated(study), effects, "nl")).text
        assert "vrijgegeven cijfers van 1 januari 2026 tot en met 31 januari 2026." in text
        assert "cijfers van 1 februari 2026 tot en met 7 februari 2026, die" in text
        assert (
            "Bezette parkeervakken 1.200 4,3 procentpunt \N{MINUS SIGN}1,1 procentpunt 0,9 78 %"
            in text
        )

    def test_few_runs_are_a_first_impression(self, study, effects):
        few = Effects(
            effects.segments,
            *(getattr(effects, name)[:2] for name in list(Effects.__dataclass_fields__)[1:]),
        )
        assert "A first impression." in report_html(study, few, "en")
        assert "A first impression." not in report_html(study, effects, "en")


class TestElsewhere:
    """The same effects as files and as a table."""

    def test_it_is_written_with_the_rest(self, study, effects, tmp_path):
        paths = write_all(study, effects, tmp_path / "out", "en")
        assert [path.name for path in paths] == [
            "report.html",
            "indicators.csv",
            "parking_balance.csv",
            "record.json",
            "report.pdf",
            "one-page.pdf",
            "streets.parquet",
            "streets.gpkg",
        ]
        assert paths[0].read_text(encoding="utf-8") == report_html(study, effects, "en")
        assert json.loads(paths[3].read_text(encoding="utf-8"))["seed"] == 1
        write_all(study, effects, tmp_path / "again")
        assert '<html lang="nl">' in (tmp_path / "again" / "report.html").read_text()

    def test_a_table_has_a_row_for_each(self, effects):
        frame = table(effects, "nl")
        assert len(frame) == len(INDICATORS)
        row = frame.loc["Los gestalde fietsen"]
        assert (row["nu"], row["met plan"], row["verandering"]) == (1000, 800, -200)
        assert row["in woorden"] == "waarschijnlijk 120 tot 280 fietsen minder"
