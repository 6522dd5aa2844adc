"""What has been published and not yet settled: kept until the receipt says so."""

from collections.abc import Iterator
from typing import NamedTuple


class Kept(NamedTuple):
    """A message that may have to be sent again."""

    device: str
    seq: int
    topic: str
    payload: bytes


class Spool:
    """The unsettled messages of some devices within one boot each, in the order of sending."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[int, Kept]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Kept]:
        """Yield what is kept, device by device, lowest number first."""
        for messages in self._kept.values():
            yield from list(messages.values())

    def keep(self, message: Kept) -> None:
        """Keep a message."""
        messages = self._kept.setdefault(message.device, {})
        self._size += message.seq not in messages
        messages[message.seq] = message

    def oldest(self, device: str) -> int | None:
        """Return the lowest number kept for a device, None if nothing is."""
        return next(iter(self._kept.get(device, {})), None)

    def settle(self, device: str, up_to: int) -> int:
        """Drop a device's messages up to a number; return how many there were."""
        messages = self._kept.get(device, {})
        settled = [seq for seq in messages if seq <= up_to]
        for seq in settled:
            del messages[seq]
        self._size -= len(settled)
        return len(settled)
