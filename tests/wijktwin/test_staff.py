"""`wijktwin staff`: accounts from the command line."""

import io
import json
import sys

import pytest

from web.staff.passwords import SHORTEST
from web.staff.staff import Staff
from wijktwin.clock import wall_now

GOOD = "paard batterij nietje"


class Input(io.StringIO):
    """What comes in, from a terminal or not."""


@pytest.fixture
def run(wijktwin, data, monkeypatch):
    """Run a command, with what comes in on its input; return how it ended and what it printed."""

    def run(*words, typed="", is_terminal=False):
        monkeypatch.setattr(sys, "stdin", Input(typed))
        monkeypatch.setattr(Input, "isatty", lambda _: is_terminal)
        said = wijktwin("staff", *words, "--data", data, "--place", "tiny")
        return said.code, " ".join((said.out + said.err).split())

    return run


def test_somebody_is_added_changed_and_disabled(run, folder):
    assert run("list") == (0, "Nobody can sign in yet: wijktwin staff add NAME admin")
    assert run("add", "Anna", "analyst", typed=f"{GOOD}\n") == (0, "anna may sign in as analyst.")
    assert run("role", "anna", "admin")[0] == 0
    assert run("disable", "anna")[0] == 0
    assert json.loads(run("list", "--json")[1]) == [
        {"name": "anna", "role": "admin", "enabled": False}
    ]
    assert run("enable", "anna")[0] == 0
    assert run("password", "anna", typed="een heel ander geheim\n")[0] == 0
    staff = Staff(folder.root)
    staff.open()
    assert staff.accounts.sign_in("anna", "een heel ander geheim", address="", now=wall_now())
    staff.close()


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "anna", "king"), GOOD, "there is no role 'king'; there are: viewer, analyst"),
        (("add", "A B"), "kort", "letters, digits"),
        (("add", "anna"), "kort", "12 to 200 characters"),
        (("disable", "nobody"), "", "there is no account 'nobody'"),
        (("password", "nobody"), GOOD, "there is no account 'nobody'"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(run, words, typed, said):
    code, printed = run(*words, typed=typed)
    assert code == 1
    assert said in printed
    assert "Traceback" not in printed
    assert run("list", "--json") == (0, "[]")


def test_a_password_typed_differently_the_second_time_is_refused(run, monkeypatch):
    typed = iter([GOOD, "iets anders"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    code, printed = run("add", "anna", is_terminal=True)
    assert (code, "not the same" in printed) == (1, True)


def test_the_help_states_how_long_a_password_is(wijktwin):
    assert f"at least {SHORTEST} characters" in " ".join(wijktwin("staff", "--help").out.split())
