"""What goes wrong with what-ifs, in words for whoever asked for them."""

from collections.abc import Sequence

from scenarios.faults import Fault
from twin.errors import FaultsError, WijktwinError
from twin.words import Language


class ScenarioError(FaultsError):
    """A scenario cannot be read, or does not fit the city."""

    def __init__(self, what: str, found: Sequence[Fault]) -> None:
        self.found = tuple(found)
        super().__init__(what, [str(fault) for fault in found])

    def told(self, language: Language) -> list[str]:
        """Return what is wrong, without its places in a file, which a page does not show."""
        return [fault.message.into(language) for fault in self.found]


class PriceError(FaultsError):
    """A table of prices cannot be read."""


class NormError(FaultsError):
    """A table of parking norms cannot be read."""


class MeasureError(FaultsError):
    """A measure is declared wrongly."""


class CalibrationError(WijktwinError):
    """A place cannot be calibrated, or a saved calibration cannot be used."""


class EffectsError(WijktwinError):
    """Saved effects of a plan cannot be used."""


class BacktestError(WijktwinError):
    """Saved backtests cannot be used."""


class HistoryError(WijktwinError):
    """A series is too short, or too full of gaps, to learn from."""
