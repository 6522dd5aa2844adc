"""Passwords: hashed with Argon2, never kept."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from twin.words import Text

SHORTEST, LONGEST = 12, 200
AT_ONCE = 2
"""So many are hashed at the same time: each takes 64 MiB for a moment."""

RFC_9106 = PasswordHasher()
"""The parameters that RFC 9106 recommends where memory is scarce, which the library starts from."""


class Passwords:
    """Hashes and checks passwords; who has no account costs the same time as who has one."""

    def __init__(self, hasher: PasswordHasher = RFC_9106) -> None:
        self._hasher = hasher
        self._turn = threading.Semaphore(AT_ONCE)
        self._nobody = ""

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        with self._turn:
            return self._hasher.hash(password)

    def is_right(self, kept: str | None, password: str) -> bool:
        """Return whether a password is the one of which this was kept; nothing kept is never right."""
        self._nobody = self._nobody or self.hash("nobody has this password")
        try:
            with self._turn:
                self._hasher.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_old(self, kept: str) -> bool:
        """Return whether it was hashed with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)


def password_faults(password: str, name: str) -> list[Text]:
    """Return what is wrong with a new password for an account."""
    faults: list[Text] = []
    if not SHORTEST <= len(password) <= LONGEST:
        faults.append(
            Text(
                f"Een wachtwoord heeft {SHORTEST} tot {LONGEST} tekens.",
                f"A password has {SHORTEST} to {LONGEST} characters.",
            )
        )
    if name and name in password.casefold():
        faults.append(
            Text(
                "De naam van het account mag niet in het wachtwoord staan.",
                "The name of the account may not be in the password.",
            )
        )
    if len(set(password)) < SHORTEST // 2:
        faults.append(
            Text(
                f"Gebruik ten minste {SHORTEST // 2} verschillende tekens.",
                f"Use at least {SHORTEST // 2} different characters.",
            )
        )
    return faults
