"""``wijktwin up``: everything, on one machine."""

import subprocess
import sys

from twin.errors import WijktwinError
from wijktwin.commands import options
from wijktwin.commands.screen import console, stop_signal
from wijktwin.folder import PlaceFolder
from wijktwin.settings import Settings, load_settings
from wijktwin.supervise import run_up

DEFAULT_PLACE = "helsinki"


def up(
    *,
    data: options.Data = None,
    place: options.PlaceName = None,
    host: options.Host = None,
    port: options.Port = None,
    broker: options.Broker = None,
    mqtt_host: options.MqttHost = None,
    mqtt_port: options.MqttPort = None,
    simulated: options.Simulated = None,
    history_days: options.HistoryDays = None,
    start: options.Start = None,
    speed: options.Speed = None,
    metrics_port: options.MetricsPort = None,
) -> None:
    """Start everything: broker, simulated devices, ingest, releases and the pages.

    The default place is imported and gets its history at the first start.
    """
    settings = load_settings(
        data=data,
        place=place,
        host=host,
        port=port,
        broker=broker,
        mqtt_host=mqtt_host,
        mqtt_port=mqtt_port,
        simulated=simulated,
        history_days=history_days,
        start=start,
        speed=speed,
        metrics_port=metrics_port,
    )
    folder = PlaceFolder(settings.data / settings.place)
    if not folder.is_imported and settings.place == DEFAULT_PLACE:
        _import_default(settings)
    folder.must_exist()
    with stop_signal() as stop:
        run_up(settings, folder, stop, console)


def _import_default(settings: Settings) -> None:
    """Import in a process of its own, which gives its memory back."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "wijktwin", "place", "import", "--data", str(settings.data), DEFAULT_PLACE],
        check=False,
    )
    if done.returncode:
        raise WijktwinError(f"the place {DEFAULT_PLACE} could not be imported")
