"""Registering devices and checking what they would send."""

import json
import shlex

import pytest
from owners import kind_of_sensor

from sensors.registry import Registry
from sensors.topics import Role


@pytest.fixture
def device(wijktwin, data):
    def command(action, *words):
        return wijktwin("device", action, *words, "--data", data, "--place", "tiny")

    return command


def message(said):
    """Return the words of the line to paste."""
    (line,) = [line for line in said.out.splitlines() if line.startswith("mosquitto_pub ")]
    return shlex.split(line)


def after(words, flag):
    return words[words.index(flag) + 1]


def test_a_device_gets_a_password_topics_and_a_message_to_paste(device, folder):
    said = device("add", "teller-1", "footfall", "--target", "counter-1", "--mqtt-port", "1884")
    assert said.code == 0
    words = message(said)
    assert after(words, "-t") == "wijk/v1/footfall/teller-1"
    assert after(words, "-p") == "1884"
    assert "wijk/v1/receipt/teller-1" in said.out
    assert "wijk/v1/status/teller-1" in said.out
    with Registry(folder.registry) as registry:
        assert registry.verify(after(words, "-u"), after(words, "-P")) is Role.DEVICE
        assert registry.devices()["teller-1"].target == "counter-1"


@pytest.mark.parametrize(
    ("domain", "options"),
    [
        ("parking", ["--target", "bay-s0"]),
        ("parking", ["--target", "garage-1"]),
        ("bikes", []),
        ("parking", []),
    ],
)
def test_the_message_would_be_accepted(device, tmp_path, domain, options):
    said = device("add", "nieuw", domain, *options)
    file = tmp_path / "message.json"
    file.write_text(after(message(said), "-m"))
    checked = device("check", file, "--device", "nieuw")
    assert checked.code == 0
    assert checked.out.splitlines()[-1] == "1 would be accepted, 0 refused."


def test_everything_that_is_wrong_is_named_and_nothing_registered(device, folder):
    said = device("add", "a/b", "footfall", "--target", "nowhere", "--lon", "4.9")
    assert said.code == 1
    assert len(said.err.splitlines()) == 4
    assert not folder.registry.exists()


def test_a_domain_that_there_is_not_names_those_there_are(device):
    said = device("add", "x", "smell")
    assert "there is no domain 'smell'; there are parking, bikes, footfall" in said.err


def test_a_device_is_not_registered_over_another(device, folder):
    first = device("add", "teller-1", "footfall", "--target", "counter-1")
    said = device("add", "teller-1", "footfall", "--target", "counter-8")
    assert said.code == 1
    assert "there is one of that name" in said.err
    with Registry(folder.registry) as registry:
        assert registry.verify("teller-1", after(message(first), "-P")) is Role.DEVICE


def test_a_thing_that_is_watched_already_is_refused(device):
    device("add", "teller-1", "footfall", "--target", "counter-1")
    said = device("add", "teller-2", "footfall", "--target", "counter-1")
    assert said.code == 1
    assert "which 'teller-1' does already" in said.err


def test_devices_are_listed_for_people_and_for_programs(device):
    assert "No device is registered" in device("list").out
    device("add", "teller-1", "footfall", "--target", "counter-1")
    device("add", "vak-1", "parking", "--target", "bay-s0")
    said = device("list")
    assert "counters counter-1" in said.out
    assert "vak-1" not in device("list", "--domain", "footfall").out
    assert json.loads(device("list", "--json").out)[1] == {
        "device": "vak-1",
        "domain": "parking",
        "origin": "measured",
        "layer": "bays",
        "target": "bay-s0",
        "capacity": 10,
    }


def test_a_removed_device_is_gone_and_its_name_free(device):
    device("add", "teller-1", "footfall", "--target", "counter-1")
    assert device("remove", "teller-1").code == 0
    assert "No device" in device("list").out
    assert device("add", "teller-1", "footfall", "--target", "counter-8").code == 0
    said = device("remove", "teller-9")
    assert said.code == 1
    assert "there is no device 'teller-9'" in said.err


def test_a_file_is_checked_message_by_message(device, tmp_path):
    device("add", "teller-1", "footfall", "--target", "counter-1")
    good = {"kind": "passages", "observed_at": "2026-05-04T09:15:00Z", "interval_s": 900}
    good |= {"boot": "b", "seq": 1, "passages": 3}
    file = tmp_path / "messages.jsonl"
    lines = [json.dumps(good), json.dumps(good | {"passages": -3, "interval_s": 1})]
    file.write_text("\n".join(lines))
    said = device("check", file, "--device", "teller-1")
    assert said.code == 1
    accepted, refused, total = said.out.splitlines()
    assert accepted.startswith("message 1: accepted, passages")
    assert "passages:" in refused
    assert "interval_s:" in refused
    assert total == "1 would be accepted, 1 refused."


def test_a_file_of_a_device_that_there_is_not(device, tmp_path):
    file = tmp_path / "x.json"
    file.write_text("{}")
    said = device("check", file, "--device", "niemand")
    assert said.code == 1
    assert "there is no device 'niemand'" in said.err


OWNERS = kind_of_sensor(domain="footfall", layer="counters")


def test_who_is_behind_the_devices_is_published_or_refused_as_a_whole(device, folder, tmp_path):
    file = tmp_path / "owners.toml"
    file.write_text(OWNERS)
    said = device("owners", file)
    assert said.code == 0
    assert "1 kind of sensor" in said.out
    published = folder.public / "register.toml"
    assert published.read_text() == OWNERS
    file.write_text(OWNERS.replace("sensoren@example.org", "?").replace("counters", "benches"))
    refused = device("owners", file)
    assert refused.code == 1
    assert "contact" in refused.err
    assert "footfall benches" in refused.err
    assert published.read_text() == OWNERS
