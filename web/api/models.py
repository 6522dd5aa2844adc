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


class SpentOf(Answer):
    """What was spent, and what may be; None where nothing of the kind is published any more."""

    rho: float = Field(description="Spent (zCDP)", examples=[0.02])
    cap: float | None = Field(examples=[0.02])


class Account(Answer):
    """What was spent on one protected unit, for figures of one origin."""

    unit: str = Field(examples=["bay"])
    what: Texts | None = Field(description="The unit in words")
    origin: Origin
    last_day: date = Field(description="The last local day that was charged to it")
    day: SpentOf = Field(description="On the day `until`")
    days_28: SpentOf = Field(description="In the 28 days that end with `until`")
    days_365: SpentOf = Field(description="In the 365 days that end with `until`")


class HabitAfter(Answer):
    """What a habit has given away after a number of days, at most."""

    days: int = Field(examples=[30])
    rho: float = Field(description="What the ledger lets be spent in so many days")
    auc: float = Field(
        description="Worst-case area under the ROC curve of telling presence from absence, Φ(√ρ);"
        " 0.5 is a coin",
        examples=[0.7807],
    )


class HabitAbout(Answer):
    """A thing that is counted in everything it can be, every day."""

    unit: str = Field(examples=["bay"])
    habit: Texts | None
    after: list[HabitAfter]


class LedgerAbout(Answer):
    """What has been spent so far, and what habits give away."""

    until: date | None = Field(
        description="The last local day for which anything was published; None before that"
    )
    accounts: list[Account]
    habits: list[HabitAbout]


class WhoseSensors(Answer):
    """What whoever runs the place filled in about a kind of sensor."""

    owner: str
    purpose: Texts
    legal_ground: Texts
    contact: str
    end_date: date


class KindOfSensors(Answer):
    """All sensors of one kind."""

    domain: str = Field(examples=["parking"])
    layer: str | None = Field(
        description="What they stand on; None: a position of their own, or they move about"
    )
    title: Texts
    sensors: int
    origins: dict[Origin, int] = Field(description="How many of them are of each origin")
    filled_in: WhoseSensors | None = Field(description="None: not filled in yet")


class SensorPlace(Answer):
    """One sensor. Its own name is left out: it is the name with which it signs in."""

    domain: str
    layer: str | None
    target: str | None = Field(description="Key of what it watches, in that layer")
    street: str | None = Field(description="The street along which that is, if it has a name")
    origin: Origin
    alive: float = Field(description="Share of the last 24 whole hours in which it was alive")


class OrganisationAbout(Answer):
    """Who runs the place and answers for it."""

    name: str
    department: str | None
    contact: str
    website: str | None


class SensorsAbout(Answer):
    """The register of sensors."""

    organisation: OrganisationAbout | None = Field(description="None: not filled in yet")
    faults: list[str] = Field(description="What is wrong with what was filled in")
    kinds: list[KindOfSensors]
    sensors: list[SensorPlace]


class Link(Answer):
    """Something that can be read elsewhere."""

    title: str
    link: str


class AlgorithmAbout(Answer):
    """An entry with the fields of the publication standard of the Dutch Algoritmeregister."""

    name: str
    description_short: str
    organization: str | None
    category: list[str] = Field(examples=[["Verkeer", "Ruimte en infrastructuur"]])
    status: str | None = Field(examples=["In gebruik"])
    begin_date: str | None = Field(examples=["2027-01"])
    end_date: str | None
    contact_email: str | None
    website: str | None
    publication_category: str | None
    url: str | None
    goal: str
    proportionality: str
    human_intervention: str
    risks: str
    lawful_basis: str | None
    lawful_basis_grouping: list[Link]
    process_index_url: str | None
    impacttoetsen_grouping: list[Link]
    impacttoetsen: str | None
    source_data: str
    source_data_grouping: list[Link]
    methods_and_models: str
    provider: str | None
    publiccode: str | None
    lang: Literal["nld", "eng"]
    standard_version: str
    source_id: str = Field(examples=["parking_occupied"])
    tags: str


class AlgorithmsAbout(Answer):
    """The register of algorithms."""

    standard_version: str = Field(examples=["1.0"])
    not_filled_in: list[str] = Field(
        description="Fields that the standard needs and whoever runs the place has not filled in"
    )
    algorithms: list[AlgorithmAbout]
