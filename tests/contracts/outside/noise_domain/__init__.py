"""A domain as somebody else might bring it: in which minutes of an hour it was loud."""

from datetime import timedelta
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from twin.domains import CellRule, Domain, Quantity, Sensor
from twin.readings import Reading
from twin.windows import Windows
from twin.words import Text

EXAMPLE = {
    "kind": "level",
    "observed_at": "2026-05-04T09:15:00Z",
    "boot": "2026-05-04T06:00:00Z",
    "seq": 42,
    "heartbeat": True,
    "minutes": 15,
    "loud_minutes": 4,
    "level_db": 67.5,
}


class Level(Reading):
    """How loud it was in the minutes that ended at ``observed_at``."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    kind: Literal["level"] = "level"
    minutes: Annotated[int, Field(ge=1, le=60, description="Minutes measured")]
    loud_minutes: Annotated[int, Field(ge=0, le=60, description="Of these, above 65 dB(A)")]
    level_db: Annotated[float, Field(ge=0, le=140, description="Mean sound level in dB(A)")]


def noise() -> Domain:
    """Return the domain."""
    return Domain(
        name="noise",
        title=Text("Geluid", "Noise"),
        question=Text("Waar is het lang hard?", "Where is it loud for long?"),
        sensors=(Sensor(Level, "counters", Text("Geluidsmeter", "Noise meter")),),
        migrations=files(__name__) / "migrations",
        cells=CellRule(),
        quantities=(
            Quantity(
                name="noise_loud",
                title=Text("Minuten boven 65 dB per uur", "Minutes above 65 dB per hour"),
                measure=Text("minuten boven 65 dB", "minutes above 65 dB"),
                units="cells",
                windows=Windows("hour"),
                count=files(__name__) / "loud.sql",
                rho_per_day=0.02,
                counts_per_day=1,
                protects=Text("één lawaaiige minuut", "one loud minute"),
                grace=timedelta(minutes=20),
            ),
        ),
    )
