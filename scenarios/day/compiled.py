"""Compiling hot loops: one way to do it, with types that a checker understands."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

Given = ParamSpec("Given")
Made = TypeVar("Made")


def compiled(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function on its first call; the machine code is kept between processes.

    It may use numbers, arrays and named tuples of them, and other compiled functions. Division
    follows IEEE 754, as in NumPy: by zero is infinite. It lets go of Python's lock.
    """
    return _compile(function, forceinline=False)


def inlined(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a function into every compiled function that calls it.

    For what is done in every step of a loop: a call would copy whole tuples of arrays.
    """
    return _compile(function, forceinline=True)


def _compile(function: Callable[Given, Made], *, forceinline: bool) -> Callable[Given, Made]:
    compile_ = cast("Any", numba).njit(
        cache=True, nogil=True, error_model="numpy", forceinline=forceinline
    )
    return cast("Callable[Given, Made]", compile_(function))
