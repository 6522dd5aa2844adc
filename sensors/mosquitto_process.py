"""An installed Mosquitto, run as a child process."""

import getpass
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Self

from sensors.errors import BrokerError
from sensors.mosquitto import CONFIG_FILE, MosquittoSettings, mosquitto_conf

START_S = 10.0
STOP_S = 10.0
_SYSTEM_PATHS = "/usr/local/sbin:/usr/sbin:/sbin"


def find_mosquitto() -> str | None:
    """Return the path of the installed Mosquitto, which is often not on the path of a user."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=_SYSTEM_PATHS)


class MosquittoProcess:
    """Mosquitto for as long as the context lasts; it can be killed and started again meanwhile.

    Its configuration is written into the directory of the settings.
    """

    def __init__(self, settings: MosquittoSettings) -> None:
        self.settings = replace(settings, user=settings.user or getpass.getuser())
        self.directory = Path(settings.directory)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The port without TLS."""
        if self.settings.port is None:
            raise BrokerError("this Mosquitto has no listener without TLS")
        return self.settings.port

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return once connections are accepted.

        Raises
        ------
        BrokerError
            Mosquitto is not installed or does not start; the message says what it said.
        """
        program = find_mosquitto()
        if program is None:
            raise BrokerError("Mosquitto is not installed (Debian package mosquitto)")
        self.directory.mkdir(parents=True, exist_ok=True)
        config = self.directory / CONFIG_FILE
        config.write_text(mosquitto_conf(self.settings), encoding="utf-8")
        log = self.directory / "mosquitto.log"
        with log.open("wb") as said:
            self._process = subprocess.Popen([program, "-c", str(config)], stdout=said, stderr=said)  # noqa: S603
        deadline = time.monotonic() + START_S
        while not self._accepts():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                said_last = log.read_text(errors="replace").strip().splitlines()[-1:]
                raise BrokerError(f"Mosquitto does not start: {' '.join(said_last) or 'no reason'}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop in order: Mosquitto saves its queues."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def reload(self) -> None:
        """Make it read its users and their rules again."""
        if self._process is not None:
            self._process.send_signal(1)

    def _accepts(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            return False
        try:
            with socket.create_connection((self.settings.host, self.port), timeout=1):
                return True
        except OSError:
            return False


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
