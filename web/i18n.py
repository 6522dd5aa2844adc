"""Dutch and English: catalogues read from ``.po`` files at start, numbers and dates by Babel."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from twin.words import LANGUAGES, Language

LOCALES: dict[Language, Locale] = {"nl": Locale("nl", "NL"), "en": Locale("en", "GB")}
LANGUAGE_NAMES: dict[Language, str] = {"nl": "Nederlands", "en": "English"}


class Words:
    """The texts of one language, and how that language writes numbers and dates."""

    def __init__(self, language: Language, catalogue: Catalog) -> None:
        self.language: Language = language
        self.locale = LOCALES[language]
        self._texts: dict[str, str] = {}
        self._plurals: dict[tuple[str, str], tuple[str, ...]] = {}
        for message in catalogue:
            if isinstance(message.id, tuple):
                self._plurals[(message.id[0], message.id[1])] = tuple(message.string)  # pyright: ignore[reportArgumentType]
            elif message.id:
                self._texts[message.id] = str(message.string)  # pyright: ignore[reportArgumentType]

    def text(self, message: str, **values: object) -> str:
        """Return the message in this language, with ``%(name)s`` filled in."""
        said = self._texts.get(message) or message
        return said % values if values else said

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """Return the form for ``n``; Dutch and English have one for 1 and one for the rest."""
        forms = self._plurals.get((one, many)) or (one, many)
        return forms[0 if n == 1 else 1] % {"n": self.number(n), **values}

    def number(self, value: float) -> str:
        """Write a number without decimals.

        >>> words("nl").number(1234.4)
        '1.234'
        """
        return format_decimal(round(value) + 0, format="#,##0", locale=self.locale)

    def decimal(self, value: float, digits: int) -> str:
        """Write a number with so many decimals.

        >>> words("nl").decimal(0.5562, 3)
        '0,556'
        """
        return format_decimal(round(value, digits), format=f"0.{'0' * digits}", locale=self.locale)

    def percent(self, share: float) -> str:
        """Write a share as whole per cents.

        >>> words("nl").percent(0.714), words("en").percent(0.714)
        ('71 %', '71%')
        """
        return f"{self.number(100 * share)}{' %' if self.language == 'nl' else '%'}"

    def day(self, day: date) -> str:
        """Write a date with its weekday, without the year."""
        return format_date(day, "EEEE d MMMM", locale=self.locale)

    def date(self, day: date) -> str:
        """Write a date with its year.

        >>> words("nl").date(date(2027, 12, 31))
        '31 december 2027'
        """
        return format_date(day, "d MMMM y", locale=self.locale)

    def weekday(self, index: int) -> str:
        """Write the name of a weekday, Monday being 0."""
        return self.locale.days["format"]["wide"][index]

    def clock(self, moment: datetime) -> str:
        """Write the time of day of a local moment."""
        return f"{moment.hour}{'.' if self.language == 'nl' else ':'}{moment.minute:02d}"


@cache
def words(language: Language) -> Words:
    """Return the words of a language."""
    path = files("web") / "locale" / language / "messages.po"
    with path.open("rb") as file:
        return Words(language, read_po(file, locale=language))


def negotiate(accept_language: str) -> Language:
    """Return the language that a browser asks for first; Dutch if it names neither.

    >>> negotiate("fr, en-GB;q=0.8, nl;q=0.5"), negotiate("de")
    ('en', 'nl')
    """
    best: tuple[float, Language] = (0.0, "nl")
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        quality = _quality(parameters)
        for known in LANGUAGES:
            if language == known and quality > best[0]:
                best = (quality, known)
    return best[1]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def catalogues() -> Mapping[Language, Words]:
    """Return the words of every language."""
    return {language: words(language) for language in LANGUAGES}
