"""What a request that changes something must be before anybody reads it: from our own pages, and short."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.errors import error_answer

MOST_BYTES: Final = 1_100_000
"""A longer body is refused: a file of 1 MB, and room for the form around it."""

MOST_DRAINED: Final = 32_000_000
"""So much of a body that is refused is still taken in, and forgotten: else no answer arrives."""

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN: Final = frozenset({"same-origin", "none"})


class Guard:
    """Refuses what other sites let a browser send, and bodies that are too long or of unknown length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer why not."""
        if scope["type"] == "http":
            request = Request(scope)
            if refused := _refused(request):
                status, why = refused
                await _drain(request, receive)
                await error_answer(request, status, why)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _refused(request: Request) -> tuple[HTTPStatus, str] | None:
    length = request.headers.get("content-length")
    if "transfer-encoding" in request.headers or not (length or "0").isdecimal():
        return HTTPStatus.LENGTH_REQUIRED, "say how long the body is"
    if int(length or 0) > MOST_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {MOST_BYTES:,} bytes"
    if request.method not in READS and not is_from_here(request):
        return HTTPStatus.FORBIDDEN, "this can be sent from this site's own pages only"
    return None


async def _drain(request: Request, receive: Receive) -> None:
    left = min(int(request.headers.get("content-length") or 0), MOST_DRAINED)
    while left > 0:
        message = await receive()
        if message["type"] != "http.request":
            return
        left -= len(message.get("body", b""))
        if not message.get("more_body", False):
            return


def is_from_here(request: Request) -> bool:
    """Return whether the browser says that a page of this site sent this; no page can say so falsely."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
