"""What the API answers."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from twin.words import Origin


class Answer(BaseModel):
    """What every answer has in common: it can be relied on not to change after it was made."""

    model_config = ConfigDict(frozen=True)


class Fault(Answer):
    """What was wrong with a request."""

    error: str = Field(description="What went wrong, for whoever reads it")
    faults: list[str] = Field([], description="Every single thing that is wrong")


class Texts(Answer):
    """A text in both languages."""

    nl: str
    en: str


class LayerAbout(Answer):
    """What is known of a layer as a whole."""

    name: str = Field(examples=["bays"])
    rows: int
    columns: list[str] = Field(description="The columns that are public")
    sources: list[str]
    licences: list[str]
    attributions: list[str] = Field(description="Must be shown wherever the layer is")
    share_assumed: float | None = Field(description="The share of rows that nobody mapped")


class PlaceAbout(Answer):
    """The neighbourhood."""

    name: str = Field(examples=["helsinki"])
    title: str
    timezone: str = Field(examples=["Europe/Helsinki"])
    bbox: list[float] = Field(description="West, south, east, north in degrees (WGS 84)")
    centre: list[float] = Field(description="Longitude and latitude")
    notes: list[str]
    attributions: list[str]


class QuantityAbout(Answer):
    """One number that is published for every unit and period."""

    name: str = Field(examples=["parking_occupied"])
    title: Texts
    measure: Texts
    units: str = Field(description="The layer whose rows the figures are about")
    windows: Literal["snapshot", "hour", "day"]
    is_share: bool = Field(description="Whether value / covered is how people read it")
    protects: Texts = Field(description="About what no single figure says much")
    sigma: float = Field(description="Standard deviation of the noise (discrete Gaussian)")
    rho_per_day: float = Field(description="Budget a day of the protected unit (zCDP)")
    origins: list[Origin] = Field(description="Origins for which there are figures")


class DomainAbout(Answer):
    """One subject that is measured."""

    name: str
    title: Texts
    question: Texts
    quantities: list[QuantityAbout]


class Figure(Answer):
    """One published figure."""

    unit: str
    version: int = Field(description="Version of the units' geography")
    window_start: datetime
    window_end: datetime
    origin: Origin
    value: int | None = Field(description="With noise: may be below zero; null: not measured")
    covered: int = Field(description="How much of the capacity was measured")
    capacity: int
    sigma: float
    rho: float


class Release(Answer):
    """Published figures of one quantity, by period, origin and unit."""

    quantity: str
    is_share: bool
    figures: list[Figure]


class TypicalLevel(Answer):
    """What is usual at an hour of the week."""

    unit: str
    slot: int = Field(description="Local hour of the week, from Monday midnight", ge=0, le=167)
    weeks: int = Field(description="How many weeks it is the mean of")
    mean: float = Field(description="A share of what was covered, or a count scaled to all of it")
    standard_error: float = Field(description="Of the mean; the noise is part of it")


class Typical(Answer):
    """The typical week of one quantity."""

    quantity: str
    origin: Origin | None = Field(description="None where nothing was published yet")
    levels: list[TypicalLevel]


class WeeklyLevel(Answer):
    """The mean level of one unit in one week."""

    unit: str
    week: date = Field(description="The local date of its Monday")
    level: float = Field(description="A share of what was covered, or a count scaled to all of it")
    standard_error: float = Field(
        description="Of the mean of seven days; the noise and the days that are missing are part of it"
    )
    days: int = Field(description="On how many days it was measured", ge=1, le=7)


class Weekly(Answer):
    """Weeks of one quantity."""

    quantity: str
    origin: Origin | None = Field(description="None where nothing was published yet")
    levels: list[WeeklyLevel]


class WindowCoverage(Answer):
    """How much was measured in one period."""

    window_start: datetime
    window_end: datetime
    origin: Origin
    units: int = Field(description="Units that have devices")
    measured: int = Field(description="Units of which enough devices were alive")
    share_covered: float = Field(description="Covered part of the capacity of all units")
    silent: list[str] = Field(description="The units that were not measured")


class Coverage(Answer):
    """How much of a quantity was measured."""

    quantity: str
    windows: list[WindowCoverage]


class Found(Answer):
    """Something that was found."""

    kind: str = Field(examples=["street"])
    kind_title: str
    label: str
    layer: str
    key: str
    lon: float
    lat: float


class SearchAnswer(Answer):
    """What was found, the best first."""

    found: list[Found]


class Health(Answer):
    """Whether the site is ready to use."""

    status: Literal["ready", "starting", "stopped"]
    reason: str = Field(description="Why it is not ready, in plain words; empty if it is")
    progress: float | None = Field(default=None, description="How far it is with that, 0 to 1")


class FeatureCollection(Answer):
    """GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]


class DeviceSchemas(Answer):
    """The JSON Schemas of what devices send, by subject."""

    schemas: dict[str, Any]
