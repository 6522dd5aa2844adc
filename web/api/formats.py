"""Figures as JSON, GeoJSON, CSV or Parquet: the same rows in the same order."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from starlette.requests import Request

from twin.domains import Quantity
from twin.privacy.columns import rows
from web.api.models import Figure, Release
from web.api.place import GEOJSON, geometry
from web.encoding import Content
from web.layers import encode
from web.site import Site


class Format(StrEnum):
    """How figures may be had."""

    JSON = "json"
    GEOJSON = "geojson"
    CSV = "csv"
    PARQUET = "parquet"


MEDIA_TYPES: Final[Mapping[Format, str]] = {
    Format.JSON: "application/json",
    Format.GEOJSON: GEOJSON,
    Format.CSV: "text/csv",
    Format.PARQUET: "application/vnd.apache.parquet",
}


def negotiated(request: Request, wanted: Format | None) -> Format:
    """Return the format of the address, else the first known one that ``Accept`` names."""
    if wanted is not None:
        return wanted
    for part in request.headers.get("accept", "").split(","):
        media_type = part.partition(";")[0].strip().lower()
        for known, its_type in MEDIA_TYPES.items():
            if media_type == its_type:
                return known
    return Format.JSON


def write(site: Site, quantity: Quantity, figures: pa.Table, wanted: Format) -> Content:
    """Write figures in a format."""
    return _WRITERS[wanted](site, quantity, figures)


def _json(_: Site, quantity: Quantity, figures: pa.Table) -> Content:
    release = Release(
        quantity=quantity.name,
        is_share=quantity.is_share,
        figures=[Figure(**row) for row in rows(figures)],
    )
    return Content(release.model_dump_json().encode(), MEDIA_TYPES[Format.JSON])


def _geojson(site: Site, quantity: Quantity, figures: pa.Table) -> Content:
    geography = site.live.geography
    units = geography.units_of(site.live.domain(quantity.name).name, quantity.units)
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {
                "name": units[row["unit"]].name if row["unit"] in units else None,
                **{name: _text(value) for name, value in row.items()},
            },
            "geometry": geometry(units[row["unit"]].shape) if row["unit"] in units else None,
        }
        for row in rows(figures)
    ]
    return Content(encode({"type": "FeatureCollection", "features": features}), GEOJSON)


def _csv(_: Site, quantity: Quantity, figures: pa.Table) -> Content:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["quantity", *figures.column_names])
    for row in rows(figures):
        writer.writerow([quantity.name, *(_text(value) for value in row.values())])
    return Content(text.getvalue().encode(), "text/csv; charset=utf-8")


def _parquet(_: Site, quantity: Quantity, figures: pa.Table) -> Content:
    named = figures.add_column(
        0, "quantity", pa.array([quantity.name] * figures.num_rows, pa.string())
    )
    buffer = io.BytesIO()
    pq.write_table(named, buffer, compression="zstd")  # pyright: ignore[reportUnknownMemberType]
    return Content(buffer.getvalue(), MEDIA_TYPES[Format.PARQUET])


def _text(value: Any) -> Any:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


_WRITERS: Final[Mapping[Format, Callable[[Site, Quantity, pa.Table], Content]]] = {
    Format.JSON: _json,
    Format.GEOJSON: _geojson,
    Format.CSV: _csv,
    Format.PARQUET: _parquet,
}
