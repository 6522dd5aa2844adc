"""The five minutes of docs/devices.md, as printed, with Mosquitto and with the embedded broker."""

import getpass
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest
from pages import ROOT, blocks

from sensors.mosquitto import CONFIG_FILE, MosquittoSettings, mosquitto_conf
from sensors.mosquitto_process import find_mosquitto, free_port
from wijktwin.settings import SETTINGS
from wijktwin.status import read_status

pytestmark = pytest.mark.mosquitto

PAGE = ROOT / "docs" / "devices.md"
DEVICE = "my-counter"
WIJKTWIN = [sys.executable, "-m", "wijktwin"]
PATIENCE_S = 30


@pytest.fixture(scope="module", params=["external", "embedded"])
def environment(request, imported, tmp_path_factory):
    """A running place: the variables under which commands find it."""
    if find_mosquitto() is None or shutil.which("mosquitto_pub") is None:
        pytest.skip("Mosquitto is not installed (Debian packages mosquitto, mosquitto-clients)")
    root = tmp_path_factory.mktemp(request.param)
    shutil.copytree(imported, root / "data")
    own = {
        "data": root / "data",
        "place": "tiny",
        "broker": request.param,
        "mqtt_port": free_port(),
        "metrics_port": 0,
    }
    with ExitStack() as running:
        if request.param == "external":
            own["mosquitto_files"] = root / "broker"
            running.enter_context(_mosquitto(root / "broker", own["mqtt_port"]))
        variables = os.environ | {SETTINGS[name].variable: str(own[name]) for name in own}
        city = running.enter_context(_process([*WIJKTWIN, "city"], root / "city.log", variables))
        ops = root / "data" / "tiny" / "ops"
        _wait(lambda: city.poll() is not None or _is_ready(ops))
        assert city.poll() is None, (root / "city.log").read_text()
        yield variables


@pytest.fixture(scope="module")
def broker(environment):
    """Register the device with the page's command; return the page's line about the broker."""
    (line,) = [
        line
        for block in blocks(PAGE, "sh")
        for line in block.text.splitlines()
        if line.startswith(f"wijktwin device add {DEVICE} ")
    ]
    words = re.sub(r"--target \S+", "--target counter-1", line).split()[1:]
    done = subprocess.run(
        [*WIJKTWIN, *words], env=environment, check=True, capture_output=True, text=True
    )
    password = re.search(r"^ *password +(\S+)", done.stdout, re.MULTILINE)
    assert password, done.stdout
    (printed,) = re.findall(r'^BROKER=".+"$', PAGE.read_text(), flags=re.MULTILINE)
    port = environment[SETTINGS["mqtt_port"].variable]
    own = printed.replace("1883", port).replace("PASSWORD", password[1])
    _wait(lambda: _is_known(own))
    _wait(lambda: _receipt(own) is None)  # of what was sent to find that out
    return own


def test_each_line_does_what_the_page_prints_below_it(broker):
    shown = blocks(PAGE)
    tried = [at for at, block in enumerate(shown) if block.comment == "<!-- run: mosquitto -->"]
    assert len(tried) == 2
    for at in tried:
        assert _run(f"{broker}\n{shown[at].text}") == json.loads(shown[at + 1].text)


def _is_ready(ops):
    status = read_status(ops)
    return status is not None and status.state == "ready"


def _is_known(broker):
    """Tell whether the city answers the device, by sending it something that is not a reading."""
    publish = f"mosquitto_pub $BROKER -q 1 -t wijk/v1/footfall/{DEVICE} -m '{{}}'"
    said = _receipt(broker, meanwhile=f"sleep 0.3\n{publish}")
    return said is not None and said["rejected"][0]["reason"] == "invalid"


def _receipt(broker, meanwhile=""):
    """Return the next receipt, None if there is none within two seconds."""
    listen = f"mosquitto_sub $BROKER -t wijk/v1/receipt/{DEVICE} -C 1 -W 2"
    return _run(f"{broker}\n{listen} &\n{meanwhile}\nwait")


def _run(script):
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.stdout.strip() else None


def _mosquitto(folder, port):
    """Run Mosquitto as the compose file does: with our script, on the folder of the city."""
    folder.mkdir()
    settings = MosquittoSettings(directory=folder, port=port, user=getpass.getuser())
    (folder / CONFIG_FILE).write_text(mosquitto_conf(settings))
    script = ["sh", ROOT / "deploy" / "mosquitto.sh", folder, folder / CONFIG_FILE]
    return _process(script, folder / "log", os.environ)


@contextmanager
def _process(command, log, environment):
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, env=environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _wait(is_so):
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)
