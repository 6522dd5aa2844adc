"""Footfall: passages counted, without knowing anybody."""

from datetime import timedelta
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from twin.domains.domain import CellRule, Domain, ProtectedUnit, Quantity, Sensor
from twin.readings import Reading
from twin.windows import Windows
from twin.words import Text


class Passages(Reading):
    """How many passages a counter counted in the interval that ended at ``observed_at``.

    A counter sends one for every interval, zero included, so each is a heartbeat by itself.
    """

    kind: Literal["passages"] = "passages"  # pyright: ignore[reportIncompatibleVariableOverride]
    heartbeat: Annotated[
        bool, Field(description="Always true: it is sent because the interval is over")
    ] = True
    passages: Annotated[int, Field(ge=0, le=100_000, description="Passages, both ways together")]
    interval_s: Annotated[
        int, Field(ge=10, le=3600, description="Length of the interval in seconds")
    ]


_HERE = files(__name__)

PASSAGE = ProtectedUnit(
    name="passage",
    what=Text("één keer langslopen", "one passage"),
    because=Text(
        "Eén keer langslopen telt bij één teller in één uur. Een teller kent niemand: wie vaker"
        " langsloopt, telt vaker mee.",
        "Walking past once counts at one counter in one hour. A counter knows nobody: whoever"
        " walks past more often counts more often.",
    ),
    habit=Text(
        "U loopt elke dag één keer langs dezelfde teller",
        "You walk past the same counter once every day",
    ),
)


def footfall() -> Domain:
    """Return the domain."""
    return Domain(
        name="footfall",
        title=Text("Voetgangers", "People walking"),
        question=Text("Hoe druk is het op straat?", "How busy is it on the street?"),
        sensors=(Sensor(Passages, "counters", Text("Voetgangersteller", "Footfall counter")),),
        migrations=_HERE / "migrations",
        cells=CellRule(),
        quantities=(
            Quantity(
                name="footfall_passages",
                title=Text("Voorbijgangers per uur", "Passers-by per hour"),
                measure=Text("voorbijgangers", "passers-by"),
                units="cells",
                windows=Windows("hour"),
                count=_HERE / "passages.sql",
                rho_per_day=0.02,
                counts_per_day=1,
                protects=PASSAGE,
                grace=timedelta(minutes=20),
                scale="footfall",
            ),
        ),
    )
