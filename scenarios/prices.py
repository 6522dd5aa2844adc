"""What measures cost: a table of prices per unit, which a city can replace by its own."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenarios.errors import PriceError
from scenarios.faults import model_faults, suggest

_MOST_EUR = 1e9


@dataclass(frozen=True, slots=True)
class Cost:
    """Euros to spend once, and euros a year."""

    investment_eur: float = 0.0
    yearly_eur: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.investment_eur + other.investment_eur, self.yearly_eur + other.yearly_eur)


Euros = Annotated[float, Field(ge=0, le=_MOST_EUR)]


class Price(BaseModel):
    """The price of one unit: once, and every year."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    unit: str = Field(description="What one of it is, in words")
    investment_eur: Euros = Field(default=0.0, description="Euros, once")
    yearly_eur: Euros = Field(default=0.0, description="Euros every year")
    source: str = Field(default="assumed", description="Where the price comes from")


@dataclass(frozen=True)
class Prices:
    """The prices of all units, by name."""

    by_name: Mapping[str, Price]

    def fingerprint(self) -> str:
        """Return the SHA-256 of all prices: the same for the same table."""
        content = {name: price.model_dump(mode="json") for name, price in self.by_name.items()}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def of(self, name: str, count: float = 1.0) -> Cost:
        """Return what ``count`` units cost.

        >>> Prices({"bench": Price(unit="a bench", investment_eur=900, yearly_eur=50)}).of("bench", 2)
        Cost(investment_eur=1800, yearly_eur=100)
        """
        price = self.by_name[name]
        return Cost(_whole(price.investment_eur * count), _whole(price.yearly_eur * count))


def _whole(eur: float) -> int:
    return round(eur)


def read_prices(path: Path | None = None, more: Mapping[str, Price] | None = None) -> Prices:
    """Return the prices of `costs.toml`, those of ``path`` in their place where it has them.

    Parameters
    ----------
    more
        Prices of units that measures from outside bring; a file may replace those too.

    Raises
    ------
    PriceError
        With every fault of the file: units that no measure uses, values that are not allowed.
    """
    known = {**_default(), **(more or {})}
    if path is None:
        return Prices(MappingProxyType(known))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise PriceError(f"{path.name} cannot be read", [str(err)]) from err
    own = _parse(text, path.name, known)
    return Prices(MappingProxyType({**known, **own}))


@cache
def _default() -> Mapping[str, Price]:
    text = (files("scenarios") / "costs.toml").read_text(encoding="utf-8")
    return _parse(text, "costs.toml", None)


def _parse(text: str, file: str, known: Mapping[str, Price] | None) -> dict[str, Price]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        raise PriceError(f"{file} is no TOML", [str(err)]) from err
    faults: list[str] = []
    prices: dict[str, Price] = {}
    for name, row in table.items():
        if known is not None and name not in known:
            faults.append(f"{name}: no measure uses such a price; {suggest(name, list(known))}")
            continue
        try:
            prices[name] = Price.model_validate(_with_unit(row, known[name] if known else None))
        except ValidationError as err:
            faults += [f"{name}.{fault}" if fault else name for fault in model_faults(err)]
    if faults:
        raise PriceError(f"{file} is no table of prices", faults)
    return prices


def _with_unit(row: Any, known: Price | None) -> Any:
    """A city's own file need not say again what a unit is."""
    if known is None or not isinstance(row, dict):
        return row
    return {"unit": known.unit, **cast("dict[str, Any]", row)}
