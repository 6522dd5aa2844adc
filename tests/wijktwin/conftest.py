"""The command line, run inside the test's own process, on the hand-made neighbourhood."""

import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from twin.place import save_city, write_public
from wijktwin import backlog, city_process
from wijktwin.commands.app import run
from wijktwin.folder import PlaceFolder
from wijktwin.status import read_status

WAIT_S = 60


class Said(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    """No setting comes from outside the test."""
    for name in os.environ:
        if name.startswith("WIJKTWIN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def wijktwin(capsys):
    """Run a command: ``wijktwin("place", "list")``."""

    def command(*words):
        before = signal.getsignal(signal.SIGTERM)
        code = 0
        try:
            run([str(word) for word in words])
        except SystemExit as end:
            code = end.code or 0
        finally:
            signal.signal(signal.SIGTERM, before)
        return Said(code, *capsys.readouterr())

    return command


@pytest.fixture
def data(city, tmp_path):
    """A data folder with the hand-made neighbourhood in it, as place ``tiny``."""
    folder = PlaceFolder(tmp_path / "data" / city.name)
    save_city(city, folder.city)
    write_public(city, folder.public)
    return tmp_path / "data"


@pytest.fixture
def folder(data):
    return PlaceFolder(data / "tiny")


@pytest.fixture
def wait_until():
    def wait(condition):
        deadline = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.02)

    return wait


@pytest.fixture
def running(monkeypatch, wait_until):
    """Run the city process in a thread for as long as a block lasts: ``with running(settings)``."""
    monkeypatch.setattr(city_process, "TICK_S", 0.05)
    monkeypatch.setattr(backlog, "QUIET_S", 0.1)
    monkeypatch.setattr(city_process, "settle_memory", lambda: None)

    @contextmanager
    def run_in_thread(settings):
        stop, failure = threading.Event(), []

        def target():
            try:
                city_process.run_city(settings, stop)
            except Exception as err:  # raised again below
                failure.append(err)

        thread = threading.Thread(target=target)
        thread.start()
        ops = PlaceFolder(settings.data / settings.place).ops
        try:
            wait_until(lambda: failure or ((said := read_status(ops)) and said.state == "ready"))
            if not failure:
                yield
        finally:
            stop.set()
            thread.join(WAIT_S)
        if failure:
            raise failure[0]

    return run_in_thread
