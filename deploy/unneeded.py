"""Prints the installed packages that Wijktwin does not need to run: those only its tests need.

The image installs the whole lock file, so that every package is checked against its hashes, and
then removes these.
"""

# a script that the Dockerfile runs, not a package

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distributions, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

KEPT = ("wijktwin", "pip")


def unneeded() -> list[str]:
    """Return their names, sorted."""
    needed: set[tuple[str, str]] = set()
    todo = [(name, "") for name in KEPT]
    while todo:
        found = todo.pop()
        if found not in needed:
            needed.add(found)
            todo += _needs(*found)
    names = {name for name, _ in needed}
    installed = {canonicalize_name(each.metadata["Name"]) for each in distributions()}
    return sorted(installed - names)


def _needs(name: str, extra: str) -> Iterator[tuple[str, str]]:
    """Yield what a package, or one of its extras, needs here: each a package and an extra."""
    try:
        wanted = [Requirement(text) for text in requires(name) or ()]
    except PackageNotFoundError:
        return
    for each in wanted:
        if each.marker is None or each.marker.evaluate({"extra": extra}):
            for of_it in ("", *each.extras):
                yield canonicalize_name(each.name), of_it


if __name__ == "__main__":
    sys.stdout.write("\n".join(unneeded()) + "\n")
