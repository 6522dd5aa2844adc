"""Released figures, typical weeks and coverage, as JSON, GeoJSON, CSV or Parquet."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from twin.errors import FaultsError
from twin.words import Origin
from web.encoding import Content, answer
from web.site import Here, Site

router = APIRouter(prefix="/api/v1", tags=["figures"])

Format = Literal["json", "geojson", "csv", "parquet"]
MEDIA: dict[Format, str] = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
MOST_ROWS = 100_000

QuantityName = Annotated[str, Path(max_length=60, examples=["parking_occupied"])]
FormatAsked = Annotated[
    Format | None, Query(description="By default the Accept header decides; JSON else")
]


class Asked(BaseModel):
    """Which figures are asked for."""

    since: AwareDatetime | None = Field(
        None, description="Only windows that start at or after this"
    )
    until: AwareDatetime | None = Field(None, description="Only windows that start before this")
    latest: bool = Field(False, description="Only the latest window")
    origin: Origin | None = Field(None, description="Only figures of this origin")
    unit: str | None = Field(None, max_length=100, description="Only this cell or garage")
    format: Format | None = Field(None, description="By default the Accept header decides")


class Figure(BaseModel):
    """One protected figure."""

    unit: str
    version: int
    window_start: datetime
    window_end: datetime
    origin: Origin
    value: int | None = Field(description="With noise, may be below zero; null: not measured")
    covered: int
    capacity: int
    sigma: float
    rho: float


class Figures(BaseModel):
    """Released figures of one quantity, in a fixed order."""

    quantity: str
    figures: list[Figure]


_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {"model": Figures, "content": {media: {} for media in MEDIA.values()}}
}


@router.get("/releases/{quantity}", response_class=Response, responses=_DOCUMENTED)
def releases(
    request: Request, site: Here, quantity: QuantityName, asked: Annotated[Asked, Query()]
) -> Response:
    """Return released figures as they were published: noise included, nothing below zero cut off.

    At most 100,000 rows; ask for a shorter period to get the rest.
    """
    _check(asked)
    return _send(
        request, site, "releases", quantity, asked, lambda: _figures(site, quantity, asked)
    )


@router.get("/coverage/{quantity}", response_class=Response, responses=_DOCUMENTED)
def coverage(
    request: Request, site: Here, quantity: QuantityName, asked: Annotated[Asked, Query()]
) -> Response:
    """Return what was measured, from heartbeats only: covered and capacity of every window."""
    _check(asked)

    def make() -> pa.Table:
        columns = ["unit", "window_start", "window_end", "origin", "covered", "capacity"]
        return _figures(site, quantity, asked).select(columns)

    return _send(request, site, "coverage", quantity, asked, make)


@router.get("/typical/{quantity}", response_class=Response, responses=_DOCUMENTED)
def typical(
    request: Request,
    site: Here,
    quantity: QuantityName,
    origin: Annotated[
        Origin | None, Query(description="By default the one that pages show")
    ] = None,
    format: FormatAsked = None,
) -> Response:
    """Return the typical week: per unit and local hour of the week (Monday 0) the mean level.

    The level is a share for quantities read as a share, else a count scaled to full coverage.
    ``spread`` is the variance between weeks, ``noise`` the mean variance of the noise.
    """
    asked = Asked(origin=origin, format=format)
    shown = site.live.origin(quantity, origin)

    def make() -> pa.Table:
        zone = site.live.geography.place.timezone
        return site.live.reader.typical(quantity, shown or Origin.ASSUMED, zone)

    return _send(request, site, "typical", quantity, asked, make)


def _check(asked: Asked) -> None:
    if asked.since and asked.until and asked.since >= asked.until:
        raise FaultsError("this request cannot be read", ["until: must be after since"])


def _figures(site: Site, quantity: str, asked: Asked) -> pa.Table:
    reader = site.live.reader
    limits: dict[str, Any] = {}
    if asked.since:
        limits["since"] = asked.since
    if asked.until:
        limits["until"] = asked.until
    if asked.latest:
        origins = [asked.origin] if asked.origin else reader.origins(quantity)
        starts = [p[-1].start for origin in origins if (p := reader.periods(quantity, origin))]
        if not starts:
            return reader.figures(quantity, unit=asked.unit, limit=0)
        limits["since"] = max(starts)
    return reader.figures(quantity, origin=asked.origin, unit=asked.unit, limit=MOST_ROWS, **limits)


def _send(
    request: Request,
    site: Site,
    what: str,
    quantity: str,
    asked: Asked,
    make: Callable[[], pa.Table],
) -> Response:
    site.live.reader.quantity(quantity)
    form = asked.format or _accepted(request.headers.get("accept", ""))
    key = (what, quantity, asked.model_dump_json(), form, site.live.revision(quantity))
    content = site.live.kept.get(
        key, lambda: Content(_encode(site, quantity, make(), form), MEDIA[form])
    )
    return answer(request, content, headers={"Vary": "Accept"})


def _accepted(accept: str) -> Format:
    for form, media in MEDIA.items():
        if media.partition(";")[0] in accept:
            return form
    return "json"


def _encode(site: Site, quantity: str, table: pa.Table, form: Format) -> bytes:
    match form:
        case "parquet":
            sink = io.BytesIO()
            pq.write_table(table, sink, compression="zstd")
            return sink.getvalue()
        case "csv":
            return _csv(table)
        case "geojson":
            return _geojson(site, quantity, table)
        case "json":
            content = {"quantity": quantity, "figures": _rows(table)}
            return json.dumps(content, allow_nan=False).encode()


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in table.to_pylist()
    ]


def _csv(table: pa.Table) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, table.column_names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_rows(table))
    return text.getvalue().encode()


def _geojson(site: Site, quantity: str, table: pa.Table) -> bytes:
    declared = site.live.reader.quantity(quantity)
    units = site.live.geography.units_of(site.live.domain(quantity).name, declared.units)
    shapes = {name: json.loads(shapely.to_geojson(unit.shape)) for name, unit in units.items()}
    features = [
        {
            "type": "Feature",
            "properties": row | {"name": units[row["unit"]].name if row["unit"] in units else None},
            "geometry": shapes.get(row["unit"]),
        }
        for row in _rows(table)
    ]
    content = {
        "type": "FeatureCollection",
        "quantity": quantity,
        "attribution": list(site.live.geography.place.attributions),
        "features": features,
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
