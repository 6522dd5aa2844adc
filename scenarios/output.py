"""Results as files: tables, map data, and the record that repeats the run."""

import csv
import io
import json
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import numpy as np

from scenarios.ensemble import Effects
from scenarios.indicators import STREETS
from scenarios.report.page import report_html
from scenarios.shown import lines
from scenarios.study import Study
from twin.place.frames import geometries, texts
from twin.words import Language


def write_all(
    study: Study, effects: Effects, folder: Path, language: Language = "nl"
) -> list[Path]:
    """Write the report, tables, map data and record of a plan and return their paths.

    These are ``report.html`` in one language, ``indicators.csv``, ``streets.parquet`` and
    ``record.json``. The same study gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report, indicators, streets, record = (
        folder / name
        for name in ("report.html", "indicators.csv", "streets.parquet", "record.json")
    )
    report.write_text(report_html(study, effects, language), encoding="utf-8")
    indicators.write_text(indicators_csv(effects), encoding="utf-8")
    cast("Any", streets_frame(study, effects)).to_parquet(streets)
    record.write_text(
        json.dumps(study.record(), indent=2, sort_keys=True, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    return [report, indicators, streets, record]


def indicators_csv(effects: Effects) -> str:
    """Return a row for every indicator: before, after and change with their 80 % intervals."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    parts = ("before", "after", "change")
    ends = ("p10", "median", "p90")
    writer.writerow(
        ["indicator", "unit", "better", "group"]
        + [f"{part}_{end}" for part in parts for end in ends]
        + ["is_clear"]
    )
    for line in lines(effects):
        one = line.indicator
        values = [
            f"{value:.6g}"
            for part in (line.before, line.after, line.change)
            for value in (part.low, part.middle, part.high)
        ]
        writer.writerow(
            [one.name, one.unit.en, one.better, one.group, *values, str(line.is_clear).lower()]
        )
    return text.getvalue()


def streets_frame(study: Study, effects: Effects) -> gpd.GeoDataFrame:
    """Return every segment with, for each of `STREETS`, its level before and its change."""
    segments = study.before.segments
    data: dict[str, object] = {
        "segment": list(effects.segments),
        "name": texts(segments, "name"),
    }
    for at, figure in enumerate(STREETS):
        change = effects.streets_change[:, at, :].astype(float)
        low, middle, high = np.percentile(change, [10, 50, 90], axis=0)
        data[f"{figure.name}_before"] = np.median(effects.streets_before[:, at, :], axis=0)
        data[f"{figure.name}_change_p10"] = low
        data[f"{figure.name}_change"] = middle
        data[f"{figure.name}_change_p90"] = high
    return gpd.GeoDataFrame(data, geometry=list(geometries(segments)), crs=study.before.crs)
