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
class ProtectedUnit:
    """One thing that releases protect, and the zCDP budget that all of them together may spend on it.

    Attributes
    ----------
    what
        The unit, in words: of one bay on one day, a figure says no more than its ρ allows.
    because
        Why one unit adds at most 1 to one figure, in a known number of windows, whoever it is.
    rho_per_day, rho_per_28_days, rho_per_year
        What may be spent on one unit in a local day, in any 28 days and in any 365 days: habits
        add up, and end there.
    habit
        What somebody does who is counted in it every day, as residents read it.
    is_used
        Whether it may be somebody's; not so for what nobody uses any more.
    """

    name: str
    what: Text
    because: Text
    rho_per_day: float = 0.02
    rho_per_28_days: float = 0.56
    rho_per_year: float = 5.0
    habit: Text | None = None
    is_used: bool = True


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
    protects
        The unit protected; quantities that may count the same unit share its budget.
    rho_per_day
        How much of the unit's budget for a day this quantity needs.
    counts_per_day
        In how many windows of a day one protected unit can be counted (k).
    grace
        How long after its end a window waits for late readings.
    min_coverage
        The share of devices that must be alive for a unit to count as measured.
    is_share
        Whether people read it as a share of ``capacity`` (an occupancy).
    has_weeks
        Whether the last whole week, the mean of its days, is shown beside a day's count.
    scale
        The colour scale it is drawn with: a key of ``web.colours.SCALES``.
    """

    name: str
    title: Text
    measure: Text
    units: UnitLayer
    windows: Windows
    count: Traversable
    protects: ProtectedUnit
    rho_per_day: float
    counts_per_day: int
    grace: timedelta
    min_coverage: float = 0.5
    is_share: bool = False
    has_weeks: bool = False
    scale: str = "teal"
    bound: Mapping[str, str | float] = field(default_factory=dict[str, str | float])

    @property
    def sigma(self) -> float:
        """Scale of the discrete Gaussian: √(k / 2ρ), zCDP with L2 sensitivity √k (Bun & Steinke 2016)."""
        return (self.counts_per_day / (2 * self.rho_per_day)) ** 0.5

    @property
    def rho_per_window(self) -> float:
        """What one window tells about a unit that is counted in it."""
        return self.rho_per_day / self.counts_per_day


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
