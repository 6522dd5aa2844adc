"""What measures cost: a table of prices per unit, which a city can replace by its own."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from scenarios.errors import PriceError
from scenarios.table_file import TableFile

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
    """The prices of all units, by name; ``file`` is a city's own table that has a say, if any."""

    by_name: Mapping[str, Price]
    file: Path | None = None

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


_FILE = TableFile(
    "costs.toml", Price, PriceError, what="prices", unknown="no measure uses such a price"
)


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
    return Prices(MappingProxyType(_FILE.read(path, more)), path)
