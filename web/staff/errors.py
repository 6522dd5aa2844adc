"""What can go wrong for staff, in words for the person who reads it."""

from collections.abc import Sequence

from twin.errors import FaultsError, WijktwinError
from twin.words import Language, Text


class StaffDatabaseError(WijktwinError):
    """The database of staff cannot be opened."""


class RefusedError(FaultsError):
    """Something was asked that cannot be done; ``texts`` has every reason, in both languages."""

    def __init__(self, what: str, texts: Sequence[Text]) -> None:
        super().__init__(what, [text.en for text in texts])
        self.texts = tuple(texts)

    def told(self, language: Language) -> list[str]:
        """Return the reasons in a language."""
        return [text.into(language) for text in self.texts]


class TooOftenError(RefusedError):
    """Something was tried too often; it can be tried again after ``wait_s`` seconds."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = max(1, round(wait_s))
        minutes = max(1, -(-self.wait_s // 60))
        nl = f"Dit is te vaak geprobeerd. Het kan weer over {minutes} {'minuut' if minutes == 1 else 'minuten'}."
        en = (
            f"This was tried too often. Try again in {minutes} minute{'' if minutes == 1 else 's'}."
        )
        super().__init__("too often", [Text(nl, en)])


class NotSignedInError(WijktwinError):
    """Only who has signed in may see this."""


class NotAllowedError(WijktwinError):
    """Who has signed in may not do this."""
