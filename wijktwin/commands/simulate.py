"""``wijktwin simulate``: the simulated devices in a process of their own."""

from typing import Annotated

import typer

from sensors.ingest import Connection
from sensors.registry import Registry
from sensors.simulated.fleet import fleet
from sensors.simulated.live import Live, LiveStatistics
from twin.place import load_city
from twin.words import Origin
from wijktwin.clock import load_clock
from wijktwin.commands import options
from wijktwin.commands.screen import console, stop_signal
from wijktwin.folder import PlaceFolder
from wijktwin.settings import load_settings


def simulate(
    *,
    data: options.Data = None,
    place: options.PlaceName = None,
    mqtt_host: options.MqttHost = None,
    mqtt_port: options.MqttPort = None,
    broker: options.Broker = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the simulated neighbourhood")] = None,
) -> None:
    """Let simulated devices publish to a city process that runs elsewhere, until Ctrl-C.

    They live by the place's clock (`up` and `city` set its --start and --speed), register
    themselves, and keep what is not settled.
    """
    settings = load_settings(
        data=data, place=place, mqtt_host=mqtt_host, mqtt_port=mqtt_port, broker=broker, seed=seed
    )
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    city, clock = load_city(folder.city), load_clock(folder.clock)
    with Registry(folder.registry) as registry:
        registry.add(fleet(city), since=clock.now())
        devices = [d for d in registry.devices().values() if d.origin is Origin.SIMULATED]
    connection = Connection(
        host=settings.mqtt_host,
        port=settings.mqtt_port,
        username=settings.mqtt_username,
        password=settings.mqtt_password,
        protocol=4 if settings.broker == "embedded" else 5,
        ca_file=settings.mqtt_ca_file,
    )
    with console.status(f"{len(devices)} devices start…") as line, stop_signal() as stop:

        def tell(now: LiveStatistics) -> None:
            line.update(
                f"{len(devices)} devices: {now.sent} messages sent, {now.settled} readings settled,"
                f" {now.waiting} waiting for a receipt (Ctrl-C stops)"
            )

        Live(
            city,
            devices,
            connection,
            now=clock.now,
            since=clock.now(),
            seed=settings.seed,
            spool=folder.spool,
            on_statistics=tell,
        ).run(stop)
