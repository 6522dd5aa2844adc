"""`Ensemble`: draws of the parameters, each with how parts of the place differ from the whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scenarios.day.parameters import LOCAL, LOCAL_LOG_SD, LOCAL_M, UNIT_LOG_SD, Local, Parameters
from scenarios.day.squares import middles_of, squares_at
from scenarios.day.town import Town
from twin.city import City
from twin.place.frames import geometries
from twin.place.shapes import distances_m, points_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOCAL_DOMAIN = {
    "kerb": "parking",
    "evening": "parking",
    "residents": "parking",
    "bikes": "bikes",
    "racks": "bikes",
}
"""Of which domain the cells are by which a local factor differs: published figures are by cell, so
that they can tell one factor for each."""

FARTHEST_SD = 2.5
"""No draw goes further from its prior's middle than this, in standard deviations."""


@dataclass(frozen=True)
class Layout:
    """What the entries of a member stand for: parameters, factors of cells, factors of units.

    Attributes
    ----------
    cells
        Which of `LOCAL` each factor of a cell is, and of which cell.
    units
        Garages and cells with counters, each with a factor of its own.
    squares, of_square
        Squares of the town, and (squares, local factors) the entry that holds there, -1 for none.
    """

    cells: tuple[tuple[str, str], ...] = ()
    units: tuple[str, ...] = ()
    squares: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    of_square: Ints = field(default_factory=lambda: np.empty((0, len(LOCAL)), np.int64))

    @classmethod
    def of(cls, city: City, town: Town, cells: Sequence[str], units: Sequence[str]) -> "Layout":
        """Lay out what figures of some ``cells`` can tell: in each square the nearest one holds."""
        squares = _squares_of(town)
        frame = city.cells[city.cells["cell"].isin(list(cells))]
        middles = points_of(np.column_stack(middles_of(squares, LOCAL_M)))
        named: list[tuple[str, str]] = []
        of_square = np.full((len(squares), len(LOCAL)), -1, np.int64)
        for column, name in enumerate(LOCAL):
            here = frame[frame["domain"] == LOCAL_DOMAIN[name]]
            if len(here):
                far = distances_m(middles[:, None], geometries(here)[None, :])
                first = len(Parameters.names()) + len(named)
                of_square[:, column] = first + np.argmin(far, axis=1)
                named += [(name, str(cell)) for cell in here["cell"]]
        return cls(tuple(named), tuple(units), squares, of_square)

    def spread(self) -> Floats:
        """Return the prior standard deviation of each entry, on the log scale."""
        sd: dict[str, float] = dict(zip(LOCAL, LOCAL_LOG_SD, strict=True))
        return np.concatenate(
            [
                Parameters.log_sd(),
                np.array([sd[name] for name, _ in self.cells]),
                np.full(len(self.units), UNIT_LOG_SD),
            ]
        )


def _squares_of(town: Town) -> Ints:
    """Return the squares in which anybody has something to do."""
    x_m = [town.attractors.x_m, town.homes.x_m, town.middle_x_m[town.roots]]
    y_m = [town.attractors.y_m, town.homes.y_m, town.middle_y_m[town.roots]]
    return np.unique(squares_at(np.concatenate(x_m), np.concatenate(y_m), LOCAL_M))


@dataclass(frozen=True)
class Ensemble:
    """Draws of the parameters, on the log scale: ``members`` is (members, entries)."""

    members: Floats
    layout: Layout

    def parameters(self, member: int) -> Parameters:
        """Return the parameters of one member."""
        return Parameters.from_log(self.members[member, : len(Parameters.names())])

    def local(self, member: int) -> Local:
        """Return the local factors of one member."""
        layout = self.layout
        factors = np.append(np.exp(self.members[member]), 1.0)
        first = len(Parameters.names()) + len(layout.cells)
        return Local(layout.squares, factors[layout.of_square], layout.units, factors[first:-1])

    def __len__(self) -> int:
        return len(self.members)


def prior(layout: Layout, count: int, luck: np.random.Generator) -> Ensemble:
    """Return draws from the priors: normal on the log scale."""
    spread = layout.spread()
    return Ensemble(kept_near(luck.standard_normal((count, len(spread))) * spread, spread), layout)


def kept_near(members: Floats, spread: Floats) -> Floats:
    """Return members, none of them further out than `FARTHEST_SD`."""
    return np.clip(members, -FARTHEST_SD * spread, FARTHEST_SD * spread)
