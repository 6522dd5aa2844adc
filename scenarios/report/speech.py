"""`Speech`: the report's sentences, levels and changes in one language."""

from dataclasses import dataclass

from scenarios.ensemble import Interval
from scenarios.report import words
from scenarios.report.texts import TEXTS
from scenarios.shown import change_in_words, plain
from twin.words import Language, Text


@dataclass(frozen=True, slots=True)
class Speech:
    """Says what the report says, in one language; a sentence by its name in `TEXTS`."""

    language: Language

    def __call__(self, name: str, **values: object) -> str:
        """Return a sentence, with values where it has places for them."""
        return TEXTS[name].into(self.language).format(**values)

    def text(self, text: Text) -> str:
        """Return a text."""
        return text.into(self.language)

    def amount(self, value: float, unit: Text, digits: int = 3) -> str:
        """Return a level with its unit."""
        return words.amount(value, unit, self.language, digits)

    def number(self, value: float, digits: int = 3) -> str:
        """Return a level without a unit."""
        return plain(value, digits, self.language)

    def interval(self, change: Interval) -> str:
        """Return a change with what 8 in 10 lie between."""
        return words.interval(change, self.language)

    def change(self, change: Interval, unit: Text) -> str:
        """Return a change as a person says it."""
        return change_in_words(change, unit, self.language)

    def clock(self, hour: int) -> str:
        """Return an hour of the day."""
        return words.clock(hour, self.language)

    def listing(self, parts: list[str]) -> str:
        """Return parts as a person lists them."""
        return words.listing(parts, self.language)

    def capital(self, text: Text) -> str:
        """Return a text that begins a sentence."""
        return words.capital(text.into(self.language))
