"""What has changed, told to every open page: server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable

from twin.errors import WijktwinError

QUIET_S = 15.0
"""So often a page hears that the connection is still there."""

MOST = 500
"""How many pages may listen at once."""


class TooManyListenersError(WijktwinError):
    """More pages are open than this site can keep up to date."""


class Feed:
    """Tells listeners what changed; every listener hears everything from when it came."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()

    def tell(self, event: str, content: object) -> None:
        """Send an event to every listener; from the event loop only."""
        text = f"event: {event}\ndata: {json.dumps(content, separators=(',', ':'))}\n\n"
        for queue in self._queues:
            queue.put_nowait(text)

    def changed(self, names: Iterable[str]) -> None:
        """Say which quantities have new figures."""
        self.tell("changed", {"names": sorted(names)})

    def close(self) -> None:
        """End every connection."""
        for queue in self._queues:
            queue.put_nowait(None)

    def listen(self, first: object) -> AsyncIterator[str]:
        """Return the events for one listener, ``first`` of all how things are now.

        Raises
        ------
        TooManyListenersError
            No more can be served.
        """
        if len(self._queues) >= MOST:
            raise TooManyListenersError("too many pages are open to keep another up to date")
        return self._events(first)

    async def _events(self, first: object) -> AsyncIterator[str]:
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield f"retry: 3000\nevent: status\ndata: {json.dumps(first, separators=(',', ':'))}\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), QUIET_S)
                except TimeoutError:
                    text = ": still here\n\n"
                if text is None:
                    return
                yield text
        finally:
            self._queues.discard(queue)
