"""Errors of the what-if engine; each lists everything that is wrong."""

from twin.errors import FaultsError, WijktwinError


class ScenarioError(FaultsError):
    """A scenario cannot be read, or does not fit the city."""


class PriceError(FaultsError):
    """A table of prices cannot be read."""


class MeasureError(FaultsError):
    """A measure is declared wrongly."""


class CalibrationError(WijktwinError):
    """A saved calibration cannot be used."""
