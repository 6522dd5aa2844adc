"""``wijktwin city``: the city process."""

from wijktwin.city_process import run_city
from wijktwin.commands import options
from wijktwin.commands.screen import stop_signal
from wijktwin.folder import PlaceFolder
from wijktwin.settings import load_settings


def city(
    *,
    data: options.Data = None,
    place: options.PlaceName = None,
    broker: options.Broker = None,
    mqtt_host: options.MqttHost = None,
    mqtt_port: options.MqttPort = None,
    simulated: options.Simulated = None,
    history_days: options.HistoryDays = None,
    start: options.Start = None,
    speed: options.Speed = None,
    metrics_port: options.MetricsPort = None,
) -> None:
    """Run the city process: ingest and releases. It is the only one that opens the store."""
    settings = load_settings(
        data=data,
        place=place,
        broker=broker,
        mqtt_host=mqtt_host,
        mqtt_port=mqtt_port,
        simulated=simulated,
        history_days=history_days,
        start=start,
        speed=speed,
        metrics_port=metrics_port,
    )
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    with stop_signal() as stop:
        run_city(settings, folder, stop)
