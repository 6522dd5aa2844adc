"""Extensions of DuckDB whose signatures are checked once, not for every store that is opened."""

from twin import store
from twin.extensions import CONFIG, check_extensions


def trust_extensions() -> None:
    """Check the signatures now, and let stores that are opened after this in this process trust them.

    DuckDB reads a whole extension to check it: half a second for each store.
    """
    check_extensions(["spatial", "ducklake"])
    store.CONFIG = CONFIG | {"allow_unsigned_extensions": True}
