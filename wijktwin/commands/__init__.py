"""The command line."""

import logging
import sys
from typing import Annotated

import typer

from twin.errors import FaultsError, WijktwinError
from wijktwin import __version__
from wijktwin.commands.city import city
from wijktwin.commands.device import device
from wijktwin.commands.doctor import doctor
from wijktwin.commands.place import place
from wijktwin.commands.replay import replay
from wijktwin.commands.screen import error_console
from wijktwin.commands.simulate import simulate
from wijktwin.commands.up import up
from wijktwin.commands.web import web

app = typer.Typer(
    help="A digital twin of one city neighbourhood: live sensors, protected figures, what-if.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(up)
app.add_typer(place, name="place")
app.command()(city)
app.command()(web)
app.command()(simulate)
app.command()(replay)
app.add_typer(device, name="device")
app.command()(doctor)


@app.callback()
def options(
    *,
    debug: Annotated[bool, typer.Option(help="Show a traceback, and log more, when something fails")] = False,
    version: Annotated[bool, typer.Option(help="Print the version and end")] = False,
) -> None:
    """Set what holds for every command."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )


def main() -> None:
    """Run the command; an error is one sentence (with --debug, a traceback) and a non-zero exit."""
    try:
        app(standalone_mode=True)
    except FaultsError as err:
        if "--debug" in sys.argv:
            raise
        error_console.print(f"[red]Error:[/red] {err.what}:", highlight=False)
        for fault in err.faults:
            error_console.print(f"  • {fault}", highlight=False, markup=False)
        sys.exit(1)
    except WijktwinError as err:
        if "--debug" in sys.argv:
            raise
        error_console.print("[red]Error:[/red] ", end="")
        error_console.print(str(err), highlight=False, markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
