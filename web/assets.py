"""Files that never change under their address: a content hash is part of it.

The deck.gl bundle comes from the pydeck wheel; the rest from ``web/static``; the map's geometry
is added when a place has been read.
"""

import hashlib
from importlib.resources import files
from typing import Final

from web.colours import stylesheet
from web.encoding import Content

PREFIX: Final = "/assets"
BUNDLE: Final = "deck.js"
BUNDLE_QUALITY: Final = 9
"""Brotli's 9 takes 0.3 s for the bundle and 1.0 MB; 11 takes 7 s and 0.9 MB."""

MEDIA_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


class Assets:
    """Files by hash and name."""

    def __init__(self) -> None:
        self._contents: dict[tuple[str, str], Content] = {}
        self._urls: dict[str, str] = {}
        own = {path.name: path.read_bytes() for path in (files("web") / "static").iterdir()}
        together = _mark(b"".join(own[name] for name in sorted(own)))
        for name in sorted(own):
            self.add(name, own[name], mark=together)
        self.add("scales.css", stylesheet().encode())
        bundle = files("pydeck") / "nbextension" / "static" / "index.js"
        self.add(BUNDLE, bundle.read_bytes())

    def add(self, name: str, raw: bytes, *, mark: str | None = None) -> str:
        """Keep a file and return its address.

        Files with the same ``mark`` find one another by name, as modules of a script do.
        """
        mark = mark or _mark(raw)
        if (mark, name) not in self._contents:
            media_type = MEDIA_TYPES[name.rpartition(".")[2]]
            self._contents[mark, name] = Content(raw, media_type, quality=BUNDLE_QUALITY)
        self._urls[name] = f"{PREFIX}/{mark}/{name}"
        return self._urls[name]

    def url(self, name: str) -> str:
        """Return the address of a file."""
        return self._urls[name]

    def find(self, mark: str, name: str) -> Content | None:
        """Return a file by hash and name, None if there is none."""
        return self._contents.get((mark, name))

    def warm(self) -> None:
        """Compress the bundle, so that the first visitor does not wait for it."""
        mark = self._urls[BUNDLE].split("/")[2]
        _ = self._contents[mark, BUNDLE].brotli


def _mark(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:12]
