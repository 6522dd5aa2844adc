"""Results as files: tables, map data, and the record that repeats the run."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pyogrio  # pyright: ignore[reportMissingTypeStubs]

from scenarios.comparison import Comparison
from scenarios.contributions import Contributions
from scenarios.ensemble import Effects, Interval
from scenarios.indicators import INDICATORS, STREETS
from scenarios.parking_balance import MOMENTS
from scenarios.report.page import report_html
from scenarios.report.pdf import report_pdf
from scenarios.report.side_by_side import comparison_html, sweep_html
from scenarios.shown import lines
from scenarios.study import Study
from twin.place.frames import geometries, texts
from twin.words import Language

_ENDS = ("p10", "median", "p90")
_NO_DATE = "1970-01-01T00:00:00Z"


def write_all(
    study: Study,
    effects: Effects,
    folder: Path,
    language: Language = "nl",
    *,
    contributions: Contributions | None = None,
) -> list[Path]:
    """Write the report, tables, map data and record of a plan and return their paths.

    These are ``report.html``, ``report.pdf`` and ``one-page.pdf`` in one language,
    ``indicators.csv``, ``parking_balance.csv``, ``streets.parquet``, ``streets.gpkg`` and
    ``record.json``, and where they are given ``contributions.csv``. The same study gives the same bytes.
    """
    content = {
        "report.html": report_html(study, effects, language, contributions=contributions),
        "indicators.csv": indicators_csv(effects),
        "parking_balance.csv": balance_csv(study),
        "record.json": json.dumps(study.record(), indent=2, sort_keys=True, ensure_ascii=False)
        + "\n",
    }
    if contributions is not None:
        content["contributions.csv"] = contributions_csv(contributions)
    paths = _written(content, folder)
    for name, is_short in (("report.pdf", False), ("one-page.pdf", True)):
        paths.append(folder / name)
        paths[-1].write_bytes(
            report_pdf(study, effects, language, contributions=contributions, is_short=is_short)
        )
    streets = streets_frame(study, effects)
    for name, content_of in (("streets.parquet", as_geoparquet), ("streets.gpkg", as_geopackage)):
        paths.append(folder / name)
        paths[-1].write_bytes(content_of(streets))
    return paths


def write_comparison(comparison: Comparison, folder: Path, language: Language = "nl") -> list[Path]:
    """Write plans side by side, ``comparison.html`` and ``comparison.csv``, and return their paths."""
    content = {
        "comparison.html": comparison_html(comparison, language),
        "comparison.csv": comparison_csv(comparison),
    }
    return _written(content, folder)


def write_sweep(
    over: str,
    values: Sequence[float],
    studies: Sequence[Study],
    effects: Sequence[Effects],
    folder: Path,
    language: Language = "nl",
    *,
    show: Sequence[str] = (),
) -> list[Path]:
    """Write a plan over a range of values, ``sweep.html`` and ``sweep.csv``, and return their paths."""
    content = {
        "sweep.html": sweep_html(over, values, studies, effects, language, show=show),
        "sweep.csv": sweep_csv(over, values, effects),
    }
    return _written(content, folder)


def _written(content: Mapping[str, str], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in content.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in content]


def indicators_csv(effects: Effects) -> str:
    """Return a row for every indicator: before, after and change with their 80 % intervals."""
    parts = ("before", "after", "change")
    head = [f"{part}_{end}" for part in parts for end in _ENDS]
    rows = [
        (
            line.indicator.name,
            line.indicator.unit.en,
            line.indicator.better,
            line.indicator.group,
            *(cell for one in (line.before, line.after, line.change) for cell in _cells(one)),
            str(line.is_clear).lower(),
        )
        for line in lines(effects)
    ]
    return _csv(("indicator", "unit", "better", "group", *head, "is_clear"), rows)


def balance_csv(study: Study) -> str:
    """Return the parking balance: a row for every moment and all that is asked for or there."""
    before, after = (one.entries() for one in study.balances)
    none = np.zeros(len(MOMENTS))
    rows = [
        (moment, what, f"{before.get(what, none)[at]:.6g}", f"{after.get(what, none)[at]:.6g}")
        for at, moment in enumerate(MOMENTS)
        for what in dict.fromkeys([*before, *after])
    ]
    return _csv(("moment", "what", "before", "after"), rows)


def contributions_csv(found: Contributions) -> str:
    """Return a row for every measure and indicator: its part with its 80 % interval."""
    rows = [
        (found.method, measure, one.name, *_cells(found.of(measure, one.name)))
        for measure in found.measures
        for one in INDICATORS
    ]
    return _csv(("method", "measure", "indicator", *_ENDS), rows)


def comparison_csv(found: Comparison) -> str:
    """Return a row for every plan, future and indicator: its change, and whether it holds in all."""
    rows = [
        (
            plan,
            future,
            one.indicator.name,
            *_cells(line.change),
            str(line.is_clear).lower(),
            str(one.holds).lower(),
        )
        for number, plan in enumerate(found.plans)
        for one in found.held(number)
        for future, line in zip(found.futures, one.lines, strict=True)
    ]
    return _csv(("plan", "future", "indicator", *_ENDS, "is_clear", "holds_in_all"), rows)


def sweep_csv(over: str, values: Sequence[float], effects: Sequence[Effects]) -> str:
    """Return a row for every value and indicator: the change with its 80 % interval."""
    rows = [
        (f"{value:g}", line.indicator.name, *_cells(line.change), str(line.is_clear).lower())
        for value, one in zip(values, effects, strict=True)
        for line in lines(one)
    ]
    return _csv((over, "indicator", *_ENDS, "is_clear"), rows)


def _cells(one: Interval) -> list[str]:
    return [f"{value:.6g}" for value in (one.low, one.middle, one.high)]


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
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


def as_geoparquet(frame: gpd.GeoDataFrame) -> bytes:
    """Return map data as GeoParquet."""
    content = io.BytesIO()
    cast("Any", frame).to_parquet(content)
    return content.getvalue()


def as_geopackage(frame: gpd.GeoDataFrame, layer: str = "streets") -> bytes:
    """Return map data as GeoPackage; it says no time, so that the same data give the same bytes."""
    with TemporaryDirectory(prefix="wijktwin-") as folder:
        path = Path(folder) / f"{layer}.gpkg"
        cast("Any", pyogrio).set_gdal_config_options({"OGR_CURRENT_DATE": _NO_DATE})
        cast("Any", frame).to_file(path, layer=layer, driver="GPKG", engine="pyogrio")
        return path.read_bytes()
