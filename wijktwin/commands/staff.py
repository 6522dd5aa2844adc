"""``wijktwin staff``: accounts of staff, who sign in on the pages."""

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Generator

    from web.staff.accounts import Accounts, Role

staff = typer.Typer(
    help=(
        "Accounts of staff: who may sign in on the pages, and as what.\n\n"
        "A viewer may look, an analyst may also make plans and publish them, an admin may also see"
        " to accounts. A password has at least 12 characters; it is asked for twice, or is the first"
        " line of the input where that is no terminal."
    ),
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="Name with which somebody signs in")]
RoleName = Annotated[str, typer.Argument(help="viewer, analyst or admin")]


@staff.command("add")
@with_settings("data", "place")
def add(settings: Settings, name: Name, role: RoleName = "viewer") -> None:
    """Let somebody sign in."""
    from wijktwin.clock import wall_now
    from wijktwin.screen import say

    with _accounts(settings) as accounts:
        chosen = _role(role)
        made = accounts.add(name, chosen, _password(), by=_by(), now=wall_now())
        say(f"{made.name} may sign in as {made.role.value}.")


@staff.command("list")
@with_settings("data", "place")
def list_(
    settings: Settings,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array")] = False,
) -> None:
    """List the accounts."""
    from rich.table import Table

    from wijktwin.screen import console, say

    with _accounts(settings) as accounts:
        found = accounts.all()
    if as_json:
        facts = [{"name": a.name, "role": a.role.value, "enabled": a.is_enabled} for a in found]
        typer.echo(json.dumps(facts, indent=1))
        return
    if not found:
        say("Nobody can sign in yet: wijktwin staff add NAME admin")
        return
    table = Table("name", "role", "", "since", box=None)
    for each in found:
        state = "" if each.is_enabled else "disabled"
        table.add_row(each.name, each.role.value, state, f"{each.created_at:%Y-%m-%d}")
    console.print(table)


@staff.command("role")
@with_settings("data", "place")
def role_(settings: Settings, name: Name, role: RoleName) -> None:
    """Give somebody another role; where they are signed in, that ends."""
    from wijktwin.clock import wall_now
    from wijktwin.screen import say

    with _accounts(settings) as accounts:
        accounts.set_role(name, _role(role), by=_by(), now=wall_now())
    say(f"{name} is {role} from now on.")


@staff.command("disable")
@with_settings("data", "place")
def disable(settings: Settings, name: Name) -> None:
    """Let somebody sign in no more; where they are signed in, that ends."""
    from wijktwin.clock import wall_now
    from wijktwin.screen import say

    with _accounts(settings) as accounts:
        accounts.set_enabled(name, is_enabled=False, by=_by(), now=wall_now())
    say(f"{name} may not sign in any more.")


@staff.command("enable")
@with_settings("data", "place")
def enable(settings: Settings, name: Name) -> None:
    """Let somebody sign in again."""
    from wijktwin.clock import wall_now
    from wijktwin.screen import say

    with _accounts(settings) as accounts:
        accounts.set_enabled(name, is_enabled=True, by=_by(), now=wall_now())
    say(f"{name} may sign in again.")


@staff.command("password")
@with_settings("data", "place")
def password(settings: Settings, name: Name) -> None:
    """Give somebody another password, and let it be tried anew; where they are signed in, that ends."""
    from wijktwin.clock import wall_now
    from wijktwin.screen import say

    with _accounts(settings) as accounts:
        accounts.named(name)
        accounts.set_password(name, _password(), by=_by(), now=wall_now())
    say(f"{name} has another password.")


@contextmanager
def _accounts(settings: Settings) -> "Generator[Accounts]":
    from web.staff.staff import Staff
    from wijktwin.folder import PlaceFolder

    folder = PlaceFolder(settings.data / settings.place).must_be_published()
    opened = Staff(folder.root)
    opened.open()
    try:
        yield opened.accounts
    finally:
        opened.close()


def _by() -> str:
    from web.staff.audit import COMMAND_LINE

    return COMMAND_LINE


def _role(text: str) -> "Role":
    from twin.errors import UnknownNameError
    from web.staff.accounts import Role

    if text not in list(Role):
        raise UnknownNameError(f"there is no role {text!r}; there are: {', '.join(Role)}")
    return Role(text)


def _password() -> str:
    """Return the password that is typed twice, or the first line of what comes in."""
    from getpass import getpass

    from twin.words import Text
    from web.staff.errors import RefusedError

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password: ")
    if getpass("The same again: ") != first:
        what = Text("De twee wachtwoorden zijn niet gelijk.", "The two passwords are not the same.")
        raise RefusedError("nothing was changed", [what])
    return first
