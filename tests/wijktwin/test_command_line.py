"""The command line as a whole: fast help, and errors in one sentence."""

import re
import subprocess
import sys

import pytest
import typer

from wijktwin import __version__
from wijktwin.commands.app import app
from wijktwin.commands.replay import RECORDINGS
from wijktwin.settings import CONFIG, SETTINGS

HEAVY = {"duckdb", "geopandas", "numpy", "pandas", "pyarrow", "pydantic", "shapely", "uvicorn"}


def commands(command=None, words=()):
    command = command or typer.main.get_command(app)
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from commands(child, (*words, name))
    else:
        yield pytest.param(words, command, id="-".join(words))


def flat(text):
    """Return a help page without the lines of its boxes."""
    return re.sub(r"[\s│╭╮╰╯─]+", " ", text)


def test_loading_the_command_line_loads_nothing_that_takes_long():
    script = "import sys, wijktwin.commands.app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & HEAVY
    assert "typer" in loaded


def test_the_version(wijktwin):
    assert wijktwin("--version") == (0, f"{__version__}\n", "")


def test_help_without_a_command(wijktwin):
    said = wijktwin()
    assert "Usage: wijktwin" in said.out
    assert "--no-debug" not in said.out
    assert "--no-version" not in said.out


@pytest.mark.parametrize(("words", "command"), list(commands()))
def test_help_names_the_variable_and_the_default_of_every_setting(wijktwin, words, command):
    said = wijktwin(*words, "--help")
    page = flat(said.out)
    assert said.code == 0
    names = {parameter.name for parameter in command.params}
    if "config" not in names:
        return
    assert CONFIG in page
    for setting in (SETTINGS[name] for name in names if name in SETTINGS):
        assert setting.flag in page
        assert setting.variable in page
        if setting.default is not None:
            assert f"{setting.variable}, default: {setting.default}" in page


def test_the_help_of_replay_names_all_recordings():
    from sensors.replay import SOURCES

    assert set(RECORDINGS) == set(SOURCES)


def test_an_error_is_one_sentence_and_a_traceback_only_with_debug(wijktwin, tmp_path):
    said = wijktwin("place", "show", "nowhere", "--data", tmp_path)
    assert said.code == 1
    assert said.out == ""
    assert said.err.startswith("Error: there is no place 'nowhere'")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("words", [["--debug", "place", "list"], ["place", "list", "--debug"]])
def test_something_unexpected_is_said_in_one_sentence_too(wijktwin, monkeypatch, caplog, words):
    def fail(_):
        raise ValueError("odd")

    monkeypatch.setattr("wijktwin.folder.places", fail)
    said = wijktwin("place", "list")
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "nobody thought of (ValueError: odd)" in said.err
    assert "--debug" in said.err
    assert not caplog.records
    wijktwin(*words)
    assert any(record.exc_info for record in caplog.records)


def test_a_disk_that_fails_is_no_surprise(wijktwin, monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device", "/data/x")

    monkeypatch.setattr("wijktwin.folder.places", fail)
    assert wijktwin("place", "list").err == "Error: /data/x: No space left on device\n"


def test_a_flag_that_does_not_exist_is_refused(wijktwin):
    said = wijktwin("up", "--prot", "80")
    assert said.code == 2
    assert "--prot" in said.err


def test_all_wrong_settings_are_named_at_once(wijktwin, monkeypatch):
    monkeypatch.setenv("WIJKTWIN_SPEED", "0")
    said = wijktwin("up", "--port", "70000", "--start", "yesterday")
    assert said.code == 1
    assert said.err.splitlines()[0] == "Error: the settings are not right:"
    assert [line.split(":")[0] for line in said.err.splitlines()[1:]] == [
        "  • WIJKTWIN_SPEED",
        "  • --port",
        "  • --start",
    ]


def test_ctrl_c_ends_a_command_quietly(wijktwin, monkeypatch):
    def fail(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("wijktwin.folder.places", fail)
    said = wijktwin("place", "list")
    assert (said.code, said.err) == (130, "")
