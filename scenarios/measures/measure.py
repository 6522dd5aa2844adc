"""What a measure is: saved data that rewrites a city, and knows nothing of any model."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from shapely.geometry.base import BaseGeometry

from scenarios.faults import Fault
from scenarios.prices import Cost, Price, Prices
from twin.city import City
from twin.words import Text

MeasureId = Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,31})?$")]
"""What a measure is called within its scenario; empty until a scenario gives it one."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a measure makes of something: another measure may not make something else of it."""

    what: Text
    of: str
    value: float | Text


class Saved(BaseModel, frozen=True):
    """A part of a scenario file: fixed once read, exact in its types, nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Measure(Saved, frozen=True):
    """One change to the city.

    A measure never changes the city it is given, and never changes counters or cells: what is
    published keeps its shape. ``footprint``, ``cost``, ``claims``, ``describe`` and ``apply``
    may be asked only of a city in which the measure has no ``faults``.

    Rows that stay keep their key, and new ones are called after the measure's ``id``: draws of
    a model, which are keyed by layer keys, then stay as they were for everything else.
    """

    title: ClassVar[Text]
    """What this kind of measure is called on a page."""

    own_prices: ClassVar[Mapping[str, Price]] = {}
    """Prices of units that `costs.toml` does not have, for measures from outside."""

    kind: Annotated[str, Field(description="Which measure this is")]
    id: Annotated[
        MeasureId,
        Field(description="A short name, unique in the scenario; given by number when left out"),
    ] = ""

    @abstractmethod
    def faults(self, city: City) -> Iterator[Fault]:
        """Yield everything because of which this cannot be done in a city."""

    @abstractmethod
    def footprint(self, city: City) -> BaseGeometry:
        """Return where something changes, in the city's CRS."""

    @abstractmethod
    def cost(self, city: City, prices: Prices) -> Cost:
        """Return what it costs the city; what parking earns is no part of it."""

    @abstractmethod
    def apply(self, city: City) -> City:
        """Return the city as it is with this measure."""

    @abstractmethod
    def describe(self, city: City) -> Text:
        """Return in a sentence, without its full stop, what is done."""

    def claims(self, city: City) -> Iterator[Claim]:  # noqa: ARG002 a subclass may need it
        """Yield what is fixed here that no other measure may fix otherwise."""
        yield from ()

    def key(self, what: str, number: int) -> str:
        """Return the key of a new row of a layer, such as ``m3-bay-1`` of the measure ``m3``."""
        return f"{self.id or self.kind}-{what}-{number}"
