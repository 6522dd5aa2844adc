"""``wijktwin up`` as somebody uses it: real processes, killed and stopped at every moment."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import psutil
import pytest

from sensors.mosquitto_process import free_port

pytestmark = pytest.mark.slow

WAIT_S = 90
MAX_SUPERVISOR_MB = 60


class Up:
    """``wijktwin up`` in a process of its own, with its output in a pipe."""

    def __init__(self, data, *words):
        self.port = free_port()
        options = ["--data", data, "--port", self.port, "--mqtt-port", free_port()]
        options += ["--metrics-port", 0, *words]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wijktwin", "up", *map(str, options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("WIJKTWIN_")},
        )
        self.lines, self.said = queue.Queue(), []
        self.seen = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def wait_for(self, text):
        """Read what it says until a line has ``text`` in it; return that line."""
        deadline = time.monotonic() + WAIT_S
        while True:
            try:
                line = self.lines.get(timeout=max(0.1, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"{text!r} was not said in time, but {self.said}")
            assert line is not None, f"it ended: {self.said}"
            self.said.append(line.rstrip())
            if text in line:
                return line.rstrip()

    def children(self):
        """Return its processes by the command they run; all that were ever seen are remembered."""
        found = {p.cmdline()[3]: p for p in psutil.Process(self.process.pid).children()}
        self.seen |= {child.pid: child for child in found.values()}
        return found

    def health(self):
        """Return the status of the health page, None where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/health") as answer:
                return answer.status
        except urllib.error.HTTPError as err:
            with err:
                return err.code
        except OSError:
            return None

    def stop(self, number=signal.SIGINT):
        """Stop it, and return its exit code and the processes that are still there."""
        self.children()
        self.process.send_signal(number)
        code = self.process.wait(WAIT_S)
        _, alive = psutil.wait_procs(self.seen.values(), timeout=WAIT_S)
        return code, alive

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def up(data):
    """Start ``wijktwin up`` on the hand-made neighbourhood, with one day of history."""
    started = []

    def start(*words, **options):
        words = words or ("--place", "tiny", "--history-days", 1)
        started.append(Up(options.get("data", data), *words))
        return started[-1]

    yield start
    for each in started:
        each.close()


def wait_until(condition):
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def releases(folder):
    return {
        path.relative_to(folder.public): path.read_bytes()
        for path in sorted((folder.public / "release").rglob("*.parquet"))
    }


def test_it_starts_restarts_what_is_killed_and_loses_nothing(up, folder):
    first = up()
    assert first.wait_for("Ready: open ") == (
        f"Ready: open http://localhost:{first.port} (Ctrl-C stops)"
    )
    assert any(line.startswith("Playing out the past weeks") for line in first.said)
    assert first.health() == 200
    supervisor = psutil.Process(first.process.pid)
    assert supervisor.memory_info().rss < MAX_SUPERVISOR_MB * 1e6

    city = first.children()["city"]
    city.kill()
    assert first.wait_for("started again") == (
        "The city process ended (killed by SIGKILL) and is started again."
    )
    wait_until(lambda: first.children().get("city", city).pid != city.pid)
    wait_until(lambda: first.health() == 200)
    assert first.stop() == (0, [])
    first.wait_for("Stopped.")

    before, began = releases(folder), time.monotonic()
    assert before
    second = up()
    second.wait_for("Ready: open ")
    assert time.monotonic() - began < 30
    after = releases(folder)
    assert {name: after[name] for name in before} == before
    assert second.stop(signal.SIGTERM) == (0, [])


def test_nothing_lives_on_when_it_is_killed(up):
    one = up()
    one.wait_for("Playing out the past weeks")
    wait_until(lambda: set(one.children()) == {"city", "web"})
    assert one.stop(signal.SIGKILL) == (-signal.SIGKILL, [])


def test_ctrl_c_during_the_history_ends_it_and_the_next_start_goes_on(up):
    one = up("--place", "tiny", "--history-days", 20)
    one.wait_for("Playing out the past weeks (")
    assert one.stop() == (0, [])
    one.wait_for("Stopped.")
    up("--place", "tiny", "--history-days", 20).wait_for("Ready: open ")


def test_ctrl_c_during_the_import_leaves_nothing_half_imported(up, tmp_path):
    one = up("--history-days", 1, data=tmp_path / "new")
    one.wait_for("Importing ")
    wait_until(one.children)
    assert one.stop() == (0, [])
    assert not (tmp_path / "new" / "helsinki" / "city").exists()


def test_the_pages_say_why_they_are_not_ready_yet(up):
    one = up("--place", "tiny", "--history-days", 60)
    one.wait_for("Playing out the past weeks")
    wait_until(lambda: one.health() == 503)
    assert one.stop() == (0, [])


def test_a_process_that_cannot_start_gives_its_reason(up, folder):
    store = folder.root / "store" / "city.duckdb"
    store.parent.mkdir()
    store.write_bytes(b"this is not a database" * 500)
    one = up()
    line = one.wait_for("Error: ")
    assert "the city process ended: the store cannot be opened" in line
    assert one.process.wait(WAIT_S) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_web_process_ends_cleanly_also_while_it_loads(data, number):
    command = [sys.executable, "-m", "wijktwin", "web", "--place", "tiny"]
    for text in ("", "The pages are on"):
        with subprocess.Popen(
            [*command, "--data", data, "--port", str(free_port())],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            if text:
                assert text in process.stdout.readline()
            else:
                wait_until(lambda pid=process.pid: has_loaded(pid, "duckdb"))
            process.send_signal(number)
            _, err = process.communicate(timeout=WAIT_S)
            assert (process.returncode, err) == (0, "")


def has_loaded(pid, name):
    """Tell whether a process has got so far that it has loaded a package."""
    return any(name in each.path for each in psutil.Process(pid).memory_maps())
