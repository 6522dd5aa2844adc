"""What goes wrong with devices, brokers, adapters and replays, in words for whoever reads it."""

from twin.batch import Reason
from twin.errors import FaultsError, WijktwinError


class DeviceError(FaultsError):
    """A device cannot be registered."""


class BrokerError(WijktwinError):
    """A broker does not start, or does not stop."""


class MappingError(FaultsError):
    """A mapping of recorded data onto a place is not right."""


class RecordingError(WijktwinError):
    """Recorded data cannot be read."""


class AdapterError(WijktwinError):
    """A message of somebody else's system cannot be turned into readings.

    ``field`` is where the fault is, in that system's words. Nothing from the message itself
    is ever repeated.
    """

    def __init__(self, reason: Reason, message: str, *, field: str | None = None) -> None:
        self.reason = reason
        self.field = field
        super().__init__(message)
