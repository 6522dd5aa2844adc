"""The command line as a whole: what holds for every command, and how errors are said."""

import logging
import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from twin.errors import WijktwinError
from wijktwin import __version__
from wijktwin.commands.backtest import backtest
from wijktwin.commands.broker import broker
from wijktwin.commands.calibrate import calibrate
from wijktwin.commands.city import city
from wijktwin.commands.device import device
from wijktwin.commands.doctor import doctor
from wijktwin.commands.place import place
from wijktwin.commands.replay import replay
from wijktwin.commands.scenario import scenario
from wijktwin.commands.simulate import simulate
from wijktwin.commands.staff import staff
from wijktwin.commands.up import up
from wijktwin.commands.web import web
from wijktwin.screen import say_error
from wijktwin.signals import end_with_supervisor, is_supervised

log = logging.getLogger(__name__)

DEBUG = "--debug"

app = typer.Typer(
    help=(
        "A digital twin of one city neighbourhood: live sensors, protected figures, what-if.\n\n"
        "Start with [bold]wijktwin up[/bold]. Settings come from flags, WIJKTWIN_* variables or a"
        " TOML file, in this order; each command's --help names those it knows."
    ),
    no_args_is_help=True,
    add_completion=False,
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
app.add_typer(broker, name="broker")
app.add_typer(staff, name="staff")
app.command()(calibrate)
app.command()(backtest)
app.add_typer(scenario, name="scenario")
app.command()(doctor)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def start(
    *,
    debug: Annotated[
        bool, typer.Option(DEBUG, help="Log more, and show a traceback when something fails")
    ] = False,
    version: Annotated[  # noqa: ARG001
        bool,
        typer.Option(
            "--version",
            help="Print the version and end",
            is_eager=True,
            callback=_show_version,
        ),
    ] = False,
) -> None:
    """Set what holds for every command."""
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    if is_supervised():
        end_with_supervisor()


def run(arguments: Sequence[str]) -> None:
    """Run a command; an error is one sentence (with --debug, a traceback) and a non-zero exit.

    ``--debug`` may stand anywhere. Until a command says otherwise, SIGTERM ends it as Ctrl-C does.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    is_debugged = DEBUG in arguments
    in_order = sorted(arguments, key=lambda each: each != DEBUG)
    try:
        app(in_order, prog_name="wijktwin")
    except WijktwinError as err:
        _fail(err, with_traceback=is_debugged)
    except OSError as err:
        what = f"{err.filename}: {err.strerror}" if err.filename else str(err)
        _fail(err, what, with_traceback=is_debugged or is_supervised())
    except Exception as err:  # whatever it is, it is said in one sentence  # noqa: BLE001
        what = (
            f"something went wrong that nobody thought of ({type(err).__name__}: {err});"
            f" run the same with {DEBUG} to see where"
        )
        _fail(err, what, with_traceback=is_debugged or is_supervised())


def _fail(err: Exception, what: str | None = None, *, with_traceback: bool) -> None:
    if with_traceback:
        log.error("the command failed", exc_info=err)
    say_error(WijktwinError(what) if what else err)
    sys.exit(1)
