"""The typical week of a whole place in one answer, so that a page need not ask for a part of it."""

from typing import Any

import numpy as np

from twin.domains import Quantity
from twin.privacy import estimates
from twin.privacy.estimates import Array
from web.live import Live

SHOPPING = ("footfall_passages", "parking_occupied", "parking_garage", "bikes_racked")
"""The quantities that say when to go shopping, and how."""


def typical_weeks(live: Live) -> dict[str, Any]:
    """Return, for each quantity with figures, what is usual by unit and hour of the week.

    `mean`, `low` and `high` are (units, slots): per cent for shares, counts else; `low` and
    `high` are where a usual week's figure lies nine times out of ten; null is not known.
    """
    found: dict[str, Any] = {}
    for name in SHOPPING:
        known = [q for domain in live.domains for q in domain.quantities if q.name == name]
        origins = live.origins(name) if known else []
        if origins:
            found[name] = _week(live, known[0], origins[0]) | {"origin": origins[0].value}
    return found


def _week(live: Live, quantity: Quantity, origin: Any) -> dict[str, Any]:
    usual = live.usual(quantity.name, origin)
    slots = usual.slots
    units = sorted({unit for slot in slots for unit in usual.units(slot)})
    shown = [usual.shown(slot, units) for slot in slots]
    mean = np.column_stack([one.mean for one in shown])
    weeks = np.column_stack([one.weeks for one in shown])
    with np.errstate(divide="ignore", invalid="ignore"):
        varies = np.column_stack(
            [one.between * (1 + 1 / one.weeks) + one.noise / one.weeks for one in shown]
        )
    wide = estimates.Z90 * np.sqrt(varies)
    is_known = (weeks > 0) & np.isfinite(wide) & np.isfinite(mean)
    most = 1.0 if quantity.is_share else np.inf
    return {
        "units": units,
        "slots": slots,
        "mean": _written(quantity, np.clip(mean, 0, most), is_known),
        "low": _written(quantity, np.clip(mean - wide, 0, most), is_known),
        "high": _written(quantity, np.clip(mean + wide, 0, most), is_known),
    }


def _written(quantity: Quantity, values: Array, is_known: np.ndarray[Any, Any]) -> list[list[Any]]:
    scaled = np.rint(np.where(is_known, values, 0.0) * (100 if quantity.is_share else 1))
    return [
        [int(value) if known else None for value, known in zip(row, there, strict=True)]
        for row, there in zip(scaled.tolist(), is_known.tolist(), strict=True)
    ]
