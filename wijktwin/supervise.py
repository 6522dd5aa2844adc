"""`wijktwin up`: imports the place where needed, runs the two processes, and restarts them."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from twin.errors import WijktwinError
from wijktwin.folder import PlaceFolder
from wijktwin.settings import Settings
from wijktwin.status import read_status

STOP_S = 20.0
MAX_RESTARTS = 5
RESTART_WINDOW_S = 120.0


@dataclass(slots=True)
class Child:
    """One of the two processes, and its log."""

    name: str
    arguments: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list[float])

    def start(self, environment: dict[str, str]) -> None:
        """Start the process; what it prints goes to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.started.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "wijktwin", *self.arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def has_ended(self) -> bool:
        """Whether the process ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def may_restart(self) -> bool:
        """Whether it has not been restarted too often lately."""
        recent = [at for at in self.started if time.monotonic() - at < RESTART_WINDOW_S]
        return len(recent) <= MAX_RESTARTS

    def stop(self) -> None:
        """Ask the process to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, deadline: float) -> None:
        """Wait for the end; kill it when the time is over."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_words(self) -> str:
        """Return the last line of the log."""
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return lines[-1] if lines else "(it said nothing)"


def run_up(settings: Settings, folder: PlaceFolder, stop: threading.Event, console: Console) -> None:
    """Run both processes until ``stop`` is set.

    Raises
    ------
    WijktwinError
        A process keeps ending by itself; the message has its last words.
    """
    environment = _environment(settings)
    children = (
        Child("city", ["city"], folder.root / "log" / "city.log"),
        Child("web", ["web"], folder.root / "log" / "web.log"),
    )
    address = f"http://{_shown(settings.host)}:{settings.port}"
    try:
        for child in children:
            child.start(environment)
        if not _wait_until_ready(children, folder, address, stop, console):
            return
        console.print(f"Ready: open [bold]{address}[/bold]   (Ctrl-C stops)")
        _keep_running(children, environment, stop, console)
    finally:
        with _stopping(console):
            for child in children:
                child.stop()
            deadline = time.monotonic() + STOP_S
            for child in children:
                child.wait(deadline)


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment under which the processes have the same settings."""
    given = settings.model_dump(exclude_defaults=True, mode="json")
    given["simulated"] = settings.simulated is not False
    return os.environ | {f"WIJKTWIN_{name.upper()}": str(value) for name, value in given.items()}


def _wait_until_ready(
    children: tuple[Child, ...],
    folder: PlaceFolder,
    address: str,
    stop: threading.Event,
    console: Console,
) -> bool:
    """Show what the city process does until the pages answer; return False when stopped."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("Starting", total=1.0)
        while not stop.wait(0.2):
            _must_live(children)
            status = read_status(folder.ops) or {}
            message = status.get("message")
            if isinstance(message, dict):
                progress.update(task, description=str(message.get("en")))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
            share = status.get("progress")
            progress.update(task, completed=share if isinstance(share, float) else 0.0)
            if status.get("state") == "ready" and _is_healthy(address):
                progress.update(task, completed=1.0)
                return True
    return False


def _must_live(children: tuple[Child, ...]) -> None:
    for child in children:
        if child.has_ended:
            raise WijktwinError(f"the {child.name} process ended: {child.last_words()}")


def _keep_running(
    children: tuple[Child, ...], environment: dict[str, str], stop: threading.Event, console: Console
) -> None:
    while not stop.wait(1):
        for child in children:
            if not child.has_ended:
                continue
            if not child.may_restart():
                raise WijktwinError(f"the {child.name} process keeps ending: {child.last_words()}")
            console.print(f"The {child.name} process ended and is started again; see {child.log}")
            child.start(environment)


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/v1/health", timeout=2) as answer:  # noqa: S310
            return answer.status == 200  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def _shown(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host  # noqa: S104


@contextmanager
def _stopping(console: Console) -> Iterator[None]:
    console.print("Stopping…")
    yield
    console.print("Stopped.")
