"""Passwords of devices: generated, shown once, kept as Mosquitto keeps them.

The form is ``$7$<iterations>$<salt>$<hash>``, PBKDF2 with SHA-512, what ``mosquitto_passwd``
of Mosquitto 2.0 writes (eclipse/mosquitto: ``lib/misc_mosq.c``, ``common/password_mosq.c``). It
keeps Mosquitto's own 101 iterations: stretching protects passwords that people think up, and these
have 144 random bits; a thousand devices that reconnect at once should not cost a minute.
"""

import hashlib
import secrets
from base64 import b64decode, b64encode

ITERATIONS = 101
MAX_ITERATIONS = 1_000_000
SALT_BYTES = 12
HASH_BYTES = 64
PASSWORD_BYTES = 18
_PARTS = 5


def new_password() -> str:
    """Return a new random password of 24 characters, safe in a shell and in a URL."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def hash_password(password: str, *, salt: bytes | None = None, iterations: int = ITERATIONS) -> str:
    """Return the hash of a password in Mosquitto's form.

    >>> hash_password("p", salt=bytes(12))[:24]
    '$7$101$AAAAAAAAAAAAAAAA$'
    """
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    digest = _digest(password, salt, iterations)
    return f"$7${iterations}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def is_password(password: str, hashed: str) -> bool:
    """Tell whether ``hashed`` is the hash of ``password``; a malformed hash fits nothing."""
    parts = hashed.split("$")
    if len(parts) != _PARTS or parts[:2] != ["", "7"] or not parts[2].isdecimal():
        return False
    iterations = int(parts[2])
    if not 0 < iterations <= MAX_ITERATIONS:
        return False
    try:
        salt, digest = b64decode(parts[3], validate=True), b64decode(parts[4], validate=True)
    except ValueError:
        return False
    return secrets.compare_digest(digest, _digest(password, salt, iterations))


def _digest(password: str, salt: bytes, iterations: int) -> bytes:
    secret = password.encode("utf-8", "surrogatepass")
    return hashlib.pbkdf2_hmac("sha512", secret, salt, iterations, HASH_BYTES)
