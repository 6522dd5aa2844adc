"""Identifiers are replaced at the door, under a key that nobody ever sees.

The key is drawn at random, lives in memory, and is dropped at local midnight: afterwards nobody
can tell which identifier a pseudonym stood for, or that two days' pseudonyms are the same thing.
"""

import hmac
import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

KEY_BYTES = 32
DIGEST_CHARACTERS = 24
"""96 bits: among a million bicycles a day, two that look the same do not occur."""


class Pseudonyms:
    """The pseudonyms of one local day.

    `since` says since when things can be told apart: a survey that began before is of no use.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._day: date | None = None
        self._since: datetime | None = None
        self._key = b""

    def since(self, *, now: datetime) -> datetime:
        """Return since when there is the key that is in use; at local midnight it is a new one."""
        day = now.astimezone(self._zone).date()
        if self._since is None or day != self._day:
            self._day, self._since = day, now
            self._key = secrets.token_bytes(KEY_BYTES)
        return self._since

    def of(self, identifier: str, *, now: datetime) -> str:
        """Return what stands for an identifier today."""
        self.since(now=now)
        digest = hmac.new(self._key, identifier.encode(), "sha256").hexdigest()
        return digest[:DIGEST_CHARACTERS]
