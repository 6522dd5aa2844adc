"""Whether a broker answers, and lets us in."""

import ssl
import threading
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

WAIT_S = 3.0


def probe_broker(
    host: str,
    port: int,
    username: str | None,
    password: str | None,
    *,
    ca_file: Path | None = None,
) -> str | None:
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

    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv311)
    client.on_connect = on_connect
    if username:
        client.username_pw_set(username, password)
    try:
        if ca_file is not None:
            client.tls_set_context(ssl.create_default_context(cafile=str(ca_file)))  # pyright: ignore[reportUnknownMemberType]
        client.connect(host, port, keepalive=10)
    except OSError as err:
        return err.strerror or str(err)
    client.loop_start()
    answered.wait(WAIT_S)
    client.disconnect()
    client.loop_stop()
    return said[0] or None
