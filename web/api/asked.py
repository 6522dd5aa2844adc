"""Which figures a request asks for, checked as a whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import pyarrow as pa
from fastapi import Depends, Path, Query
from pydantic import AwareDatetime

from twin.errors import FaultsError
from twin.words import Origin
from web.site import Here, Site

MOST_DAYS = 92
"""More days than this are several requests."""


class PeriodError(FaultsError):
    """The periods asked for do not go together."""


QuantityName = Annotated[
    str,
    Path(description="Name of a quantity; `/domains` lists them", examples=["parking_occupied"]),
]


@dataclass(frozen=True, slots=True)
class AskedFigures:
    """Figures of one quantity: of the latest period of each origin, or of a stretch of time."""

    quantity: str
    since: datetime | None
    until: datetime | None
    origin: Origin | None

    def read(self, site: Site) -> pa.Table:
        """Return the figures in their fixed order."""
        reader = site.live.reader
        if self.since is not None and self.until is not None:
            return reader.figures(
                self.quantity, origin=self.origin, since=self.since, until=self.until
            )
        origins = [self.origin] if self.origin else sorted(site.live.origins(self.quantity))
        parts = [
            reader.at(self.quantity, origin, site.live.periods(self.quantity, origin)[-1].start)
            for origin in origins
            if site.live.periods(self.quantity, origin)
        ]
        empty = reader.figures(self.quantity, limit=0)
        return pa.concat_tables([empty, *parts])


def asked_figures(
    site: Here,
    quantity: QuantityName,
    since: Annotated[
        AwareDatetime | None,
        Query(
            alias="from",
            description="Periods that start at or after this time (ISO 8601 with a time zone)",
            examples=["2026-05-04T00:00:00Z"],
        ),
    ] = None,
    until: Annotated[
        AwareDatetime | None,
        Query(description=f"… and before this time; at most {MOST_DAYS} days after `from`"),
    ] = None,
    latest: Annotated[
        bool | None,
        Query(description="Only the latest period of each origin; so it is without `from`"),
    ] = None,
    origin: Annotated[
        Origin | None, Query(description="Only figures of this origin; they are never mixed")
    ] = None,
) -> AskedFigures:
    """Read what a request asks for; every fault is named at once."""
    site.live.reader.quantity(quantity)
    faults: list[str] = []
    if latest and (since or until):
        faults.append("latest: goes without from and until")
    if latest is False and since is None:
        faults.append("from: needed where latest is false")
    if until and not since:
        faults.append("until: goes with from only")
    if since and until and not timedelta() < until - since <= timedelta(days=MOST_DAYS):
        faults.append(f"until: must be after from, and at most {MOST_DAYS} days after it")
    if faults:
        raise PeriodError("these periods do not go together", faults)
    if since is not None and until is None:
        until = min(since, _LAST) + timedelta(days=MOST_DAYS)
    return AskedFigures(quantity, since, until, origin)


_LAST = datetime.fromisoformat("9990-01-01T00:00:00+00:00")

Asked = Annotated[AskedFigures, Depends(asked_figures)]
