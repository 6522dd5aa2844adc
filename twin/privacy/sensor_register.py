"""Who is behind the sensors: a TOML file that whoever runs the place fills in, and publishes.

It lies in the place's ``public/`` as ``register.toml``. What is not in it is "not filled in yet":
nothing here is guessed. The words that people read are in both languages, or refused.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from twin.domains import Domain
from twin.errors import FaultsError
from twin.words import Language

FILE = "register.toml"

_CONTACT = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+|https://[^\s]+\.[^\s]+")
_LINK = re.compile(r"https://[^\s]+\.[^\s]+")


class RegisterError(FaultsError):
    """The file that says who is behind the sensors is not right."""


def _matches(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"must be {what}")
        return text

    return AfterValidator(check)


Line = Annotated[str, Field(min_length=1, max_length=500)]
Contact = Annotated[
    str, _matches(_CONTACT, "an e-mail address or a link that begins with https://")
]
Link = Annotated[str, _matches(_LINK, "a link that begins with https://")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Both(_Table):
    """A text in both languages of the pages."""

    nl: Line
    en: Line

    def into(self, language: Language) -> str:
        """Return the text in ``language``."""
        return self.nl if language == "nl" else self.en


class Organisation(_Table):
    """Who runs the place and answers for it."""

    name: Line
    department: Line | None = None
    contact: Contact
    website: Link | None = None


class KindOfSensor(_Table):
    """Who is behind all sensors of one kind: one subject, and the layer that they stand on.

    Without a layer it is about those that move about, or stand at a position of their own.
    """

    domain: str
    layer: str | None = None
    owner: Line
    purpose: Both
    legal_ground: Both
    contact: Contact
    end_date: date


class Algorithms(_Table):
    """What the national register of algorithms asks, and only whoever runs the place can know."""

    status: Literal["In ontwikkeling", "In gebruik", "Buiten gebruik"]
    publication_category: Literal[
        "Hoog-risico AI-systeem", "Impactvolle algoritmes", "Overige algoritmes"
    ]
    begin_date: Month | None = None
    end_date: Month | None = None
    lawful_basis: Both
    impact_assessment: Link | None = None
    source_code: Link | None = None


class SensorRegister(_Table):
    """Everything that is filled in."""

    organisation: Organisation | None = None
    sensors: tuple[KindOfSensor, ...] = ()
    algorithms: Algorithms | None = None

    def of(self, domain: str, layer: str | None) -> KindOfSensor | None:
        """Return what is filled in for a kind of sensor."""
        return next(
            (each for each in self.sensors if (each.domain, each.layer) == (domain, layer)), None
        )


def read_sensor_register(content: bytes, domains: Iterable[Domain]) -> SensorRegister:
    """Read what is in the file.

    Raises
    ------
    RegisterError
        With everything that is wrong with it.
    """
    what = f"{FILE} is not right"
    try:
        given = tomllib.loads(content.decode("utf-8"))
    except ValueError as err:
        raise RegisterError(what, [f"it is not TOML in UTF-8: {err}"]) from err
    try:
        register = SensorRegister.model_validate(given)
    except ValidationError as err:
        faults = [_fault(each) for each in err.errors(include_url=False)]
        raise RegisterError(what, [*faults, *_kind_faults(_kinds_given(given), domains)]) from err
    kinds = [(each.domain, each.layer) for each in register.sensors]
    if faults := list(_kind_faults(kinds, domains)):
        raise RegisterError(what, faults)
    return register


def publish_sensor_register(
    content: bytes, public: Path, domains: Iterable[Domain]
) -> SensorRegister:
    """Check what is in a file, and put it into ``public/``, where the pages read it.

    Raises
    ------
    RegisterError
        With everything that is wrong with it; nothing was written.
    """
    register = read_sensor_register(content, domains)
    temporary = public / f"{FILE}.partial"
    temporary.write_bytes(content)
    temporary.replace(public / FILE)
    return register


def kinds_of(domains: Iterable[Domain]) -> list[tuple[str, str | None]]:
    """Return every kind of sensor: its domain, and its layer if it stands on one."""
    return list(
        dict.fromkeys(
            (domain.name, sensor.layer) for domain in domains for sensor in domain.sensors
        )
    )


def _fault(error: Any) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
    reason = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {reason[:1].lower()}{reason[1:]}"


def _kinds_given(given: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Return the kinds of a file that has faults, as far as they can be read."""
    tables: Any = given.get("sensors")
    if not isinstance(tables, list):
        return []
    found: list[tuple[Any, Any]] = [
        (each.get("domain"), each.get("layer"))
        for each in cast("list[Any]", tables)
        if hasattr(each, "get")
    ]
    return [
        (domain, layer)
        for domain, layer in found
        if isinstance(domain, str) and isinstance(layer, str | None)
    ]


def _kind_faults(
    given: Sequence[tuple[str, str | None]], domains: Iterable[Domain]
) -> Iterator[str]:
    known = kinds_of(domains)
    there = ", ".join(_kind(*each) for each in known)
    seen: set[tuple[str, str | None]] = set()
    for kind in given:
        if kind not in known:
            yield f"sensors: there is no kind {_kind(*kind)}; there are {there}"
        elif kind in seen:
            yield f"sensors: {_kind(*kind)} is there twice"
        seen.add(kind)


def _kind(domain: str, layer: str | None) -> str:
    return f"{domain} {layer}" if layer else f"{domain} without a layer"
