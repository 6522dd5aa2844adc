"""Everything of staff that the running site has: their database, its key, and the accounts."""

from pathlib import Path

from argon2 import PasswordHasher

from web.staff.accounts import Accounts
from web.staff.database import Database
from web.staff.passwords import RFC_9106, Passwords
from web.staff.secret import Secret

FOLDER = "staff"
"""The folder of a place in which all of this is kept."""


class Staff:
    """What routes for staff share; nothing is read or written before `open`."""

    def __init__(self, place_directory: Path, *, hasher: PasswordHasher = RFC_9106) -> None:
        folder = place_directory / FOLDER
        self.database = Database.in_folder(folder)
        self.secret = Secret(folder)
        self.accounts = Accounts(self.database, self.secret, Passwords(hasher))

    def open(self) -> None:
        """Open the database and the key; StaffDatabaseError where that cannot be."""
        self.database.open()
        self.secret.open()

    def close(self) -> None:
        """Close the database."""
        self.database.close()
