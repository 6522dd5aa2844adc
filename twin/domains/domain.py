"""What a domain is: what is measured, how it is released, and how it is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources.abc import Traversable
from typing import Literal

from twin.readings import Reading
from twin.windows import Windows
from twin.words import Text

UnitLayer = Literal["cells", "garages"]


@dataclass(frozen=True, slots=True)
class CellRule:
    """How big a domain's cells must be: hexagons merge until ``layer`` weighs ``at_least``.

    The weight is the sum of the layer's ``capacity`` (or its number of rows, where it has
    none) and comes from public geography only. Without a layer, a cell is one hexagon.
    """

    layer: str | None = None
    at_least: int = 0


@dataclass(frozen=True, slots=True)
class Sensor:
    """A kind of reading and the layer its devices stand on (None: it moves about)."""

    reading: type[Reading]
    layer: str | None
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One number that is released for every unit and window of a domain.

    Attributes
    ----------
    units
        The public layer whose rows are the units of publication.
    windows
        The fixed, closed windows, in the place's local time.
    count
        SQL that counts exactly, for ``$window_start`` and ``$window_end`` (see
        ``docs/domains.md``): one row per unit and origin with ``value``, ``covered`` and
        ``capacity``.
    bound
        Further values that the query names, for quantities that share one.
    rho_per_day
        The zCDP budget that one protected unit can spend on this quantity in one day.
    counts_per_day
        In how many windows of a day one protected unit can be counted (k).
    protects
        The unit protected, in words.
    grace
        How long after its end a window waits for late readings.
    min_coverage
        The share of devices that must be alive for a unit to count as measured.
    is_share
        Whether people read it as a share of ``capacity`` (an occupancy).
    scale
        The colour scale it is drawn with: a key of ``web.colours.SCALES``.
    """

    name: str
    title: Text
    measure: Text
    units: UnitLayer
    windows: Windows
    count: Traversable
    rho_per_day: float
    counts_per_day: int
    protects: Text
    grace: timedelta
    min_coverage: float = 0.5
    is_share: bool = False
    scale: str = "teal"
    bound: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def sigma(self) -> float:
        """Scale of the discrete Gaussian: √(k / 2ρ), zCDP with L2 sensitivity √k (Bun & Steinke 2016)."""
        return (self.counts_per_day / (2 * self.rho_per_day)) ** 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One subject that is measured: its sensors, its storage, its cells and its quantities.

    ``migrations`` is a folder of numbered SQL files that make ``city.<name>_reading``: the
    columns of `twin.readings.ENVELOPE` plus one column for each field of its readings.
    """

    name: str
    title: Text
    question: Text
    sensors: tuple[Sensor, ...]
    migrations: Traversable
    cells: CellRule
    quantities: tuple[Quantity, ...]

    @property
    def table(self) -> str:
        """Name of the table of readings, within the city store."""
        return f"{self.name}_reading"

    def quantity(self, name: str) -> Quantity:
        """Return the quantity of that name; KeyError if there is none."""
        return {quantity.name: quantity for quantity in self.quantities}[name]


DomainFactory = Callable[[], Domain]
