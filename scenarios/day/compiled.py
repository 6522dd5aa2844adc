"""Compiling hot loops: one way to do it, with types that a checker understands.

Arrays that are taken from a tuple, or passed to a function, are counted as used once more, which
costs more than a step of most loops. Long loops are in functions that make no arrays, `borrowing`
those they are given; in others inner loops take arrays from tuples before they begin, and call
functions of numbers alone.

Machine code is kept in a folder that is called after all modules of the package: Numba itself looks only
at the file a function is in, and would go on with the old one when a function that it calls changes.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

from scenarios.code import PACKAGE, code_fingerprint

Given = ParamSpec("Given")
Made = TypeVar("Made")

_KEPT = "compiled-"


def _keep_machine_code() -> None:
    """Keep machine code beside the modules, or else where the user keeps what can be made again."""
    for parent in (PACKAGE / "__pycache__", Path.home() / ".cache" / "wijktwin"):
        folder = parent / f"{_KEPT}{code_fingerprint()[:16]}"
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                cast("Any", numba).config.CACHE_DIR = str(folder)
                for old in parent.glob(f"{_KEPT}*"):
                    if old != folder:
                        shutil.rmtree(old, ignore_errors=True)
                return


_keep_machine_code()


def compiled(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function on its first call; the machine code is kept between processes.

    It may use numbers, arrays and named tuples of them, and other compiled functions. Division
    follows IEEE 754, as in NumPy: by zero is infinite. It lets go of Python's lock.
    """
    return _compile(function)


def inlined(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function into every compiled function that calls it.

    For what is done in every step of a loop.
    """
    return _compile(function, forceinline=True)


def borrowing(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function that makes and returns no arrays, and does not count those it is given.

    One that makes an array does not compile. The option is not part of Numba's public interface: should
    it go, `compiled` does the same, more slowly.
    """
    return _compile(function, _nrt=False)


def _compile(function: Callable[Given, Made], **options: bool) -> Callable[Given, Made]:
    compile_ = cast("Any", numba).njit(cache=True, nogil=True, error_model="numpy", **options)
    return cast("Callable[Given, Made]", compile_(function))
