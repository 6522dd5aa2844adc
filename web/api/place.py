"""The place and its public layers."""

import json
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from twin.privacy.public import LayerFacts
from twin.words import Text
from web.encoding import Content, answer
from web.site import Here, Site

router = APIRouter(prefix="/api/v1", tags=["place"])

GEOJSON = "application/geo+json"
JSON = "application/json"
DECIMALS = 7


class LayerAnswer(BaseModel):
    """One public layer: how many rows, where from, under which licence, how much is assumed."""

    name: str = Field(examples=["bays"])
    rows: int
    sources: list[str]
    licences: list[str]
    attributions: list[str] = Field(examples=[["© OpenStreetMap contributors"]])
    share_assumed: float | None = Field(description="0 to 1; null where it cannot be said")


class PlaceAnswer(BaseModel):
    """The place."""

    name: str = Field(examples=["helsinki"])
    title: str
    timezone: str = Field(examples=["Europe/Helsinki"])
    crs: str = Field(description="The city's own, in metres", examples=["EPSG:32635"])
    bbox: tuple[float, float, float, float] = Field(
        description="West, south, east, north in degrees"
    )
    centre: tuple[float, float] = Field(description="Longitude and latitude")
    is_demonstration: bool
    notes: list[str] = Field(description="What was assumed or left out when it was imported")
    attributions: list[str]


class Words(BaseModel):
    """A text in both languages."""

    nl: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "Words":
        """Return the same text."""
        return cls(nl=text.nl, en=text.en)


class QuantityAnswer(BaseModel):
    """One number that is released, and how it is protected."""

    name: str = Field(examples=["parking_occupied"])
    title: Words
    measure: Words
    units: str = Field(description="The layer whose rows it is published for", examples=["cells"])
    windows: str = Field(examples=["snapshot"])
    hours: list[int] = Field(description="Local hours of the snapshots")
    is_share: bool = Field(description="Whether people read it as value / covered")
    protects: Words
    rho_per_day: float
    counts_per_day: int
    sigma: float = Field(description="Scale of the noise in each value")
    origins: list[str]


class DomainAnswer(BaseModel):
    """One subject that is measured."""

    name: str = Field(examples=["parking"])
    title: Words
    question: Words
    quantities: list[QuantityAnswer]


@router.get("/place")
def place(site: Here) -> PlaceAnswer:
    """Return what is known of the place as a whole."""
    facts, status = site.live.geography.place, site.live.status()
    return PlaceAnswer(
        name=facts.name,
        title=facts.title,
        timezone=facts.timezone,
        crs=facts.crs,
        bbox=facts.bbox,
        centre=facts.centre,
        is_demonstration=bool(status and status.is_demonstration),
        notes=list(facts.notes),
        attributions=list(facts.attributions),
    )


@router.get("/layers")
def layers(site: Here) -> list[LayerAnswer]:
    """List the public layers."""
    return [_layer(facts) for facts in site.live.geography.place.layers.values()]


@router.get(
    "/layers/{layer}",
    responses={200: {"content": {GEOJSON: {}}, "description": "GeoJSON, in degrees"}},
    response_class=Response,
)
def layer(
    request: Request,
    site: Here,
    layer: Annotated[str, Path(examples=["racks"], max_length=40)],
) -> Response:
    """Return one public layer as GeoJSON: its public columns, in longitude and latitude."""
    geography = site.live.geography
    content = site.live.kept.get(
        ("layer", layer, geography.version), lambda: Content(_geojson(site, layer), GEOJSON)
    )
    return answer(request, content)


@router.get("/domains")
def domains(site: Here) -> list[DomainAnswer]:
    """List what is measured, how it is released and how it is protected."""
    return [
        DomainAnswer(
            name=domain.name,
            title=Words.of(domain.title),
            question=Words.of(domain.question),
            quantities=[
                QuantityAnswer(
                    name=quantity.name,
                    title=Words.of(quantity.title),
                    measure=Words.of(quantity.measure),
                    units=quantity.units,
                    windows=quantity.windows.kind,
                    hours=list(quantity.windows.hours),
                    is_share=quantity.is_share,
                    protects=Words.of(quantity.protects),
                    rho_per_day=quantity.rho_per_day,
                    counts_per_day=quantity.counts_per_day,
                    sigma=quantity.sigma,
                    origins=[origin.value for origin in site.live.origins(quantity.name)],
                )
                for quantity in domain.quantities
            ],
        )
        for domain in site.live.domains
    ]


def _layer(facts: LayerFacts) -> LayerAnswer:
    return LayerAnswer(
        name=facts.name,
        rows=facts.rows,
        sources=list(facts.sources),
        licences=list(facts.licences),
        attributions=list(facts.attributions),
        share_assumed=facts.share_assumed,
    )


def _geojson(site: Site, name: str) -> bytes:
    import pyproj

    table, facts = site.live.reader.layer(name), site.live.geography.place
    to_degrees = pyproj.Transformer.from_crs(facts.crs, "EPSG:4326", always_xy=True)

    def degrees(points: Any) -> Any:
        lon, lat = to_degrees.transform(points[:, 0], points[:, 1])
        return shapely.get_coordinates(shapely.points(lon, lat)).round(DECIMALS)

    shapes = shapely.transform(table.geometry, degrees) if len(table) else table.geometry
    features = [
        {
            "type": "Feature",
            "properties": {column: values[row] for column, values in table.columns.items()},
            "geometry": json.loads(shapely.to_geojson(shape)) if shape is not None else None,
        }
        for row, shape in enumerate(shapes)
    ]
    content = {
        "type": "FeatureCollection",
        "attribution": list(facts.layers[name].attributions) if name in facts.layers else [],
        "features": features,
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
