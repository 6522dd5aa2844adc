"""Every error the packages raise on purpose; what they mean to a caller is one table each."""


class WijktwinError(Exception):
    """An error whose message is meant for the person who reads it."""


class FaultsError(WijktwinError):
    """Input is refused; ``faults`` lists everything that is wrong with it."""

    def __init__(self, what: str, faults: list[str]) -> None:
        self.what = what
        self.faults = faults
        super().__init__(f"{what}: " + "; ".join(faults))


class PlaceError(FaultsError):
    """A place cannot be imported."""


class PlaceNotFoundError(WijktwinError):
    """No place of that name has been imported."""


class StoreError(WijktwinError):
    """The city store cannot be opened or written."""


class StoreInUseError(StoreError):
    """Another process has the city store open."""


class DomainError(FaultsError):
    """A domain is declared wrongly."""


class SettingsError(FaultsError):
    """A setting has a value that is not allowed."""


class NotReadyError(WijktwinError):
    """There is nothing to show yet; the message says what is still being done."""


class UnknownNameError(WijktwinError):
    """Something was asked for by a name that does not exist."""
