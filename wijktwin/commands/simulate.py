"""``wijktwin simulate``: the simulated devices in a process of their own."""

from typing import TYPE_CHECKING

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings

if TYPE_CHECKING:
    from sensors.simulated.live import LiveStatistics
    from wijktwin.folder import PlaceFolder


@with_settings(
    "data", "place", "broker", "mqtt_host", "mqtt_port", "mqtt_username", "mqtt_ca_file", "seed"
)
def simulate(settings: Settings) -> None:
    """Let simulated devices publish to a city process that runs elsewhere, until Ctrl-C.

    They live by the place's clock (`up` and `city` set its --start and --speed), register
    themselves, and keep what is not settled.
    """
    from wijktwin.signals import stop_signal

    with stop_signal() as stop:
        from sensors.registry import Registry
        from sensors.simulated.fleet import fleet
        from sensors.simulated.live import Live
        from twin.place import load_city
        from twin.words import Origin
        from wijktwin.clock import load_clock
        from wijktwin.connection import connection_as
        from wijktwin.folder import PlaceFolder
        from wijktwin.screen import showing

        folder = PlaceFolder(settings.data / settings.place).must_exist()
        _must_have_no_other(folder)
        city, clock = load_city(folder.city), load_clock(folder.clock)
        with Registry(folder.registry) as registry:
            registry.add(fleet(city), since=clock.now())
            devices = [d for d in registry.devices().values() if d.origin is Origin.SIMULATED]
        with showing(f"{len(devices)} devices start") as report:

            def tell(now: "LiveStatistics") -> None:
                reached = "" if now.is_connected else " (the broker is not reached)"
                report(f"{len(devices)} devices publish until Ctrl-C{reached}", None)

            Live(
                city,
                devices,
                connection_as(settings, "wijktwin-fleet"),
                now=clock.now,
                since=clock.now(),
                seed=settings.seed,
                spool=folder.spool,
                on_statistics=tell,
            ).run(stop)


def _must_have_no_other(folder: "PlaceFolder") -> None:
    """Raise PlaceInUseError where the city process runs the simulated devices itself."""
    from wijktwin import lock
    from wijktwin.errors import PlaceInUseError
    from wijktwin.status import read_status

    status = read_status(folder.ops)
    if status is not None and status.has_fleet and lock.holder(folder) is not None:
        raise PlaceInUseError(
            f"the city process of {folder.root.name!r} runs the simulated devices itself:"
            " start it with --no-simulated first"
        )
