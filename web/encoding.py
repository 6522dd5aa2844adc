"""Answers that are encoded once: compressed as the browser can read it, with an ETag."""

import gzip
import hashlib
from functools import cached_property
from typing import Final

import brotli  # pyright: ignore[reportMissingTypeStubs]
from starlette.requests import Request
from starlette.responses import Response

SMALL = 600
"""Below this many bytes, compressing costs more than it saves."""

IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATE: Final = "no-cache"
_COMPRESSED = (
    "text/",
    "application/json",
    "application/geo+json",
    "image/svg",
    "application/javascript",
)


class Content:
    """Bytes of one media type, compressed at most once each way."""

    def __init__(self, raw: bytes, media_type: str, *, quality: int = 5) -> None:
        self.raw = raw
        self.media_type = media_type
        self._quality = quality

    @cached_property
    def etag(self) -> str:
        """A tag that changes with the bytes."""
        return f'"{hashlib.sha256(self.raw).hexdigest()[:20]}"'

    @cached_property
    def brotli(self) -> bytes:
        """The bytes as Brotli."""
        return brotli.compress(self.raw, quality=self._quality)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    @cached_property
    def gzip(self) -> bytes:
        """The bytes as gzip, the same every time."""
        return gzip.compress(self.raw, compresslevel=6, mtime=0)

    @property
    def is_compressible(self) -> bool:
        """Whether compressing helps."""
        return len(self.raw) >= SMALL and self.media_type.startswith(_COMPRESSED)


def answer(
    request: Request,
    content: Content,
    *,
    status: int = 200,
    cache: str = REVALIDATE,
    headers: dict[str, str] | None = None,
) -> Response:
    """Send content as the browser can read it, or 304 where it has it already."""
    sent = {"ETag": content.etag, "Cache-Control": cache, **(headers or {})}
    if content.is_compressible:
        sent["Vary"] = ", ".join(filter(None, [sent.get("Vary"), "Accept-Encoding"]))
    if status == 200 and _has(request, content.etag):  # noqa: PLR2004
        return Response(status_code=304, headers=sent)
    body, coding = _encoded(request, content)
    if coding:
        sent["Content-Encoding"] = coding
    return Response(body, status_code=status, media_type=content.media_type, headers=sent)


def _has(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return etag in (tag.strip().removeprefix("W/") for tag in known.split(","))


def _encoded(request: Request, content: Content) -> tuple[bytes, str]:
    if not content.is_compressible:
        return content.raw, ""
    accepted = {
        part.partition(";")[0].strip(): part.replace(" ", "")
        for part in request.headers.get("accept-encoding", "").lower().split(",")
    }
    if "br" in accepted and not accepted["br"].endswith(";q=0"):
        return content.brotli, "br"
    if "gzip" in accepted and not accepted["gzip"].endswith(";q=0"):
        return content.gzip, "gzip"
    return content.raw, ""
