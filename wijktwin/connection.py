"""How the parts that talk to the broker reach it, by the settings."""

from sensors.connection import Connection
from wijktwin.settings import Settings


def connection_as(
    settings: Settings, name: str, sign_in: tuple[str | None, str | None] | None = None
) -> Connection:
    """Return how a client of that name connects; ``sign_in`` is a user name and its password.

    The embedded broker speaks MQTT 3.1.1 only.
    """
    username, password = sign_in or (settings.mqtt_username, settings.mqtt_password)
    return Connection(
        host=settings.mqtt_host,
        port=settings.mqtt_port,
        username=username,
        password=password,
        protocol=4 if settings.broker == "embedded" else 5,
        ca_file=settings.mqtt_ca_file,
        client_id=name,
    )
