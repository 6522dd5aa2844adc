"""Every command, flag, variable and make target that a page names is there."""

import re
import shlex

import click
import pytest
import typer
from pages import PAGES, ROOT, all_blocks, blocks, prose

from wijktwin.commands.app import app
from wijktwin.settings import SETTINGS

VARIABLE = re.compile(r"WIJKTWIN_[A-Z_]+")
EXTERNAL = {"WIJKTWIN_CONFIG"}


def _shell_lines(page):
    for block in blocks(page, "sh"):
        yield from block.text.replace("\\\n", " ").splitlines()


def _command_lines():
    for page in PAGES:
        spoken = re.findall(r"`(wijktwin [a-z-][^`]*)`", prose(page).replace("\n", " "))
        for line in [*_shell_lines(page), *spoken]:
            found = re.search(r"(?:^|exec city |--rm city )(?P<words>wijktwin .+)$", line.strip())
            if found:
                yield page.name, found["words"]
        for line in _shell_lines(page):
            if run := re.search(r"run --rm city (?P<words>.+)$", line):
                yield page.name, f"wijktwin {run['words']}"


COMMANDS = sorted(set(_command_lines()))


def test_there_are_commands_to_check():
    assert len(COMMANDS) > 30


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_command_line_in_the_pages_is_one(page, line):
    words = shlex.split(line.partition(" > ")[0], comments=True)[1:]
    command, context = typer.main.get_command(app), None
    while hasattr(command, "commands"):
        context = click.Context(command, info_name=command.name, parent=context)
        _, _, words = _parse(command, context, words)
        if not words:
            return
        assert words[0] in command.commands, f"{page}: there is no {words[0]} in {line!r}"
        command, words = command.commands[words[0]], words[1:]
    context = click.Context(command, info_name=command.name, parent=context)
    _, left, _ = _parse(command, context, words)
    assert not left, f"{page}: {left} is too much in {line!r}"


def _parse(command, context, words):
    """Parse without looking whether files exist; an unknown option raises."""
    parser = command.make_parser(context)
    parser.allow_interspersed_args = not hasattr(command, "commands")
    values, left, _ = parser.parse_args(list(words))
    return values, left, left


def test_make_targets_in_the_pages_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set()
    for page in PAGES:
        named |= set(re.findall(r"`make ([a-z]+)", page.read_text()))
        named |= {m for line in _shell_lines(page) for m in re.findall(r"^make ([a-z]+)", line)}
    assert named
    assert named <= targets


def test_variables_in_the_pages_are_settings():
    known = {setting.variable for setting in SETTINGS.values()} | EXTERNAL
    for path in [*PAGES, ROOT / "docker-compose.yml", ROOT / "Dockerfile"]:
        named = {each.rstrip("_") for each in VARIABLE.findall(path.read_text())} - {"WIJKTWIN"}
        assert named <= known, path.name


def test_modules_that_are_run_in_the_pages_exist():
    for page in PAGES:
        for module in re.findall(r"python -m ([a-z_.]+)", page.read_text()):
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def test_shell_blocks_have_one_dialect():
    assert not all_blocks("bash")
    assert not all_blocks("shell")
