"""A made-up day of cars for the benchmark against SUMO: 20,000, of which 12,000 park."""

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from twin.city import City

CARS = 20_000
PARKING = 12_000
STAY_H = (1, 3)
ENTER_H = (7, 20)


def kerb_and_garages(city: City) -> pd.DataFrame:
    """Return the groups of bays and the garages that cars can come to and leave."""
    garages = city.garages.rename(columns={"garage": "bay"}).assign(side="right")
    columns = ["bay", "segment", "side", "along_m", "capacity"]
    both = pd.concat([city.bays[columns], garages[columns]], ignore_index=True)
    segments = city.segments.set_index("segment")
    start = segments.loc[both["segment"], "from_junction"]
    return both[start.isin(within(city.segments)).to_numpy()].reset_index(drop=True)


def made_up_trips(city: City, bays: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """Return trips between the edges of the place, most of them with a stop in proportion to spaces."""
    luck = np.random.default_rng(seed)
    entries, exits = gates(city.segments)
    chosen = luck.choice(len(bays), PARKING, p=bays["capacity"] / bays["capacity"].sum())
    stops = pd.DataFrame({"destination": bays["segment"].iloc[chosen].to_numpy()})
    stops["bay"] = bays["bay"].iloc[chosen].to_numpy()
    stops["stay_s"] = luck.uniform(*STAY_H, PARKING) * 3600
    found = stops.reindex(range(CARS))
    found["stay_s"] = found["stay_s"].fillna(0.0)
    found["entry"] = luck.choice(entries, CARS)
    found["exit"] = luck.choice(exits, CARS)
    found["enter_s"] = np.floor(luck.uniform(*ENTER_H, CARS) * 3600)
    return found.astype({"destination": object, "bay": object})


def within(segments: gpd.GeoDataFrame) -> set[str]:
    """Return the junctions from which cars can come to one another (most of the place)."""
    names, graph = _graph(segments)
    _, labels = connected_components(graph, connection="strong")
    return set(names[labels == np.bincount(labels).argmax()])


def gates(segments: gpd.GeoDataFrame) -> tuple[list[str], list[str]]:
    """Return the junctions at which streets enter and leave the place: ends of streets."""
    names, graph = _graph(segments)
    inside = np.isin(names, list(within(segments)))
    neighbours = ((graph + graph.T) > 0).sum(axis=1)
    is_end = neighbours == 1
    enters = is_end & (graph[:, inside].sum(axis=1) > 0)
    leaves = is_end & (graph[inside].sum(axis=0) > 0)
    return names[enters].tolist(), names[leaves].tolist()


def _graph(segments: gpd.GeoDataFrame) -> tuple[np.ndarray, coo_array]:
    forward = segments[segments["car_forward"]]
    backward = segments[segments["car_backward"]]
    start = [*forward["from_junction"], *backward["to_junction"]]
    end = [*forward["to_junction"], *backward["from_junction"]]
    names, codes = np.unique(np.array([start, end]), return_inverse=True)
    rows, columns = codes.reshape(2, -1)
    size = (len(names), len(names))
    return names, coo_array((np.ones(len(rows)), (rows, columns)), shape=size).tocsr()
