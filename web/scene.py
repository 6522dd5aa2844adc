"""A scene: what one quantity says of every unit at one moment, as numbers.

Words, the table, the list and the map's colours are all made from the same scene, so they
cannot say different things.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from twin.domains import Quantity
from twin.privacy import estimates
from twin.privacy.columns import floats, texts
from twin.privacy.estimates import Array, Levels
from twin.privacy.estimates import Usual as UsualLevels
from twin.privacy.usual_week import UsualWeek
from twin.words import Origin
from web.moments import Moment

SHARE_BREAKS = (0.5, 0.65, 0.8, 0.9)
"""Where a share changes colour: occupancy matters most between half full and full."""

COUNT_BREAKS = (0.1, 0.25, 0.5, 0.75)
"""Where a count changes colour, as parts of what the busiest places usually have."""

TOP_PERCENTILE = 98
WIDE_SHARE = 0.25
"""A share whose interval is wider than this to either side is too uncertain to say."""

WIDE_COUNT = 0.75
"""The same for a count, as a part of the count."""

FEW_SHARE = 0.1
FEW_COUNT = 10.0
"""Up to here, an interval that reaches zero is read as none or few."""

FEW_OF_TOP = 0.2
"""The same, as a part of what the busiest places usually have."""


CLEARLY_SHARE = 0.03
CLEARLY_COUNT = 0.1
"""A difference with what is usual smaller than this is not called one, however sure."""


class Certainty(StrEnum):
    """How a figure may be told."""

    ABOUT = "about"
    FEW = "few"
    UNCERTAIN = "uncertain"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a scene says of one unit: a level with its 90 % interval, clipped for showing.

    ``step`` is the colour, 0 to 4; ``share_covered`` how much of it was measured.
    """

    unit: str
    certainty: Certainty
    level: float
    low: float
    high: float
    step: int
    share_covered: float


@dataclass(frozen=True, slots=True)
class Whole:
    """All units together: the sum of what was published, and what is usual for the same units."""

    level: float
    low: float
    high: float
    measured: int
    usual: float | None
    is_more: bool | None
    """Whether it is clearly more (True) or less (False) than usual; None: about the same."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one quantity says at one moment; marks are ordered by unit."""

    quantity: Quantity
    origin: Origin
    moment: Moment
    marks: tuple[Mark, ...]
    whole: Whole | None
    breaks: tuple[float, ...]

    def mark(self, unit: str) -> Mark | None:
        """Return what is said of a unit, None where there is nothing to measure with."""
        return next((mark for mark in self.marks if mark.unit == unit), None)


def breaks(quantity: Quantity, usual: UsualWeek, latest: Array) -> tuple[float, ...]:
    """Return where the colour changes: fixed for a share, else from what is usual.

    The same for every moment, so that a colour means the same all along the slider.
    """
    if quantity.is_share:
        return SHARE_BREAKS
    known = np.concatenate([usual.means(), latest[~np.isnan(latest)]])
    top = float(np.percentile(known, TOP_PERCENTILE)) if len(known) else 0.0
    chosen: list[float] = []
    for part in COUNT_BREAKS:
        chosen.append(max(nice(part * top), (chosen[-1] + 1) if chosen else 1.0))
    return tuple(chosen)


def period_scene(
    quantity: Quantity,
    origin: Origin,
    moment: Moment,
    figures: pa.Table,
    usual: UsualLevels,
    alike: Levels,
    edges: tuple[float, ...],
) -> Scene:
    """Make the scene of a published period; each figure is weighed with what is usual.

    ``usual`` is that hour in all weeks, ``alike`` what days like it say of the hour.
    """
    units = texts(figures, "unit")
    value, covered, capacity, sigma = (
        floats(figures, name) for name in ("value", "covered", "capacity", "sigma")
    )
    own = estimates.levels(value, covered, capacity, sigma, is_share=quantity.is_share)
    others = estimates.with_alike(estimates.without(usual, own), alike)
    shown = estimates.combined(own, others)
    share_covered = np.where(capacity > 0, covered / np.maximum(capacity, 1), 0.0)
    return Scene(
        quantity,
        origin,
        moment,
        marks(units, shown, share_covered, edges, is_share=quantity.is_share),
        _whole(quantity, (value, covered, capacity, sigma), others),
        edges,
    )


