"""``wijktwin web``: the web process."""

import uvicorn

from twin.domains import load_domains
from web.app import create_app
from wijktwin.clock import wall_now
from wijktwin.commands import options
from wijktwin.folder import PlaceFolder
from wijktwin.settings import load_settings


def web(
    *,
    data: options.Data = None,
    place: options.PlaceName = None,
    host: options.Host = None,
    port: options.Port = None,
    mqtt_host: options.MqttHost = None,
    mqtt_port: options.MqttPort = None,
) -> None:
    """Run the web process: the pages and the API. It reads public figures and nothing else."""
    settings = load_settings(
        data=data, place=place, host=host, port=port, mqtt_host=mqtt_host, mqtt_port=mqtt_port
    )
    folder = PlaceFolder(settings.data / settings.place).must_exist()
    app = create_app(
        place_directory=folder.root,
        domains=load_domains(),
        now=wall_now,
        mqtt_host=settings.mqtt_host,
        mqtt_port=settings.mqtt_port,
    )
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
