"""How a client of ours reaches the broker."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

FOR_EVER = 0xFFFFFFFF
"""The session expiry interval that MQTT 5 reads as never (section 3.1.2.11.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where the broker is and who signs in. ``protocol`` 5 is for Mosquitto, 4 (3.1.1) for the embedded one.

    Two clients with one ``client_id`` throw each other out. Without one the broker makes it up; a
    client whose session is to last needs one.
    """

    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = None
    protocol: int = 5
    ca_file: Path | None = None
    client_id: str = ""

    def client(self, *, is_lasting: bool = False, manual_ack: bool = False) -> mqtt.Client:
        """Make a client that signs in, over TLS where there is a certificate authority.

        The broker keeps what comes in for a lasting client while it is away; with MQTT 5 it must
        then connect with `lasting_session`.

        Raises
        ------
        OSError
            The file of the certificate authority cannot be read.
        """
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self.client_id,
            clean_session=None if self._is_five else not is_lasting,
            protocol=MQTTProtocolVersion(self.protocol),
            manual_ack=manual_ack,
        )
        if self.username:
            client.username_pw_set(self.username, self.password)
        if self.ca_file:
            trusted = ssl.create_default_context(cafile=self.ca_file)
            cast("Any", client).tls_set_context(trusted)
        return client

    def lasting_session(self, *, receive_maximum: int) -> Properties | None:
        """Return the properties with which a lasting client connects; None for MQTT 3.1.1.

        The broker sends at most ``receive_maximum`` messages that are not acknowledged.
        """
        if not self._is_five:
            return None
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = FOR_EVER
        properties.ReceiveMaximum = receive_maximum
        return properties

    @property
    def _is_five(self) -> bool:
        return self.protocol == MQTTProtocolVersion.MQTTv5
