"""The Dockerfile and docker-compose.yml, which cannot run here, agree with what they run."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from importlib.metadata import requires
from pathlib import PurePosixPath

import pytest
import typer
import yaml
from packaging.requirements import Requirement
from pages import ROOT

from docs.generate import COMPOSE_BROKER
from sensors.mosquitto import CONFIG_FILE
from sensors.mosquitto_process import free_port
from twin.words import Text
from web.app import create_app
from wijktwin.commands.app import app
from wijktwin.folder import PlaceFolder
from wijktwin.settings import SETTINGS, load_settings
from wijktwin.status import Status

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
INTERPOLATED = re.compile(r"\$\{[A-Z_]+:-(?P<default>[^}]*)\}")


def _filled(text):
    """Fill in what Compose would, without any variable set."""
    return INTERPOLATED.sub(lambda found: found["default"], str(text))


def _settings(service):
    return load_settings(
        environment={name: _filled(value) for name, value in service["environment"].items()}
    )


def _from_dockerfile(instruction):
    return re.findall(rf"^{instruction} +(.+)$", DOCKERFILE, flags=re.MULTILINE)


def test_the_services_are_the_two_processes_and_a_broker():
    assert set(SERVICES) == {"city", "web", "mosquitto"}
    assert set(OURS) == {"city", "web"}


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_a_command_that_exists(name):
    command, *flags = OURS[name]["command"]
    known = typer.main.get_command(app).commands
    assert command in known
    options = {opt for parameter in known[command].params for opt in parameter.opts}
    assert {flag for flag in flags if flag.startswith("--")} <= options


@pytest.mark.parametrize("name", OURS)
def test_variables_are_settings_with_values_that_are_allowed(name):
    variables = {setting.variable for setting in SETTINGS.values()}
    assert set(OURS[name]["environment"]) <= variables
    assert _settings(OURS[name])


def test_the_entry_point_is_the_command():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    (entry,) = (json.loads(each) for each in _from_dockerfile("ENTRYPOINT"))
    assert entry[0] in scripts


def test_the_pages_are_on_the_default_port_and_on_this_machine_only():
    (port,) = SERVICES["web"]["ports"]
    default = SETTINGS["port"].default
    assert port == f"127.0.0.1:{default}:{default}"
    assert _settings(SERVICES["web"]).host == "0.0.0.0"
    assert _settings(SERVICES["web"]).proxy == "*"
    assert _from_dockerfile("EXPOSE") == [str(default)]


def test_no_other_port_than_the_pages_and_mqtt_with_tls_is_open():
    opened = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert opened["city"] == []
    tls_port = COMPOSE_BROKER.tls.port
    assert opened["mosquitto"] == [f"{tls_port}:{tls_port}"]
    assert _settings(SERVICES["web"]).mqtt_port == tls_port


def test_the_city_reaches_the_broker_and_keeps_its_users():
    city, mosquitto = _settings(SERVICES["city"]), SERVICES["mosquitto"]
    assert city.broker == "external"
    assert city.mqtt_host in SERVICES
    assert city.mqtt_port == COMPOSE_BROKER.port
    assert PurePosixPath(city.mosquitto_files) == COMPOSE_BROKER.directory
    shared = f"broker:{COMPOSE_BROKER.directory}"
    assert shared in SERVICES["city"]["volumes"]
    assert shared in mosquitto["volumes"]


def test_mosquitto_runs_our_script_with_our_configuration():
    shell, script, folder, config = SERVICES["mosquitto"]["command"]
    mounts = dict(volume.split(":")[:2] for volume in SERVICES["mosquitto"]["volumes"])
    inside = {target: source for source, target in mounts.items()}
    assert shell == "/bin/sh"
    assert folder == str(COMPOSE_BROKER.directory)
    for path in map(PurePosixPath, (script, config)):
        assert (ROOT / inside[str(path.parent)] / path.name).is_file()
    assert PurePosixPath(config).name == CONFIG_FILE
    assert str(COMPOSE_BROKER.tls.certfile.parent) in inside


def test_the_web_sees_the_public_folders_of_one_place_and_no_more():
    service = SERVICES["web"]
    settings = _settings(service)
    folder = PlaceFolder(PurePosixPath("/data") / settings.place)
    assert _data() == folder.root.parent
    mounts = {_filled(volume["target"]): volume for volume in service["volumes"]}
    own = {str(folder.model), str(folder.staff)}
    assert set(mounts) == {str(folder.public), str(folder.ops), *own}
    for target, volume in mounts.items():
        assert volume.get("read_only", False) == (target not in own)
        assert volume["source"] == "data"
        assert _filled(volume["volume"]["subpath"]) == str(
            PurePosixPath(target).relative_to(folder.root.parent)
        )
    assert f"data:{folder.root.parent}" in SERVICES["city"]["volumes"]


def test_volumes_are_declared_and_belong_to_the_user():
    named = {
        volume["source"] if isinstance(volume, dict) else volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service["volumes"]
    }
    assert {name for name in named if not name.startswith(".")} == set(COMPOSE["volumes"])
    (made,) = re.findall(
        r"install --directory --owner (\S+) .* --mode 0700 (.+)$", DOCKERFILE, re.MULTILINE
    )
    assert made[0] in _from_dockerfile("USER")
    assert made[1].split() == [str(_data()), str(COMPOSE_BROKER.directory)]
    (uid,) = re.findall(r"useradd --uid (\d+)", DOCKERFILE)
    assert SERVICES["mosquitto"]["user"] == f"{uid}:{uid}"


def test_nothing_runs_as_root_or_may_become_it():
    assert _from_dockerfile("USER")[-1] != "root"
    for service in SERVICES.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_is_made_of_the_locked_packages():
    bases = {each.split()[0] for each in _from_dockerfile("FROM")}
    least = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert bases == {f"python:{least.removeprefix('>=')}-slim"}
    assert "--require-hashes --requirement requirements.lock" in DOCKERFILE
    assert "http" not in (ROOT / "requirements.lock").read_text().replace("httpx", "").replace(
        "httpcore", ""
    ).replace("httptools", "")


def test_everything_the_image_copies_is_there_and_not_ignored():
    kept = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    for copied in _from_dockerfile("COPY"):
        if copied.startswith("--from"):
            continue
        *sources, _ = copied.split()
        for source in sources:
            assert (ROOT / source).exists()
            assert source.partition("/")[0] in kept


def test_the_image_has_all_that_runs_and_nothing_that_only_tests():
    script = ROOT / "deploy" / "unneeded.py"
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)
    removed = set(done.stdout.split())
    needed = {Requirement(text).name for text in requires("wijktwin")}
    assert not removed & needed
    assert {"pytest", "playwright", "ruff", "pyright"} <= removed


def test_the_health_check_asks_an_address_that_exists(released):
    (asked,) = re.findall(r"http://127.0.0.1:(\d+)(/[a-z0-9/]+)", DOCKERFILE)
    assert int(asked[0]) == SETTINGS["port"].default
    pages = create_app(place_directory=released, domains=(), now=lambda: None)
    assert asked[1] in pages.openapi()["paths"]


def _data():
    (folder,) = re.findall(r"WIJKTWIN_DATA=(\S+)", DOCKERFILE)
    return PurePosixPath(folder)


def test_the_pages_need_no_more_than_their_mounts(imported, tmp_path):
    place = PlaceFolder(imported / "tiny")
    shown = PlaceFolder(tmp_path / "tiny")
    for mount in SERVICES["web"]["volumes"]:
        part = PurePosixPath(mount["target"]).name
        source = place.root / part
        source.mkdir(exist_ok=True)
        shutil.copytree(source, shown.root / part)
    port = free_port()
    own = {"WIJKTWIN_DATA": str(tmp_path), "WIJKTWIN_PLACE": "tiny", "WIJKTWIN_PORT": str(port)}
    command = [sys.executable, "-m", "wijktwin", *SERVICES["web"]["command"]]
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL) as process:
        try:
            assert _answers(process, port) == 200
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("state", "age_s", "is_healthy"),
    [("ready", 0, True), ("starting", 0, False), ("ready", 150, False), (None, 0, False)],
)
def test_the_city_is_healthy_when_it_is_ready_and_still_says_so(tmp_path, state, age_s, is_healthy):
    folder = PlaceFolder(tmp_path / "tiny")
    if state is not None:
        status = Status(folder.ops, place="tiny", retention_days=7)
        status.say(state, Text("", ""))
        written = time.time() - age_s
        os.utime(folder.ops / "status.json", (written, written))
    kind, script = SERVICES["city"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    own = {"WIJKTWIN_DATA": str(tmp_path), "WIJKTWIN_PLACE": "tiny"}
    done = subprocess.run(
        ["sh", "-c", script.replace("$$", "$")],
        env=os.environ | own,
        capture_output=True,
        check=False,
    )
    assert (done.returncode == 0) == is_healthy


def _answers(process, port):
    """Return the status with which the home page answers, once it does."""
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/en/")
            return connection.getresponse().status
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    return None
