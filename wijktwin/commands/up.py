"""``wijktwin up``: everything, on one machine."""

from wijktwin.commands.options import with_settings
from wijktwin.settings import Settings


@with_settings(
    "data",
    "place",
    "host",
    "port",
    "broker",
    "mqtt_host",
    "mqtt_port",
    "simulated",
    "retention_days",
    "history_days",
    "seed",
    "start",
    "speed",
    "store",
    "metrics_port",
)
def up(settings: Settings) -> None:
    """Start everything: broker, simulated devices, ingest, releases and the pages.

    The default place is imported and gets its history at the first start. Ctrl-C stops it all.
    """
    from wijktwin.signals import stop_signal
    from wijktwin.supervise import run_up

    with stop_signal() as stop:
        run_up(settings, stop)
