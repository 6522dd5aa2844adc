"""What goes wrong with running the processes, in words for whoever started them."""

from twin.errors import WijktwinError


class PlaceInUseError(WijktwinError):
    """Another process works on the place."""


class PlaceUsedError(WijktwinError):
    """The place has figures or devices that importing it again would cut off."""


class PortError(WijktwinError):
    """A port cannot be listened on."""


class ProcessError(WijktwinError):
    """A process that ``wijktwin up`` started ends by itself."""
