"""`wijktwin up`: imports the place where needed, runs the two processes, and restarts them."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from wijktwin import lock, ports
from wijktwin.errors import ProcessError
from wijktwin.folder import PlaceFolder
from wijktwin.screen import ERROR, say, showing
from wijktwin.settings import Settings, as_environment
from wijktwin.signals import SUPERVISED
from wijktwin.status import read_status

DEFAULT_PLACE = "helsinki"
STOP_S = 20.0
MAX_RESTARTS = 5
RESTART_WINDOW_S = 120.0
MAX_LOG_BYTES = 10_000_000

_LOOK_EVERY_S = 0.2
_OK = 200


@dataclass(slots=True)
class Child:
    """One of the processes. What it prints goes to its log, or to the screen where it has none.

    Its standard input is a pipe that ends with this process, however that ends; it then ends too
    (see `wijktwin.signals`).
    """

    name: str
    arguments: Sequence[str]
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list[float])
    said_from: int = 0

    def start(self, environment: dict[str, str]) -> None:
        """Start the process."""
        self.started.append(time.monotonic())
        with self._output() as output:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "wijktwin", *self.arguments],
                env=environment | {SUPERVISED: "1"},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
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
        if self.process.stdin is not None:
            self.process.stdin.close()

    def last_words(self) -> str:
        """Return the error that it ended with, what killed it, or else the last line it printed."""
        said = self._said()
        errors = [at for at, line in enumerate(said) if line.startswith(ERROR)]
        if errors:
            return " ".join(line.strip() for line in said[errors[-1] :]).removeprefix(ERROR)
        code = self.process.returncode if self.process is not None else None
        if code is not None and code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return said[-1] if said else "it said nothing"

    def _said(self) -> list[str]:
        """Return the lines that it has printed since it was last started."""
        if self.log is None or not self.log.exists():
            return []
        with self.log.open("rb") as log:
            log.seek(self.said_from)
            return log.read().decode(errors="replace").strip().splitlines()

    @contextmanager
    def _output(self) -> Generator[int | None]:
        if self.log is None:
            yield None
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.said_from = log.tell()
            yield log.fileno()


def run_up(settings: Settings, stop: threading.Event) -> None:
    """Run everything until ``stop`` is set.

    Raises
    ------
    WijktwinError
        It cannot start, or a process keeps ending by itself; the message has its last words.
    """
    folder = PlaceFolder(settings.data / settings.place)
    if not folder.is_imported and settings.place != DEFAULT_PLACE:
        folder.must_exist()
    lock.must_be_free(folder)
    ports.must_be_free(settings, *_ports(settings))
    environment = os.environ | as_environment(settings)
    environment["WIJKTWIN_SIMULATED"] = str(settings.simulated is not False)
    if not folder.is_imported:
        _import_default(environment, stop)
    if not stop.is_set():
        _run(settings, folder, environment, stop)


def _ports(settings: Settings) -> list[str]:
    own_broker = ["mqtt_port"] if settings.broker == "embedded" else []
    return ["port", *own_broker, "metrics_port"]


def _import_default(environment: dict[str, str], stop: threading.Event) -> None:
    """Import in a process of its own, which gives its memory back."""
    child = Child("import", ["place", "import", DEFAULT_PLACE])
    with _running([child], environment):
        while not child.has_ended and not stop.wait(_LOOK_EVERY_S):
            pass
    if child.process is not None and child.process.returncode and not stop.is_set():
        raise ProcessError(f"the place {DEFAULT_PLACE!r} could not be imported")


def _run(
    settings: Settings, folder: PlaceFolder, environment: dict[str, str], stop: threading.Event
) -> None:
    city = Child("city", ["city"], folder.logs / "city.log")
    web = Child("web", ["web"], folder.logs / "web.log")
    with _running([city, web], environment):
        if _wait_until_ready(city, web, folder, settings, stop):
            shown = "localhost" if settings.host in {"127.0.0.1", "0.0.0.0"} else settings.host  # noqa: S104
            say(f"Ready: open http://{shown}:{settings.port} (Ctrl-C stops)")
            _keep_running([city, web], environment, stop)
        say("Stopping…")
    say("Stopped.")


@contextmanager
def _running(children: Sequence[Child], environment: dict[str, str]) -> Generator[None]:
    """Run the processes for as long as the context lasts; none is left afterwards."""
    try:
        for child in children:
            child.start(environment)
        yield
    finally:
        for child in children:
            child.stop()
        deadline = time.monotonic() + STOP_S
        for child in children:
            child.wait(deadline)


def _wait_until_ready(
    city: Child, web: Child, folder: PlaceFolder, settings: Settings, stop: threading.Event
) -> bool:
    """Show what the city process does until the pages answer; return False when stopped."""
    with showing("Starting") as report:
        while not stop.wait(_LOOK_EVERY_S):
            for child in (city, web):
                if child.has_ended:
                    raise ProcessError(f"the {child.name} process ended: {child.last_words()}")
            status = read_status(folder.ops)
            if status is None or city.process is None or status.process != city.process.pid:
                continue
            if status.state != "ready":
                report(status.message, status.progress)
            elif _is_healthy(settings):
                return True
            else:
                report("Opening the pages", None)
    return False


def _keep_running(
    children: Sequence[Child], environment: dict[str, str], stop: threading.Event
) -> None:
    while not stop.wait(1):
        for child in children:
            if not child.has_ended:
                continue
            if not child.may_restart():
                raise ProcessError(f"the {child.name} process keeps ending: {child.last_words()}")
            say(f"The {child.name} process ended ({child.last_words()}) and is started again.")
            child.start(environment)


def _is_healthy(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/api/v1/health")
        return connection.getresponse().status == _OK
    return False
