"""The terminal: where commands print, and how long steps show that they get on."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from twin.errors import FaultsError

Report = Callable[[str, float | None], None]
"""Says what is being done, and which share (0 to 1) of it is finished where that is known."""

ERROR = "Error: "
"""What the line of an error begins with."""

WIDE = 160
"""Columns where no terminal says how many there are: nothing is folded in files and pipes."""

_TENTHS = 10

console = Console(width=None if sys.stdout.isatty() else WIDE)
error_console = Console(stderr=True, width=None if sys.stderr.isatty() else WIDE)


def say(text: str) -> None:
    """Print a line as it is: nothing in it is a style."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def say_error(err: Exception) -> None:
    """Print an error in one sentence, with every fault where there are several."""
    what, faults = (err.what, err.faults) if isinstance(err, FaultsError) else (str(err), [])
    colon = ":" if faults else ""
    error_console.print(f"[red]{ERROR}[/red]{escape(what)}{colon}", highlight=False, soft_wrap=True)
    for fault in faults:
        error_console.print(f"  • {fault}", highlight=False, markup=False, soft_wrap=True)


@contextmanager
def showing(title: str) -> Generator[Report]:
    """Show how a long step gets on: a bar on a terminal, a line now and then elsewhere."""
    with _bar(title) if console.is_terminal else _lines(title) as report:
        yield report


@contextmanager
def _bar(title: str) -> Generator[Report]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(escape(title), total=None)

        def report(what: str, share: float | None) -> None:
            total = None if share is None else 1.0
            progress.update(task, description=escape(what), total=total, completed=share or 0.0)

        yield report


@contextmanager
def _lines(title: str) -> Generator[Report]:
    said: set[str] = set()

    def report(what: str, share: float | None) -> None:
        tenths = int((share or 0.0) * _TENTHS) * _TENTHS
        line = f"{what} ({tenths} %)" if tenths else f"{what}…"
        if line not in said:
            said.add(line)
            console.file.write(f"{line}\n")
            console.file.flush()

    report(title, None)
    yield report