def usual_scene(
    quantity: Quantity,
    origin: Origin,
    moment: Moment,
    units: Sequence[str],
    usual: UsualLevels,
    capacity: Array,
    edges: tuple[float, ...],
) -> Scene:
    """Make the scene of an hour of the typical week: means, with their standard errors."""
    shown = usual.levels()
    everything = np.ones(len(units))
    level, sd = shown.level, shown.sd
    weight = capacity / capacity.sum() if quantity.is_share else everything
    total = float((level * weight).sum())
    wide = estimates.Z90 * float(np.sqrt(((sd * weight) ** 2).sum()))
    whole = Whole(total, max(0.0, total - wide), total + wide, len(units), None, None)
    return Scene(
        quantity,
        origin,
        moment,
        marks(units, shown, everything, edges, is_share=quantity.is_share),
        whole,
        edges,
    )


def marks(
    units: Sequence[str],
    shown: Levels,
    share_covered: Array,
    edges: tuple[float, ...],
    *,
    is_share: bool,
) -> tuple[Mark, ...]:
    """Return a mark for every unit, clipped to what is possible."""
    low, high = shown.interval()
    top = 1.0 if is_share else np.inf
    few = FEW_SHARE if is_share else max(FEW_COUNT, FEW_OF_TOP * edges[-1] / COUNT_BREAKS[-1])
    level, low, high = (np.clip(a, 0.0, top) for a in (shown.level, low, high))
    wide = estimates.Z90 * shown.sd
    too_wide = np.full(len(units), WIDE_SHARE) if is_share else np.maximum(WIDE_COUNT * level, few)
    step = np.searchsorted(np.array(edges), level, side="right")
    made: list[Mark] = []
    for index, unit in enumerate(units):
        if np.isnan(level[index]):
            certainty = Certainty.SILENT
        elif low[index] <= 0 and high[index] <= few:
            certainty = Certainty.FEW
        elif wide[index] > too_wide[index]:
            certainty = Certainty.UNCERTAIN
        else:
            certainty = Certainty.ABOUT
        made.append(
            Mark(
                unit,
                certainty,
                float(level[index]),
                float(low[index]),
                float(high[index]),
                0 if certainty is Certainty.SILENT else int(step[index]),
                float(share_covered[index]),
            )
        )
    return tuple(made)


def _whole(
    quantity: Quantity, columns: tuple[Array, Array, Array, Array], usual: UsualLevels
) -> Whole | None:
    value, covered, capacity, sigma = columns
    level, sd = estimates.total(value, covered, capacity, sigma, is_share=quantity.is_share)
    if np.isnan(level):
        return None
    wide = estimates.Z90 * sd
    seen = ~np.isnan(value)
    known = seen & (usual.weeks >= estimates.MIN_WEEKS)
    expected, is_more = None, None
    if known.sum() == seen.sum():
        weight = (
            covered[known] / covered[known].sum() if quantity.is_share else np.ones(known.sum())
        )
        expected = float((usual.mean[known] * weight).sum())
        weeks = usual.weeks[known]
        varies = usual.between[known] * (1 + 1 / weeks) + usual.noise[known] / weeks
        error = np.sqrt((varies * weight**2).sum())
        gap = max(
            estimates.Z90 * float(np.hypot(sd, error)),
            CLEARLY_SHARE if quantity.is_share else CLEARLY_COUNT * expected,
        )
        is_more = None if abs(level - expected) <= gap else level > expected
    top = 1.0 if quantity.is_share else np.inf
    low, shown, high = (float(np.clip(v, 0.0, top)) for v in (level - wide, level, level + wide))
    return Whole(shown, low, high, int(seen.sum()), expected, is_more)


def nice(value: float) -> float:
    """Round to one and a half significant digits, as people would choose a step."""
    if value <= 0:
        return 0.0
    size = 10 ** np.floor(np.log10(value))
    return float(round(round(value / size * 2) / 2 * size))
