"""A small town of one's own, to make files of and import them."""

import geopandas as gpd
from shapely import LineString, Point, box

from twin.domains.domain import CellRule
from twin.place import LayerFile, PlaceRequest, import_place

RULES = {
    "parking": CellRule("bays", at_least=100),
    "bikes": CellRule("racks", at_least=40),
    "footfall": CellRule(),
}
CRS = "EPSG:28992"
WEST, SOUTH = 121_000, 487_000
BLOCK_M = 100


def at(x, y):
    """A point of the town, in metres from its south-western corner."""
    return Point(WEST + x, SOUTH + y)


class Town:
    """A town of three by three blocks of 100 m, and files about it."""

    def __init__(self, folder):
        self.folder = folder
        lines = []
        for step in range(4):
            lines.append(self.line((0, step * BLOCK_M), (3 * BLOCK_M, step * BLOCK_M)))
            lines.append(self.line((step * BLOCK_M, 0), (step * BLOCK_M, 3 * BLOCK_M)))
        self.lines = [self.with_vertices(line) for line in lines]
        self.names = [f"{kind} {step}" for step in range(4) for kind in ("Row", "Column")]

    @staticmethod
    def line(*points):
        return LineString([(WEST + x, SOUTH + y) for x, y in points])

    @staticmethod
    def with_vertices(line):
        return LineString([line.interpolate(step * BLOCK_M) for step in range(4)])

    @staticmethod
    def area(west, south, east, north):
        return box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)

    def write(self, stem, geometries, crs=CRS, **columns):
        path = self.folder / f"{stem}.gpkg"
        gpd.GeoDataFrame(columns, geometry=geometries, crs=crs).to_file(path)
        return path

    def streets(self, **columns):
        names = columns.pop("name", self.names)
        path = self.write("streets", self.lines, name=names, **columns)
        return LayerFile(path=path, columns={"name": "name"} | {each: each for each in columns})

    def layer(self, stem, geometries, *, columns=None, mode="replace", values=None, **data):
        path = self.write(stem, geometries, **data)
        mapping = {each: each for each in data if each != "crs"} if columns is None else columns
        return LayerFile(path=path, columns=mapping, mode=mode, values=values or {})

    def request(self, **layers):
        if "streets" not in layers:
            layers["streets"] = self.streets()
        return PlaceRequest(name="town", title="Town", layers=layers)

    def city(self, **layers):
        return import_place(self.request(**layers), cell_rules=RULES)
