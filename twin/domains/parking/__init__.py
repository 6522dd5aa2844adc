"""Parking: bays at the kerb, garages, and bays that a scan car saw occupied."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from twin.domains.domain import CellRule, Domain, ProtectedUnit, Quantity, Sensor
from twin.readings import Device, Identifier, MovingReading, Reading, Survey
from twin.windows import Windows
from twin.words import Text

COUNT_HOURS = (3, 10, 15, 20)
"""Local hours at which Dutch cities count parked cars: night, morning, afternoon, evening."""

OVERFULL = 1.5
"""A garage counts as at most this many times its stated capacity: two of Aarhus's eight had more cars."""


class Bays(Reading):
    """Which bays of one group are occupied: the whole state of the group, at every change and heartbeat."""

    kind: Literal["bays"] = "bays"  # pyright: ignore[reportIncompatibleVariableOverride]
    occupied: Annotated[
        list[Annotated[int, Field(ge=1, le=500)]],
        Field(
            max_length=500,
            description="Numbers of the occupied bays, counted from 1 along the kerb",
        ),
    ]

    def faults(self, device: Device) -> Iterator[tuple[str, str]]:
        """Refuse bays the group does not have, and a bay named twice."""
        if any(number > device.capacity for number in self.occupied):
            yield "occupied", f"this group has bays 1 to {device.capacity}"
        if len(set(self.occupied)) != len(self.occupied):
            yield "occupied", "a bay is named twice"


class Garage(Reading):
    """How many cars are in a garage."""

    kind: Literal["garage"] = "garage"  # pyright: ignore[reportIncompatibleVariableOverride]
    cars: Annotated[int, Field(ge=0, le=20_000, description="Cars inside")]

    def excess(self, device: Device) -> Iterator[tuple[str, str]]:
        """Say of a count that is far over the garage's capacity as what it counts."""
        most = int(OVERFULL * device.capacity)
        if self.cars > most:
            yield "cars", f"counts as {most}: this garage holds {device.capacity} cars"


class Seen(MovingReading):
    """A bay that a scan car saw occupied. It says nothing about the bays not named."""

    kind: Literal["seen"] = "seen"  # pyright: ignore[reportIncompatibleVariableOverride]
    bay: Annotated[Identifier, Field(description="The bay's name in the place's bays layer")]

    refers_to: ClassVar[Mapping[str, str]] = {"bay": "bays"}


_HERE = files(__name__)
_SNAPSHOTS = Windows("snapshot", hours=COUNT_HOURS)

BAY = ProtectedUnit(
    name="bay",
    what=Text("één vak op één dag", "one space on one day"),
    because=Text(
        "Een vak is vrij of bezet en ligt in één gebiedje. Het telt mee op vier vaste momenten van"
        " een dag, of één keer als een scanauto het bezet zag.",
        "A space is free or taken and lies in one area. It is counted at four fixed moments of a"
        " day, or once if a scan car saw it taken.",
    ),
    habit=Text(
        "Uw auto staat elke dag in hetzelfde parkeervak",
        "Your car is in the same parking space every day",
    ),
)
GARAGE_PLACE = ProtectedUnit(
    name="garage_place",
    what=Text("één plek in een garage op één dag", "one place in a garage on one day"),
    because=Text(
        "Een plek in een garage is vrij of bezet. Hij telt mee op vier vaste momenten van een dag.",
        "A place in a garage is free or taken. It is counted at four fixed moments of a day.",
    ),
    habit=Text(
        "Uw auto staat elke dag in dezelfde garage", "Your car is in the same garage every day"
    ),
)


def parking() -> Domain:
    """Return the domain."""
    return Domain(
        name="parking",
        title=Text("Parkeren", "Parking"),
        question=Text("Hoe vol staan de parkeervakken?", "How full are the parking spaces?"),
        sensors=(
            Sensor(Bays, "bays", Text("Parkeersensor", "Parking sensor")),
            Sensor(Garage, "garages", Text("Teller in een garage", "Garage counter")),
            Sensor(Seen, None, Text("Scanauto", "Scan car")),
            Sensor(Survey, None, Text("Scanauto", "Scan car")),
        ),
        migrations=_HERE / "migrations",
        cells=CellRule("bays", at_least=100),
        quantities=(
            Quantity(
                name="parking_occupied",
                title=Text(
                    "Bezette parkeervakken op straat", "Occupied parking spaces on the street"
                ),
                measure=Text("bezette vakken", "occupied spaces"),
                units="cells",
                windows=_SNAPSHOTS,
                count=_HERE / "occupied.sql",
                rho_per_day=0.02,
                counts_per_day=len(COUNT_HOURS),
                protects=BAY,
                grace=timedelta(minutes=20),
                is_share=True,
                scale="parking",
            ),
            Quantity(
                name="parking_garage",
                title=Text("Auto's in parkeergarages", "Cars in garages"),
                measure=Text("auto's", "cars"),
                units="garages",
                windows=_SNAPSHOTS,
                count=_HERE / "garage.sql",
                bound={"overfull": OVERFULL},
                rho_per_day=0.02,
                counts_per_day=len(COUNT_HOURS),
                protects=GARAGE_PLACE,
                grace=timedelta(minutes=20),
                is_share=True,
                scale="parking",
            ),
            Quantity(
                name="parking_seen",
                title=Text("Vakken die de scanauto bezet zag", "Spaces a scan car saw occupied"),
                measure=Text("vakken bezet gezien", "spaces seen occupied"),
                units="cells",
                windows=Windows("day"),
                count=_HERE / "seen.sql",
                rho_per_day=0.02,
                counts_per_day=1,
                protects=BAY,
                grace=timedelta(hours=2),
                scale="parking",
            ),
        ),
    )
