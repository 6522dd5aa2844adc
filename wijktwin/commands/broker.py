"""``wijktwin broker``: Mosquitto's configuration, and users that are no devices."""

from pathlib import PurePosixPath
from typing import Annotated

import typer

from sensors.topics import Role
from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

broker = typer.Typer(help="Set up Mosquitto, the broker of real deployments.", no_args_is_help=True)


@broker.command("config")
def config(
    folder: Annotated[
        str,
        typer.Argument(help="Where Mosquitto keeps its queues and finds its users, as it sees it"),
    ],
    *,
    host: Annotated[str, typer.Option(help="Address of the listener without TLS")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port, 0 for no such listener")] = 1883,
    cert: Annotated[
        str | None, typer.Option(help="Certificate of the listener with TLS, as Mosquitto sees it")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Its key")] = None,
    tls_port: Annotated[int, typer.Option(help="Its port")] = 8883,
) -> None:
    """Print a configuration for Mosquitto.

    It signs everybody in with the users and rules that the city process writes (setting
    mosquitto_files).
    """
    from sensors.mosquitto import MosquittoSettings, Tls, mosquitto_conf

    if (cert is None) != (key is None):
        raise typer.BadParameter("--cert and --key belong together")
    tls = Tls(PurePosixPath(cert), PurePosixPath(key), port=tls_port) if cert and key else None
    listeners = MosquittoSettings(
        directory=PurePosixPath(folder), host=host, port=port or None, tls=tls
    )
    typer.echo(mosquitto_conf(listeners), nl=False)


@broker.command("add")
@with_settings("data", "place")
def add(
    settings: Settings,
    name: Annotated[str, typer.Argument(help="Name under which it signs in")],
    role: Annotated[Role, typer.Argument(help="fleet: replay and simulate; bridge: other systems")],
) -> None:
    """Let a part of the system sign in, and print its password (once)."""
    from sensors.registry import Registry
    from wijktwin.folder import PlaceFolder
    from wijktwin.screen import say

    if role is Role.DEVICE:
        raise typer.BadParameter("devices are registered with: wijktwin device add")
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    with Registry(folder.registry) as registry:
        password = registry.issue_password(name, role)
    say(f"{name} may sign in as {role.value}. Its password, shown this once: {password}")
