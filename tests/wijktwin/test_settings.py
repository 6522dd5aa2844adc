"""Where settings come from, and what wins."""

import re

import pytest

from twin.errors import SettingsError
from wijktwin.settings import (
    SETTINGS,
    Settings,
    as_environment,
    load_settings,
    unknown_variables,
)


@pytest.fixture
def file(tmp_path):
    def write(text, name="wijktwin.toml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def faults(*args, **kwargs):
    with pytest.raises(SettingsError) as refused:
        load_settings(*args, **kwargs)
    return refused.value.faults


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_file(file):
    file("port = 1\nmqtt_port = 1\nhistory_days = 1")
    variables = {"WIJKTWIN_PORT": "2", "WIJKTWIN_MQTT_PORT": "2"}
    settings = load_settings({"port": 3, "seed": None}, environment=variables)
    assert (settings.port, settings.mqtt_port, settings.history_days) == (3, 2, 1)
    assert settings.seed == SETTINGS["seed"].default


def test_the_file_is_the_one_that_is_named_or_else_the_one_here(file, monkeypatch):
    named, other = file("port = 2", "a.toml"), file("port = 3", "b.toml")
    assert load_settings(environment={}).port == 8000
    file("port = 1")
    assert load_settings(environment={}).port == 1
    assert load_settings(environment={"WIJKTWIN_CONFIG": str(named)}).port == 2
    both = load_settings(config=other, environment={"WIJKTWIN_CONFIG": str(named)})
    assert both.port == 3


def test_a_file_that_was_named_must_be_there(tmp_path):
    assert faults(config=tmp_path / "none.toml") == [f"there is no {tmp_path / 'none.toml'}"]


def test_a_file_that_is_no_toml_is_refused(file):
    (fault,) = faults(config=file("port: 1"))
    assert "wijktwin.toml" in fault


def test_every_fault_is_named_with_where_it_comes_from(file):
    path = file('port = "many"\nprot = 1\nplace = "De Wijk"')
    variables = {"WIJKTWIN_BROKER": "mine", "WIJKTWIN_MQTT_PASSWORD": "secret"}
    found = faults({"speed": 0.0, "history_days": -1}, config=path, environment=variables)
    wheres = [fault.partition(":")[0] for fault in found]
    assert sorted(wheres) == sorted(
        [
            f"prot in {path}",
            f"port in {path}",
            f"place in {path}",
            "WIJKTWIN_BROKER",
            "--speed",
            "--history-days",
        ]
    )
    assert "secret" not in " ".join(found)


def test_an_empty_variable_says_nothing():
    assert load_settings(environment={"WIJKTWIN_PORT": ""}).port == 8000


@pytest.mark.parametrize("text", ["true", "True", "1", "yes"])
def test_a_switch_is_read_from_text(text):
    assert load_settings(environment={"WIJKTWIN_SIMULATED": text}).simulated is True


def test_another_process_gets_the_same_settings(file):
    file("port = 9000\nsimulated = false")
    settings = load_settings(
        {"port": 8000, "start": "2024-03-01T06:00", "mqtt_password": "p"}, environment={}
    )
    file("port = 9000\nhistory_days = 3")
    assert load_settings(environment=as_environment(settings)) == settings


def test_a_password_is_not_shown():
    assert "secret" not in repr(Settings(mqtt_password="secret"))


def test_a_variable_that_means_nothing_is_found():
    variables = {"WIJKTWIN_PROT": "1", "WIJKTWIN_PORT": "1", "HOME": "/"}
    assert unknown_variables(variables) == ["WIJKTWIN_PROT"]


@pytest.mark.parametrize("setting", list(SETTINGS.values()), ids=list(SETTINGS))
def test_every_setting_says_what_it_is_for(setting):
    assert re.fullmatch(r"\S.*[^.\s]", setting.description)
    assert setting.name == setting.name.lower()
