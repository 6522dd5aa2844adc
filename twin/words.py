"""Words that a person reads, in the two languages of the pages, and the origin of a figure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Dutch and in English.

    >>> Text("parkeren", "parking").into("en")
    'parking'
    """

    nl: str
    en: str

    def into(self, language: Language) -> str:
        """Return the text in ``language``."""
        return self.nl if language == "nl" else self.en


class Origin(StrEnum):
    """Where a figure comes from; carried by every device and all that follows, never mixed."""

    MEASURED = "measured"
    RECORDED = "recorded"
    SIMULATED = "simulated"
    ASSUMED = "assumed"
