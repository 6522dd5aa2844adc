"""The toolbox: what a resident can change, with the few questions that each change needs.

A tool makes the content of one measure; everything else a measure can say is for files and staff.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from twin.words import Language, Text

Picks = Literal["street", "spot", "thing"]
"""What is pointed at on the map: a street or part of one, a spot, or one thing by its name."""


_NONE = Text("", "")
_BUILDS = "new_housing"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, between bounds; what is left empty is left out."""

    name: str
    label: Text
    start: float | None
    low: float
    high: float
    unit: Text = _NONE
    step: float = 1

    def read(self, text: str) -> float | int | None:
        """Return the number in a form's text; ValueError where it is none or out of bounds."""
        if not text.strip():
            return None
        value = float(text.strip().replace(",", "."))
        if not self.low <= value <= self.high:
            raise ValueError(text)
        return int(value) if self.step == int(self.step) and value.is_integer() else value

    def write(self, value: Any) -> str:
        """Return a value as it stands in a form."""
        return "" if value is None else f"{value:g}"

    def first(self, language: Language) -> str:  # noqa: ARG002 a number is the same in both
        """Return what stands in an empty form."""
        return self.write(self.start)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few answers; each stands for a value in the measure."""

    name: str
    label: Text
    options: tuple[tuple[str, Text, Any], ...]
    start: str

    def read(self, text: str) -> Any:
        """Return the value of an answer; ValueError where it is none."""
        for key, _, value in self.options:
            if key == text:
                return value
        raise ValueError(text)

    def write(self, value: Any) -> str:
        """Return the answer that stands for a value."""
        return next((key for key, _, each in self.options if each == value), self.start)

    def first(self, language: Language) -> str:  # noqa: ARG002 a key is the same in both
        """Return what is chosen in an empty form."""
        return self.start


@dataclass(frozen=True, slots=True)
class Line:
    """A few words."""

    name: str
    label: Text
    start: Text

    def read(self, text: str) -> str | None:
        """Return the words, None where there are none."""
        return text.strip()[:200] or None

    def write(self, value: Any) -> str:
        """Return the words as they stand in a form."""
        return value or ""

    def first(self, language: Language) -> str:
        """Return what stands in an empty form."""
        return self.start.into(language)


Question = Number | Choice | Line


@dataclass(frozen=True, slots=True)
class Tool:
    """One change that can be picked: its picture, what it is about, and its questions.

    ``group`` puts tools together; ``icon`` is path data in 24 by 24. ``field`` is the field of the measure that says where.
    """

    name: str
    title: Text
    group: str
    icon: str
    picks: Picks | None
    questions: tuple[Question, ...] = ()
    field: str = "where"
    measure: str = ""
    """The kind of measure that it makes, where that is not what the tool is called."""
    is_whole: bool = False
    """Whether a whole street is meant where a part of it is pointed at."""

    @property
    def takes_area(self) -> bool:
        """Whether an area may be drawn for it."""
        return self.name == _BUILDS or (self.picks == "street" and not self.is_whole)


GROUPS: Mapping[str, Text] = {
    "cars": Text("Auto’s en parkeren", "Cars and parking"),
    "bikes": Text("Fietsen", "Bicycles"),
    "street": Text("De straat", "The street"),
    "places": Text("Winkels en woningen", "Shops and homes"),
}

_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _spaces(name: str, nl: str, en: str, start: float | None) -> Number:
    return Number(name, Text(nl, en), start, 1, 500, Text("plekken", "spaces"))


_KINDS = (
    ("public", Text("voor iedereen, gratis", "everybody, free"), "public"),
    ("permit", Text("vergunninghouders", "permit holders"), "permit"),
    ("loading", Text("laden en lossen", "loading"), "loading"),
    ("disabled", Text("mensen met een beperking", "people with a disability"), "disabled"),
    ("shared_car", Text("deelauto’s", "shared cars"), "shared_car"),
    ("charging", Text("opladen", "charging"), "charging"),
)
_FROM = Number("when.from_h", Text("Van", "From"), 10, 0, 23.5, Text("uur", "h"), 0.5)
_UNTIL = Number("when.until_h", Text("Tot", "Until"), 17, 0.5, 24, Text("uur", "h"), 0.5)
_DAYS = Choice(
    "when.days",
    Text("Op", "On"),
    (
        ("all", Text("alle dagen", "every day"), _WEEK),
        ("work", Text("maandag tot en met vrijdag", "Monday to Friday"), _WEEK[:5]),
        ("sat", Text("zaterdag", "Saturday"), ["sat"]),
        ("sun", Text("zondag", "Sunday"), ["sun"]),
        ("weekend", Text("zaterdag en zondag", "Saturday and Sunday"), ["sat", "sun"]),
    ),
    "all",
)
_NAME = Text("Naam", "Name")

TOOLS: tuple[Tool, ...] = (
    Tool(
        "remove_bays", Text("Parkeerplekken weg", "Take away parking spaces"), "cars",
        "M4 4h16v16H4zM9 17V7h4a3 3 0 0 1 0 6H9M3 21 21 3", "street",
        (_spaces("count", "Hoeveel (leeg: allemaal)", "How many (empty: all)", 6),),
    ),
    Tool(
        "add_bays", Text("Parkeerplekken erbij", "Add parking spaces"), "cars",
        "M3 3h13v13H3zM8 13V6h3a2.5 2.5 0 0 1 0 5H8M19 14v8M15 18h8", "street",
        (
            _spaces("count", "Hoeveel", "How many", 6),
            Choice("bay_kind", Text("Voor wie", "For whom"), _KINDS, "public"),
        ),
    ),
    Tool(
        "convert_bays", Text("Parkeerplekken voor iets anders", "Change what spaces are for"), "cars",
        "M4 4h16v16H4zM9 17V7h4a3 3 0 0 1 0 6H9", "street",
        (
            Choice("to", Text("Voortaan voor", "From now on for"), _KINDS, "permit"),
            _spaces("count", "Hoeveel (leeg: allemaal)", "How many (empty: all)", 6),
        ),
    ),
    Tool(
        "tariff", Text("Parkeertarief", "Parking tariff"), "cars",
        "M12 3a9 9 0 1 0 .01 0M15.5 8.5A4.5 4.5 0 1 0 15.5 15.5M7 11h6M7 13.5h5", "street",
        (
            Number(
                "price_eur_h", Text("Prijs", "Price"), 4, 0, 20, Text("€ per uur", "€ an hour"), 0.1
            ),
        ),
    ),
    Tool(
        "max_stay", Text("Hoe lang je mag staan", "How long one may park"), "cars",
        "M12 3a9 9 0 1 0 .01 0M12 7v5l4 2", "street",
        (
            Number("minutes", Text("Hoogstens", "At most"), 60, 5, 1440, Text("minuten", "minutes"), 5),
        ),
    ),
    Tool(
        "open_garage", Text("Parkeergarage", "Car park"), "cars",
        "M3 10 12 4l9 6v10H3zM7 20v-7h10v7M9 17h6", "spot",
        (
            Number("capacity", Text("Plaats voor", "Room for"), 120, 1, 2000, Text("auto’s", "cars")),
            Line("name", _NAME, Text("Nieuwe garage", "New car park")),
        ),
    ),
    Tool(
        "add_racks", Text("Fietsenrekken erbij", "Add bicycle stands"), "bikes",
        "M6 17a3.5 3.5 0 1 0 .01 0M18 17a3.5 3.5 0 1 0 .01 0M6 17l4-8h5l3 8M10 9l3 8M9 7h3", "spot",
        (
            Number("places", Text("Plaats voor", "Room for"), 24, 1, 500, Text("fietsen", "bicycles")),
        ),
    ),
    Tool(
        "remove_racks", Text("Fietsenrekken weg", "Take away bicycle stands"), "bikes",
        "M6 17a3.5 3.5 0 1 0 .01 0M18 17a3.5 3.5 0 1 0 .01 0M6 17l4-8h5l3 8M10 9l3 8M3 21 21 3",
        "street",
    ),
    Tool(
        "removal_round", Text("Ronde voor gedumpte fietsen", "Rounds for dumped bikes"), "bikes",
        "M6 15a3 3 0 1 0 .01 0M15 15a3 3 0 1 0 .01 0M6 15l3-6h4l2 6M18 4a4 4 0 0 1 3 4M21 8l1.5-2M21 8l-2-1",
        None,
        (
            Number("every_d", Text("Elke", "Every"), 7, 1, 365, Text("dagen", "days")),
            Number(
                "label_d", Text("Een label hangt", "A label hangs"), 7, 0, 365, Text("dagen", "days")
            ),
        ),
    ),
    Tool(
        "bicycle_street", Text("Fietsstraat", "Bicycle street"), "bikes",
        "M7 21 10 3M17 21 14 3M12 5v3M12 11v3M12 17v3", "street", is_whole=True,
    ),
    Tool(
        "close_street", Text("Straat dicht voor auto’s", "Close a street to cars"), "street",
        "M12 3a9 9 0 1 0 .01 0M6.5 12h11", "street",
    ),
    Tool(
        "close_street_hours", Text("Straat dicht op vaste uren", "Close a street at set hours"),
        "street", "M12 3a9 9 0 1 0 .01 0M7 12h10M12 7v2M12 15v2", "street", (_FROM, _UNTIL, _DAYS),
        measure="close_street",
    ),
    Tool(
        "one_way", Text("Eenrichtingsverkeer", "One-way street"), "street",
        "M3 8h11V4l7 8-7 8v-4H3z", "street",
        (
            Choice(
                "direction",
                Text("Auto’s rijden naar het", "Cars drive to the"),
                (
                    ("north", Text("noorden", "north"), "north"),
                    ("east", Text("oosten", "east"), "east"),
                    ("south", Text("zuiden", "south"), "south"),
                    ("west", Text("westen", "west"), "west"),
                ),
                "north",
            ),
        ),
        is_whole=True,
    ),
    Tool(
        "benches_and_green", Text("Bankjes en bomen", "Benches and trees"), "street",
        "M12 3a5 5 0 0 1 3 9H9a5 5 0 0 1 3-9M12 12v9M4 17h6M5 17v4M9 17v4", "street",
        (
            Number("benches", Text("Bankjes", "Benches"), 4, 0, 100),
            Number("trees", Text("Bomen", "Trees"), 6, 0, 500),
        ),
    ),
    Tool(
        "widen_pavement", Text("Bredere stoep", "A wider pavement"), "street",
        "M4 20V4M20 20V4M8 12h8M8 12l2-2M8 12l2 2M16 12l-2-2M16 12l-2 2", "street",
        (
            Number("by_m", Text("Breder met", "Wider by"), 1.5, 0.5, 5, Text("m", "m"), 0.5),
            Choice(
                "takes",
                Text("Die ruimte komt van", "That room comes from"),
                (
                    ("bays", Text("de parkeerplekken", "the parking spaces"), "bays"),
                    ("carriageway", Text("de rijbaan", "the carriageway"), "carriageway"),
                ),
                "bays",
            ),
        ),
    ),
    Tool(
        "event", Text("Markt of straatfeest", "Market or street party"), "street",
        "M3 9h18l-2-5H5zM5 9v11M19 9v11M3 9a3 3 0 0 0 6 0 3 3 0 0 0 6 0 3 3 0 0 0 6 0", "street",
        (
            Line("name", _NAME, Text("Markt", "Market")),
            Number(
                "visitors", Text("Bezoekers", "Visitors"), 1500, 0, 50_000,
                Text("mensen per dag", "people a day"), 50,
            ),
            _FROM, _UNTIL, _DAYS,
        ),
    ),
    Tool(
        "open_attractor", Text("Winkel, café of school erbij", "A new shop, café or school"),
        "places", "M4 9h16l-1.5-5h-13zM5 9v11h14V9M10 20v-6h4v6", "spot",
        (
            Choice(
                "attractor_kind",
                Text("Wat komt er", "What comes there"),
                (
                    ("shop", Text("winkel", "shop"), "shop"),
                    ("supermarket", Text("supermarkt", "supermarket"), "supermarket"),
                    ("cafe", Text("café", "café"), "cafe"),
                    ("restaurant", Text("restaurant", "restaurant"), "restaurant"),
                    ("school", Text("school", "school"), "school"),
                    ("health", Text("dokter of zorg", "doctor or care"), "health"),
                    ("culture", Text("cultuur", "culture"), "culture"),
                    ("sport", Text("sport", "sports"), "sport"),
                ),
                "shop",
            ),
            Line("name", _NAME, Text("", "")),
        ),
    ),
    Tool(
        "close_attractor", Text("Zaak of school weg", "A shop or school goes"), "places",
        "M4 9h16l-1.5-5h-13zM5 9v11h14V9M3 21 21 3", "thing", field="attractor",
    ),
    Tool(
        "new_housing", Text("Nieuwe woningen", "New housing"), "places",
        "M4 21V8l6-4v17M10 10h10v11M13 13h1M17 13h1M13 17h1M17 17h1M7 10v1M7 14v1", "spot",
        (
            Number("dwellings", Text("Woningen", "Dwellings"), 60, 1, 2000),
            Number("floors", Text("Verdiepingen", "Floors"), 5, 1, 60),
            Number("wide_m", Text("Breed", "Wide"), 40, 5, 200, Text("m", "m")),
            Number("deep_m", Text("Diep", "Deep"), 14, 5, 100, Text("m", "m")),
            Number(
                "own_places_per_dwelling", Text("Eigen parkeerplekken per woning",
                "Parking spaces of its own, per dwelling"), 0.5, 0, 3, step=0.1,
            ),
        ),
    ),
    Tool(
        "mobility_hub", Text("Deelauto’s en rekken bij elkaar", "Shared cars and stands together"),
        "cars", "M5 16h14l-1.5-6h-11zM7 19v-3M17 19v-3M12 3v4M9 5h6", "street",
        (
            Number("shared_cars", Text("Deelauto’s", "Shared cars"), 4, 0, 50),
            Number("rack_places", Text("Fietsplekken", "Bicycle places"), 20, 0, 500),
            Number(
                "removed_bays", Text("Parkeerplekken weg voor de rekken",
                "Parking spaces that make room for the stands"), 2, 0, 50,
            ),
        ),
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Tool] = {tool.name: tool for tool in TOOLS}
