"""One process at a time works on a place, and ports are free before anything starts."""

import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from sensors.mosquitto_process import free_port
from wijktwin import lock, ports
from wijktwin.errors import PlaceInUseError, PortError
from wijktwin.settings import Settings

HOLD = """
import sys
from pathlib import Path
from wijktwin import lock
from wijktwin.folder import PlaceFolder
with lock.holding(PlaceFolder(Path(sys.argv[1])), "wijktwin city"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(folder):
    """Another process that holds the place."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, folder.root], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_process_is_told_who_has_the_place(folder, other):
    assert lock.holder(folder) == f"wijktwin city, process {other.pid}"
    with pytest.raises(PlaceInUseError, match=rf"in use by wijktwin city, process {other.pid}"):
        lock.must_be_free(folder)
    with (
        pytest.raises(PlaceInUseError, match="stop that first"),
        lock.holding(folder, "wijktwin place import"),
    ):
        pass


def test_a_process_that_is_killed_holds_nothing(folder, other):
    other.kill()
    other.wait()
    assert lock.holder(folder) is None
    with lock.holding(folder, "a test"):
        assert lock.holder(folder) == f"a test, process {os.getpid()}"
    lock.must_be_free(folder)


def test_a_process_under_up_names_what_would_start_it_again(folder, monkeypatch):
    monkeypatch.setenv("WIJKTWIN_SUPERVISED", "1")
    with lock.holding(folder, "wijktwin city"):
        assert lock.holder(folder) == f"wijktwin up, process {os.getppid()}"


@pytest.mark.parametrize("name", ["port", "mqtt_port", "metrics_port"])
def test_a_port_that_is_taken_is_named_with_its_flag(name):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        settings = replace(Settings(), **{name: number})
        flag = f"--{name.replace('_', '-')}"
        with pytest.raises(PortError, match=f"port {number} on 127.0.0.1 is in use .* {flag}$"):
            ports.must_be_free(settings, name)


def test_a_port_that_was_looked_at_is_still_free():
    settings = Settings(port=free_port())
    ports.must_be_free(settings, "port")
    with ports.listen(settings, "port") as listener:
        assert listener.getsockname()[1] == settings.port


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(PortError, match=r"^192\.0\.2\.1 is no address of this machine$"):
        ports.must_be_free(Settings(host="192.0.2.1", port=free_port()), "port")
