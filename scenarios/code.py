"""Which code a result comes from: a number with a version is not enough while code is worked on."""

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


@cache
def code_fingerprint() -> str:
    """Return the SHA-256 of the modules of this package: another one may give other results."""
    content = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        content.update(path.relative_to(PACKAGE).as_posix().encode())
        content.update(path.read_bytes())
    return content.hexdigest()
