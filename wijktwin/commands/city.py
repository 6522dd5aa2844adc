"""``wijktwin city``: the city process."""

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings


@with_settings(
    "data",
    "place",
    "broker",
    "mqtt_host",
    "mqtt_port",
    "mqtt_username",
    "mqtt_ca_file",
    "mosquitto_files",
    "simulated",
    "retention_days",
    "history_days",
    "seed",
    "start",
    "speed",
    "store",
    "metrics_port",
)
def city(settings: Settings) -> None:
    """Run the city process: ingest and releases, until Ctrl-C.

    It is the only one that opens the store.
    """
    from wijktwin.signals import stop_signal

    with stop_signal() as stop:
        from wijktwin.city_process import run_city

        run_city(settings, stop)
