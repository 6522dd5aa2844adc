"""Who may sign in at Mosquitto: its users and rules, kept by the city process from the register."""

from sensors.adapters import load_adapters
from sensors.mosquitto import write_mosquitto_files
from sensors.registry import Registry
from sensors.topics import Role
from wijktwin.settings import Settings


def foreign_topics() -> list[str]:
    """Return the topics of other systems that the adapters read."""
    return [topics for adapter in load_adapters() for topics in adapter.subscriptions]


class BrokerAccess:
    """Keeps Mosquitto's users and rules where the setting ``mosquitto_files`` says so.

    The parts of the city process then need no password in a setting: each gets a new one at every
    start, which is nowhere but in its own memory.
    """

    def __init__(self, registry: Registry, settings: Settings) -> None:
        self._registry = registry
        self._settings = settings
        self._folder = settings.mosquitto_files if settings.broker == "external" else None

    def refresh(self) -> None:
        """Write the files anew from the register."""
        if self._folder is not None:
            write_mosquitto_files(self._registry, self._folder, foreign=foreign_topics())

    def sign_in(self, name: str, role: Role) -> tuple[str | None, str | None]:
        """Return the user name and password with which a part of the city process signs in."""
        if self._folder is None or self._settings.mqtt_username is not None:
            return self._settings.mqtt_username, self._settings.mqtt_password
        password = self._registry.issue_password(name, role)
        self.refresh()
        return name, password
