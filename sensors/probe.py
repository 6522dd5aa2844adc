"""Whether a broker answers, and lets us in."""

import threading

import paho.mqtt.client as mqtt
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from sensors.connection import Connection

WAIT_S = 3.0


def probe_broker(connection: Connection) -> str | None:
    """Return None if the broker lets us in, else what it said."""
    answered = threading.Event()
    said = ["it does not answer"]

    def on_connect(
        _client: mqtt.Client,
        _data: object,
        _flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        said[0] = f"it refuses us: {reason}" if reason.is_failure else ""
        answered.set()

    try:
        client = connection.client()
        client.on_connect = on_connect
        client.connect(connection.host, connection.port, keepalive=10)
    except OSError as err:
        return err.strerror or str(err)
    client.loop_start()
    answered.wait(WAIT_S)
    client.disconnect()
    client.loop_stop()
    return said[0] or None
