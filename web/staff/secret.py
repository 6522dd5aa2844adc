"""A key of this site's own, with which addresses and answers are hashed before they are kept."""

import hmac
import os
import secrets
from ipaddress import ip_address, ip_network
from pathlib import Path

FILE = "key"
_BYTES = 32
_HOME = 64
"""An IPv6 connection has this many bits of its own; the rest its owner chooses anew at will."""


class Secret:
    """Makes hashes that nobody can make, or try out, without the key in the place's ``staff/``."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._key = b""

    def open(self) -> None:
        """Read the key; make one where there is none yet."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._path.with_name(f".{FILE}-{os.getpid()}-{secrets.token_hex(4)}")
        new.touch(mode=0o600)
        new.write_bytes(secrets.token_bytes(_BYTES))
        try:
            self._path.hardlink_to(new)
        except FileExistsError:
            pass
        finally:
            new.unlink()
        self._key = self._path.read_bytes()

    def hash(self, *parts: str) -> str:
        """Return the keyed hash of some texts."""
        return hmac.new(
            self._key, "\0".join(parts).encode("utf-8", "replace"), "sha256"
        ).hexdigest()

    def address(self, host: str) -> str:
        """Return the keyed hash of where a visitor comes from."""
        return self.hash("address", _network(host))


def _network(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004 as versions are called
        return str(address)
    return str(ip_network(f"{address}/{_HOME}", strict=False))
