"""The neighbourhood, its public layers, and the subjects that are measured."""

from typing import Any

import numpy as np
import pyproj
import shapely.geometry
from fastapi import APIRouter
from shapely.geometry.base import BaseGeometry
from starlette.requests import Request
from starlette.responses import Response

from twin.domains import Domain, Quantity
from twin.layers import LAYER_BY_NAME
from twin.privacy.facts import LayerFacts
from twin.words import Text
from web.api.answers import NOT_READY, USUAL, as_json, kept_answer
from web.api.models import (
    DomainAbout,
    FeatureCollection,
    LayerAbout,
    PlaceAbout,
    QuantityAbout,
    Texts,
)
from web.encoding import Content
from web.layers import encode
from web.shapes import all_moved, rounded
from web.site import Here, Site

router = APIRouter(tags=["place"])

GEOJSON = "application/geo+json"


@router.get("/place", response_model=PlaceAbout, responses=NOT_READY)
def place(request: Request, site: Here) -> Response:
    """Say which neighbourhood this is, where it lies, and whom to name when showing it."""

    def make() -> Content:
        facts = site.live.geography.place
        return as_json(
            PlaceAbout(
                name=facts.name,
                title=facts.title,
                timezone=facts.timezone,
                bbox=list(facts.bbox),
                centre=list(facts.centre),
                notes=list(facts.notes),
                attributions=list(facts.attributions),
            )
        )

    return kept_answer(request, site, ("place",), make)


@router.get("/layers", response_model=list[LayerAbout], responses=NOT_READY)
def layers(request: Request, site: Here) -> Response:
    """List the public layers with their sources, licences and share of assumed rows."""

    def make() -> Content:
        about = [_about(facts) for facts in site.live.geography.place.layers.values()]
        return Content(encode([one.model_dump(mode="json") for one in about]), "application/json")

    return kept_answer(request, site, ("layers",), make)


@router.get(
    "/layers/{layer}",
    response_model=FeatureCollection,
    responses={**USUAL, 200: {"content": {GEOJSON: {}}, "description": "The layer as GeoJSON"}},
)
def layer(request: Request, site: Here, layer: str) -> Response:
    """Return one public layer as GeoJSON in WGS 84, ordered by key."""
    return kept_answer(request, site, ("layer", layer), lambda: _geojson(site, layer))


@router.get("/domains", response_model=list[DomainAbout], responses=NOT_READY)
def domains(request: Request, site: Here) -> Response:
    """List what is measured, what is published of it, and how it is protected."""

    def make() -> Content:
        about = [_domain(site, domain) for domain in site.live.domains]
        return Content(encode([one.model_dump(mode="json") for one in about]), "application/json")

    return kept_answer(request, site, ("domains",), make)


def _about(facts: LayerFacts) -> LayerAbout:
    known = LAYER_BY_NAME.get(facts.name)
    return LayerAbout(
        name=facts.name,
        rows=facts.rows,
        columns=known.public_columns if known else [],
        sources=list(facts.sources),
        licences=list(facts.licences),
        attributions=list(facts.attributions),
        share_assumed=facts.share_assumed,
    )


def _domain(site: Site, domain: Domain) -> DomainAbout:
    return DomainAbout(
        name=domain.name,
        title=_texts(domain.title),
        question=_texts(domain.question),
        quantities=[_quantity(site, quantity) for quantity in domain.quantities],
    )


def _quantity(site: Site, quantity: Quantity) -> QuantityAbout:
    return QuantityAbout(
        name=quantity.name,
        title=_texts(quantity.title),
        measure=_texts(quantity.measure),
        units=quantity.units,
        windows=quantity.windows.kind,
        is_share=quantity.is_share,
        protects=_texts(quantity.protects.what),
        sigma=quantity.sigma,
        rho_per_day=quantity.rho_per_day,
        origins=site.live.origins(quantity.name),
    )


def _texts(text: Text) -> Texts:
    return Texts(nl=text.nl, en=text.en)


def _geojson(site: Site, layer: str) -> Content:
    table = site.live.reader.layer(layer)
    to_degrees = pyproj.Transformer.from_crs(
        site.live.geography.place.crs, "EPSG:4326", always_xy=True
    )
    degrees = all_moved(
        table.geometry,
        lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])),
    )
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {name: _plain(values[index]) for name, values in table.columns.items()},
            "geometry": geometry(shape),
        }
        for index, shape in enumerate(degrees)
    ]
    return Content(encode({"type": "FeatureCollection", "features": features}), GEOJSON)


def geometry(shape: BaseGeometry) -> dict[str, Any]:
    """Return a geometry in degrees as GeoJSON, to about a decimetre."""
    return shapely.geometry.mapping(rounded(shape, 1e-6))


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
