"""Places: importing a neighbourhood, keeping it on disk, and finding things in it."""

from twin.place.cells import add_cells
from twin.place.files import load_city, load_public, save_city, write_public
from twin.place.importing import import_place
from twin.place.place_file import parse_layer, read_place_file
from twin.place.request import BoundaryFile, LayerFile, PlaceRequest, helsinki
from twin.place.search import Hit, SearchIndex

__all__ = [
    "BoundaryFile",
    "Hit",
    "LayerFile",
    "PlaceRequest",
    "SearchIndex",
    "add_cells",
    "helsinki",
    "import_place",
    "load_city",
    "load_public",
    "parse_layer",
    "read_place_file",
    "save_city",
    "write_public",
]
