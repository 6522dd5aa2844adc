"""What goes wrong with what-ifs, in words for whoever asked for them."""

from twin.errors import FaultsError, WijktwinError


class ScenarioError(FaultsError):
    """A scenario cannot be read, or does not fit the city."""


class PriceError(FaultsError):
    """A table of prices cannot be read."""


class NormError(FaultsError):
    """A table of parking norms cannot be read."""


class MeasureError(FaultsError):
    """A measure is declared wrongly."""


class CalibrationError(WijktwinError):
    """A place cannot be calibrated, or a saved calibration cannot be used."""


class HistoryError(WijktwinError):
    """A series is too short, or too full of gaps, to learn from."""
