"""Walking: closeness and betweenness within 800 m beside cityseer, on one thread and the same graph.

The graph is that of the default place's footpaths without nodes at which there is nothing to choose
(cityseer takes them out for both). Each computes harmonic closeness and betweenness of every node,
the best of several runs counts, the first of ours (which compiles or loads what was compiled) is
left out and printed. Making the graph is part of neither. Ours agrees with NetworkX to the last
digit (``tests/verification/test_centrality.py``); where two ways are almost equally long, cityseer
may share out what goes through a node otherwise. It is in the dependency group ``bench``, which is
not installed by default.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from scenarios.day.centrality import centrality
from twin.city import City
from twin.domains import load_domains
from twin.place import helsinki, import_place

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Result = TypeVar("Result")
Centrality = Callable[[Ints, Ints, Floats, int, float], tuple[Floats, Floats]]

RADIUS_M = 800
RUNS = 5
WITHIN = 0.01
MISSING = "not measured: not installed (pip install cityseer)"


def measure() -> dict[str, object]:
    """Compare both in a process of its own: cityseer reads its number of threads only once."""
    if find_spec("cityseer") is None:
        return {"cityseer": MISSING}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.walking"],
        env=os.environ | {"RAYON_NUM_THREADS": "1", "CITYSEER_QUIET_MODE": "true"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def compare(city: City, ours: Centrality = centrality) -> dict[str, object]:
    """Return times and differences of ``(start, end, length_m, n_nodes, radius_m)`` and cityseer."""
    from cityseer.metrics import networks
    from cityseer.tools import graphs, io

    graph = graphs.nx_remove_filler_nodes(_footpaths(city))
    nodes, _, structure = io.network_structure_from_nx(graph)
    number = {name: at for at, name in enumerate(nodes.index)}
    lines = [
        (number[one], number[other], data["geom"].length)
        for one, other, data in graph.edges(data=True)
    ]
    start, end, length_m = (np.array(column) for column in zip(*lines, strict=True))
    found, first_s = _timed(lambda: ours(start, end, length_m, len(number), RADIUS_M), 1)
    _, ours_s = _timed(lambda: ours(start, end, length_m, len(number), RADIUS_M), RUNS)
    theirs, theirs_s = _timed(
        lambda: networks.centrality_shortest(
            structure,
            nodes,
            distances=[RADIUS_M],
            closeness={"harmonic": "1/c"},
            betweenness={"betweenness": "1"},
            cycles=False,
        ),
        RUNS,
    )
    return {
        "nodes": len(number),
        "edges": len(start),
        "cityseer (s)": round(theirs_s, 3),
        "ours (s)": round(ours_s, 3),
        "ours, first run of a process (s)": round(first_s, 3),
        "times as fast": round(theirs_s / ours_s, 2),
        **_difference("closeness", found[0], theirs[f"cc_harmonic_{RADIUS_M}"].to_numpy()),
        **_difference("betweenness", found[1], theirs[f"cc_betweenness_{RADIUS_M}"].to_numpy()),
    }


def _difference(name: str, ours: Floats, theirs: Floats) -> dict[str, object]:
    off = np.abs(ours - theirs) / theirs.max()
    return {
        f"{name}: correlation": round(float(np.corrcoef(ours, theirs)[0, 1]), 5),
        f"{name}: nodes that differ by more than 1 % of the highest": (
            f"{100 * float((off > WITHIN).mean()):.1f} %"
        ),
    }


def _footpaths(city: City) -> object:
    """Return the footpaths as cityseer wants them; nobody walks in circles or along nothing."""
    import networkx as nx

    graph = nx.MultiGraph(crs=city.crs)
    segments = city.segments
    for row in segments[segments["walk"]].itertuples():
        ends = row.from_junction, row.to_junction
        if ends[0] == ends[1] or row.geometry.length == 0:
            continue
        for junction, at in zip(
            ends, (row.geometry.coords[0], row.geometry.coords[-1]), strict=True
        ):
            graph.add_node(junction, x=at[0], y=at[1])
        graph.add_edge(*ends, geom=row.geometry)
    return graph


def _timed(work: Callable[[], Result], runs: int) -> tuple[Result, float]:
    """Return the last result and the time of the fastest run."""
    times_s = []
    for _ in range(runs):
        began = time.perf_counter()
        result = work()
        times_s.append(time.perf_counter() - began)
    return result, min(times_s)


if __name__ == "__main__":
    rules = {domain.name: domain.cells for domain in load_domains()}
    place = import_place(helsinki(), cell_rules=rules, progress=lambda *_: None)
    sys.stdout.write(json.dumps(compare(place)) + "\n")
