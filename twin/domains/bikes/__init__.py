"""Bikes: in racks, loose, and dumped."""

from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from twin.domains.domain import CellRule, Domain, ProtectedUnit, Quantity, Sensor
from twin.readings import Device, Identifier, MovingReading, Reading, Survey
from twin.windows import Windows
from twin.words import Text

RACK_HOUR = 11
"""Local hour at which bicycles in racks are counted, once a day."""

OVERFULL = 3
"""A rack counts as at most this many times its capacity: bicycles lean against it."""


class Rack(Reading):
    """How many bicycles stand in and against a rack."""

    kind: Literal["rack"] = "rack"  # pyright: ignore[reportIncompatibleVariableOverride]
    bikes: Annotated[int, Field(ge=0, le=20_000, description="Bicycles in the rack")]

    def excess(self, device: Device) -> Iterator[tuple[str, str]]:
        """Say of a count that is far over the rack's capacity as what it counts."""
        most = OVERFULL * device.capacity
        if self.bikes > most:
            yield "bikes", f"counts as {most}: this rack has {device.capacity} places"


class Sighting(MovingReading):
    """One bicycle seen on a survey: where, and how it stands; each bicycle once a survey."""

    kind: Literal["sighting"] = "sighting"  # pyright: ignore[reportIncompatibleVariableOverride]
    state: Annotated[
        Literal["racked", "loose", "dumped"],
        Field(description="In a rack, loose on the pavement, or left behind for good"),
    ]
    bike: Annotated[
        Identifier | None,
        Field(
            description="Only where the device may see a bicycle twice on a survey: what tells it from"
            " others. It is replaced on arrival and never stored"
        ),
    ] = None

    identifies: ClassVar[frozenset[str]] = frozenset({"bike"})


class Round(Survey):
    """One round of a device that sees bicycles: which hexagons it passed through."""

    began_at: Annotated[
        AwareDatetime | None,
        Field(
            description="When the round began: needed where its sightings have `bike`, and only then."
            " If bicycles cannot be told apart since that moment, the round is refused"
        ),
    ] = None

    same_key_since: ClassVar[str | None] = "began_at"


_HERE = files(__name__)

BICYCLE = ProtectedUnit(
    name="bicycle",
    what=Text("één fiets op één dag", "one bicycle on one day"),
    because=Text(
        "Een fiets staat bij de telling van elf uur in één rek, en wordt op de ronde van die dag op"
        " één plek gezien.",
        "At the count of eleven o'clock a bicycle stands in one rack, and on the day's round it is"
        " seen in one place.",
    ),
    habit=Text(
        "Uw fiets staat elke dag op dezelfde plek", "Your bicycle is in the same place every day"
    ),
)
DUMPED_BICYCLE = ProtectedUnit(
    name="dumped_bicycle",
    what=Text("één achtergelaten fiets op één dag", "one bicycle left behind on one day"),
    because=Text(
        "Een achtergelaten fiets wordt op de ronde van een dag op één plek gezien. Niemand gebruikt"
        " hem: daarom mag het cijfer preciezer zijn.",
        "A bicycle left behind is seen in one place on a day's round. Nobody uses it: that is why"
        " the figure may be more precise.",
    ),
    rho_per_day=0.25,
    rho_per_28_days=7.0,
    rho_per_year=60.0,
    habit=Text(
        "Een achtergelaten fiets blijft op dezelfde plek staan",
        "A bicycle left behind stays in the same place",
    ),
    is_used=False,
)


def bikes() -> Domain:
    """Return the domain."""
    return Domain(
        name="bikes",
        title=Text("Fietsen", "Bikes"),
        question=Text("Waar staan fietsen in de weg?", "Where are bikes in the way?"),
        sensors=(
            Sensor(Rack, "racks", Text("Teller in een fietsenrek", "Rack counter")),
            Sensor(Sighting, None, Text("Scanauto", "Scan car")),
            Sensor(Round, None, Text("Scanauto", "Scan car")),
        ),
        migrations=_HERE / "migrations",
        cells=CellRule("racks", at_least=80),
        quantities=(
            Quantity(
                name="bikes_racked",
                title=Text("Fietsen in rekken", "Bikes in racks"),
                measure=Text("fietsen in een rek", "bikes in a rack"),
                units="cells",
                windows=Windows("snapshot", hours=(RACK_HOUR,)),
                count=_HERE / "racked.sql",
                bound={"overfull": OVERFULL},
                rho_per_day=0.01,
                counts_per_day=1,
                protects=BICYCLE,
                grace=timedelta(minutes=20),
                is_share=True,
                scale="bikes",
            ),
            Quantity(
                name="bikes_loose",
                title=Text("Los gestalde fietsen", "Loose bikes"),
                measure=Text("losse fietsen", "loose bikes"),
                units="cells",
                windows=Windows("day"),
                count=_HERE / "seen.sql",
                bound={"state": "loose"},
                rho_per_day=0.01,
                counts_per_day=1,
                protects=BICYCLE,
                grace=timedelta(hours=2),
                scale="bikes",
            ),
            Quantity(
                name="bikes_dumped",
                title=Text("Gedumpte fietsen", "Dumped bikes"),
                measure=Text("gedumpte fietsen", "dumped bikes"),
                units="cells",
                windows=Windows("day"),
                count=_HERE / "seen.sql",
                bound={"state": "dumped"},
                rho_per_day=0.25,
                counts_per_day=1,
                protects=DUMPED_BICYCLE,
                grace=timedelta(hours=2),
                has_weeks=True,
                scale="bikes",
            ),
        ),
    )
