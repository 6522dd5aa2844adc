"""Tables that come with the program, and of which a city replaces the rows it knows better."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError

from scenarios.faults import model_faults, suggest
from twin.errors import FaultsError

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class TableFile(Generic[Row]):
    """One such table.

    Attributes
    ----------
    file
        The TOML file beside this module that has every row by name.
    row
        What a row has.
    error, what, unknown
        The error that is raised, what it is a table of, and what is said of a name not in it.
    kept
        Fields that a city's own row need not say again.
    """

    file: str
    row: type[Row]
    error: type[FaultsError]
    what: str
    unknown: str
    kept: tuple[str, ...] = ("unit",)

    def read(
        self, path: Path | None = None, more: Mapping[str, Row] | None = None
    ) -> dict[str, Row]:
        """Return all rows, those of ``path`` in the place of ours, and of ``more`` beside them.

        Raises
        ------
        FaultsError
            With every fault of the file; it is of the class `error`.
        """
        known = {**_ours(self), **(more or {})}
        if path is None:
            return known
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise self.error(f"{path.name} cannot be read", [str(err)]) from err
        return {**known, **self.parsed(text, path.name, known)}

    def parsed(self, text: str, file: str, known: Mapping[str, Row] | None) -> dict[str, Row]:
        """Return the rows of a text; ``known`` are the rows that it may have, or None for any."""
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as err:
            raise self.error(f"{file} is no TOML", [str(err)]) from err
        faults: list[str] = []
        found: dict[str, Row] = {}
        for name, row in table.items():
            if known is not None and name not in known:
                faults.append(f"{name}: {self.unknown}; {suggest(name, list(known)).en}")
                continue
            try:
                found[name] = self.row.model_validate(self._filled(row, (known or {}).get(name)))
            except ValidationError as err:
                faults += [str(fault.under(name)) for fault in model_faults(err)]
        if faults:
            raise self.error(f"{file} is no table of {self.what}", faults)
        return found

    def _filled(self, row: Any, known: Row | None) -> Any:
        if known is None or not isinstance(row, dict):
            return row
        return {**known.model_dump(include=set(self.kept)), **cast("dict[str, Any]", row)}


@cache
def _ours(table: TableFile[Any]) -> Mapping[str, Any]:
    """Return the rows that come with the program."""
    text = (files("scenarios") / table.file).read_text(encoding="utf-8")
    return table.parsed(text, table.file, None)
