"""The public layers as a `City`, for whatever computes from a city: search, and later what-ifs."""

from typing import TYPE_CHECKING

from twin.city import City, Source
from twin.layers import LAYERS
from twin.place.frames import layer_frame
from twin.privacy.public import PublicReader

if TYPE_CHECKING:
    import geopandas as gpd


def public_city(reader: PublicReader) -> City:
    """Return the place with its public layers and columns only.

    Raises
    ------
    NotReadyError
        No place has been imported yet.
    """
    place = reader.place()
    layers: dict[str, gpd.GeoDataFrame] = {}
    for layer in LAYERS:
        if layer.name in place.layers:
            table = reader.layer(layer.name)
            rows = [
                {
                    **{name: values[index] for name, values in table.columns.items()},
                    "geometry": shape,
                }
                for index, shape in enumerate(table.geometry)
            ]
            layers[layer.name] = layer_frame(layer.name, rows, place.crs)
    return City(
        name=place.name,
        title=place.title,
        timezone=place.timezone,
        crs=place.crs,
        boundary=place.boundary,
        layers=layers,
        sources=tuple(
            Source(name, ", ".join(facts.sources), ", ".join(facts.licences), attribution, "")
            for name, facts in place.layers.items()
            for attribution in facts.attributions
        ),
        notes=place.notes,
    )
