"""Filling the layers of a place: from every source, within the boundary, attached to streets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from shapely import Polygon

from twin.place import features, own_layers, stand_ins
from twin.place.assumptions import Assumptions
from twin.place.attach import attached, where_cars, where_people
from twin.place.attractors import osm_attractors
from twin.place.bays import make_bays
from twin.place.buildings import osm_buildings
from twin.place.coast import sea
from twin.place.counters import assumed_counters
from twin.place.dwellings import share_out
from twin.place.frames import geometries, layer_frame, pick, stack, texts
from twin.place.names import name_streets
from twin.place.network import Network, open_to_people
from twin.place.osm import OsmObject
from twin.place.own import OwnRows
from twin.place.own_layers import OwnShapes
from twin.place.shapes import areas_m2, covered_by, cut_out, is_type, meets, middles_of
from twin.place.sources import Sources

Layers = dict[str, gpd.GeoDataFrame]


@dataclass
class Layering:
    """Fills the layers step by step and notes what it assumed or left out.

    ``faults`` are those that only show once the place is known: a file none of whose rows
    lies within the boundary.
    """

    network: Network
    boundary: Polygon
    assume: Assumptions
    notes: list[str] = field(default_factory=list[str])
    faults: list[str] = field(default_factory=list[str])

    def fill(self, sources: Sources, objects: Sequence[OsmObject]) -> Layers:
        """Return all layers but the cells, which need a city."""
        self.notes.extend(self.network.notes)
        streets = sources.own.get("streets")
        if streets is not None and "oneway" not in streets.columns:
            self.notes.append(
                f"{streets.file.path.name} (streets): nothing says which streets are one-way; all"
                " are open in both directions"
            )
        shapely.prepare(self.boundary)
        own = {
            layer: self._inside(layer, rows)
            for layer, rows in sources.own.items()
            if layer != "streets"
        }
        layers: Layers = {"bays": self._bays(own.get("bays"), objects)}
        for layer, read in self._readers(objects).items():
            layers[layer] = self._points(layer, read, own.get(layer))
        layers["buildings"] = self._buildings(own, objects)
        layers["green"] = self._clipped(features.osm_green(objects, self._crs))
        layers["water"] = self._clipped(self._water(objects))
        layers["surfaces"] = self._surfaces(own.get("surfaces"))
        self._stand_in(layers)
        layers["segments"] = self.network.segments
        layers["junctions"] = self.network.junctions
        layers["cells"] = layer_frame("cells", [], self._crs)
        return layers

    @property
    def _crs(self) -> str:
        return str(self.network.segments.crs)

    def _readers(
        self, objects: Sequence[OsmObject]
    ) -> Mapping[str, Callable[[], gpd.GeoDataFrame]]:
        """Return, for each layer of points, what reads it from the extract."""
        crs, assume = self._crs, self.assume
        return {
            "attractors": lambda: osm_attractors(objects, crs),
            "addresses": lambda: features.osm_addresses(objects, crs),
            "racks": lambda: features.osm_racks(objects, crs, assume),
            "garages": lambda: features.osm_garages(objects, crs, assume),
            "stops": lambda: features.osm_stops(objects, crs),
            "counters": lambda: layer_frame("counters", [], crs),
        }

    def _inside(self, layer: str, rows: OwnRows) -> OwnShapes:
        """Return the rows of a file that lie within the boundary, and note how many do not."""
        shapes = own_layers.to_city(rows, self._crs)
        # An area of dwellings may reach beyond the place; a thing stands on one side.
        is_in = (
            meets(self.boundary, shapes)
            if layer in {"dwellings", "surfaces"}
            else covered_by(self.boundary, middles_of(shapes))
        )
        inside = np.flatnonzero(is_in)
        label = f"{rows.file.path.name} ({layer})"
        if not len(inside):
            self.faults.append(f"{label}: none of its {len(shapes)} rows lies within the place")
        elif len(inside) < len(shapes):
            left_out = len(shapes) - len(inside)
            self.notes.append(f"{label}: {left_out} of {len(shapes)} rows lie outside the place")
        return OwnShapes(rows, shapes[inside], inside)

    def _bays(self, own: OwnShapes | None, objects: Sequence[OsmObject]) -> gpd.GeoDataFrame:
        parts: list[gpd.GeoDataFrame] = []
        if own is None or own.rows.file.mode == "add":
            parts.append(make_bays(self.network, self.assume))
            drawn = self._within(features.osm_drawn_bays(objects, self._crs, self.assume))
            if len(drawn):
                parts.append(own_layers.bays_beside_streets(drawn, self.network))
        if own is not None and len(own):
            bays = own_layers.own_bays(own, self.network, self.assume)
            parts.append(bays)
            streets = own.column("street")
            self.network = name_streets(self.network, bays, streets)
        bays = stack([layer_frame("bays", [], self._crs), *parts])
        self.network = open_to_people(self.network, texts(bays, "segment"))
        return bays

    def _points(
        self, layer: str, read: Callable[[], gpd.GeoDataFrame], own: OwnShapes | None
    ) -> gpd.GeoDataFrame:
        parts: list[gpd.GeoDataFrame] = []
        if own is None or own.rows.file.mode == "add":
            parts.append(self._within(read()))
        if own is not None:
            parts.append(own_layers.own_points(layer, own, self._crs, self.assume))
        suitable = where_cars if layer == "garages" else where_people
        return attached(stack(parts), self.network, suitable(self.network))

    def _buildings(
        self, own: Mapping[str, OwnShapes], objects: Sequence[OsmObject]
    ) -> gpd.GeoDataFrame:
        mine, counted = own.get("buildings"), own.get("dwellings")
        parts: list[gpd.GeoDataFrame] = []
        if mine is None or mine.rows.file.mode == "add":
            parts.append(self._within(osm_buildings(objects, self._crs, self.assume)))
        if mine is not None:
            parts.append(own_layers.own_buildings(mine, self._crs, self.assume))
        buildings = attached(stack(parts), self.network, where_people(self.network))
        if not len(buildings):
            buildings = stand_ins.homes(self.network, self.boundary, self.assume)
            self.notes.append(
                f"no source has buildings: {len(buildings)} footprints along the streets stand"
                " for dwellings"
            )
        if counted is not None:
            buildings, homeless = share_out(
                buildings, counted.geometries, counted.column("dwellings"), self.assume
            )
            if homeless:
                self.notes.append(f"{homeless} counted dwellings lie where no building is")
        return buildings

    def _water(self, objects: Sequence[OsmObject]) -> gpd.GeoDataFrame:
        rows = [
            {"water": f"sea-{number}", "kind": "sea", "geometry": area}
            for number, area in enumerate(sea(objects, self.boundary), start=1)
        ]
        return stack(
            [features.osm_water(objects, self._crs), layer_frame("water", rows, self._crs)]
        )

    def _surfaces(self, own: OwnShapes | None) -> gpd.GeoDataFrame:
        if own is None:
            return layer_frame("surfaces", [], self._crs)
        return self._clipped(own_layers.own_surfaces(own, self._crs))

    def _stand_in(self, layers: Layers) -> None:
        """Put stand-ins where a layer without which nothing can be simulated is empty."""
        if not len(layers["attractors"]):
            layers["attractors"] = stand_ins.destinations(self.network, self.assume)
            self._note_stand_ins(layers, "attractors", "destinations")
        if not len(layers["racks"]):
            layers["racks"] = stand_ins.racks(self.network, self.assume)
            self._note_stand_ins(layers, "racks", "bicycle stands")
        if not len(layers["counters"]):
            layers["counters"] = assumed_counters(self.network, layers["attractors"], self.assume)
            self._note_stand_ins(layers, "counters", "counters")

    def _note_stand_ins(self, layers: Layers, layer: str, what: str) -> None:
        self.notes.append(f"no source has {what}: {len(layers[layer])} are assumed")

    def _within(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the rows whose middle lies in the place."""
        if not len(frame):
            return frame
        return pick(frame, covered_by(self.boundary, middles_of(geometries(frame))))

    def _clipped(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return areas cut off at the boundary."""
        if not len(frame):
            return frame
        cut = cut_out(geometries(frame), self.boundary)
        is_area = is_type(cut, "Polygon", "MultiPolygon") & (areas_m2(cut) > 0)
        clipped = frame.set_geometry(cut, crs=frame.crs)
        return pick(clipped, is_area)
