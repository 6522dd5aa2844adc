"""Identifiers are replaced at the door, under a key that nobody ever sees.

The key is drawn at random, lives in memory, and is dropped at local midnight: afterwards nobody
can tell which identifier a pseudonym stood for, or that two days' pseudonyms are the same thing.
"""

import hmac
import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

KEY_BYTES = 32
NAME_BYTES = 4
DIGEST_CHARACTERS = 24
"""96 bits: among a million bicycles a day, two that look the same do not occur."""


class Pseudonyms:
    """The pseudonyms of one local day.

    A pseudonym is ``<name of the key>-<keyed hash>``, so that a survey which a restart cut in two
    can be recognised and left out.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._day: date | None = None
        self._key = b""
        self._name = ""

    def of(self, identifier: str, *, now: datetime) -> str:
        """Return what stands for an identifier today."""
        day = now.astimezone(self._zone).date()
        if day != self._day:
            self._day = day
            self._key = secrets.token_bytes(KEY_BYTES)
            self._name = secrets.token_hex(NAME_BYTES)
        digest = hmac.new(self._key, identifier.encode(), "sha256").hexdigest()
        return f"{self._name}-{digest[:DIGEST_CHARACTERS]}"
