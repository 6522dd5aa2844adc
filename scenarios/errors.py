"""What goes wrong with what-ifs, in words for whoever asked for them."""

from twin.errors import WijktwinError


class HistoryError(WijktwinError):
    """A series is too short, or too full of gaps, to learn from."""
