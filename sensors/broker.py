"""The embedded broker: amqtt in a thread, for trying out and for tests.

It speaks MQTT 3.1.1 only, forgets persistent sessions when it stops, and its queues have no
limits: a real deployment runs Mosquitto (`sensors.mosquitto`).
"""

# pyright: reportMissingTypeStubs=false

import asyncio
import errno
import ipaddress
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, cast

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import Action, BrokerConfig, ListenerConfig, ListenerType
from amqtt.plugins.base import BaseAuthPlugin, BasePlugin, BaseTopicPlugin
from amqtt.session import Session

from sensors.errors import BrokerError
from sensors.topics import Role, Rule, is_allowed, rules

Verify = Callable[[str, str], Role | None]
"""Returns who signs in with a name and a password, or None."""

START_S = 10.0
STOP_S = 10.0
SHUTDOWN_S = 2.0
LISTENER = "default"


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may come in, and what they may do there."""

    verify: Verify | None
    allow_anonymous: bool
    granted: dict[Role, Sequence[Rule]]
    roles: dict[str, Role]

    def admits(self, name: str | None, password: str | None) -> bool:
        """Tell whether somebody may connect, and remember as what."""
        if name is None:
            return self.allow_anonymous
        role = self.verify(name, password or "") if self.verify else None
        if role is None:
            return self.verify is None and self.allow_anonymous
        self.roles[name] = role
        return True

    def allows(self, name: str | None, action: Action, topic: str) -> bool:
        """Tell whether somebody who came in may publish to, or hear, a topic."""
        role = self.roles.get(name) if name is not None else None
        if role is None:
            return self.allow_anonymous
        access = "write" if action is Action.PUBLISH else "read"
        return is_allowed(self.granted[role], access, topic, name or "")


class EmbeddedBroker:
    """A broker on ``host:port`` for as long as the context lasts; port 0 takes a free one.

    Anonymous clients may do everything, which is allowed on a loopback address only. With
    ``verify``, those who give a name must also give its password, and then may do what their
    role allows.
    """

    def __init__(
        self,
        port: int,
        host: str = "127.0.0.1",
        *,
        verify: Verify | None = None,
        allow_anonymous: bool = True,
        foreign: Sequence[str] = (),
    ) -> None:
        if allow_anonymous and not _is_loopback(host):
            raise BrokerError(
                f"the embedded broker lets anybody in, so it listens on a loopback address only, not {host}"
            )
        self.host = host
        self.port = port
        self._gate = Gate(
            verify, allow_anonymous, {role: rules(role, foreign) for role in Role}, {}
        )
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return once connections are accepted.

        Raises
        ------
        BrokerError
            The port is in use, or the broker does not start for another reason.
        """
        # What amqtt logs at lower levels is every client that goes away without a goodbye.
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.CRITICAL)
        self._thread = threading.Thread(target=self._run, name="embedded-broker", daemon=True)
        self._thread.start()
        if not self._started.wait(START_S):
            raise BrokerError(f"the embedded broker did not start within {START_S:.0f} s")
        if self._failure is not None:
            self._thread.join(STOP_S)
            raise BrokerError(self._explain(self._failure)) from self._failure

    def stop(self) -> None:
        """Disconnect everybody and stop."""
        if self._thread is None or not self._thread.is_alive():
            return
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(STOP_S)
        if self._thread.is_alive():
            raise BrokerError(f"the embedded broker did not stop within {STOP_S:.0f} s")

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as err:  # handed to the thread that waits in start()  # noqa: BLE001
            self._failure = err
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(_log_quietly)
        broker = Broker(self._config())
        await broker.start()
        clients: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}
        try:
            server = await asyncio.start_server(
                partial(_serve_client, broker, clients), self.host, self.port
            )
            self.port = int(server.sockets[0].getsockname()[1])
            self._started.set()
            await self._stop.wait()
            server.close()
        finally:
            await _hang_up(clients)
            with suppress(TimeoutError):
                await asyncio.wait_for(broker.shutdown(), SHUTDOWN_S)

    def _config(self) -> BrokerConfig:
        return BrokerConfig(
            listeners={LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)},
            plugins={
                f"{__name__}.SignIn": {"gate": self._gate},
                f"{__name__}.Topics": {"gate": self._gate},
            },
        )

    def _explain(self, failure: BaseException) -> str:
        match failure:
            case OSError(errno=errno.EADDRINUSE):
                return f"port {self.port} on {self.host} is in use by another program"
            case OSError(errno=errno.EACCES):
                return f"port {self.port} on {self.host} may not be used by this user"
            case _:
                return f"the embedded broker does not start: {failure}"


async def _serve_client(
    broker: Broker,
    clients: dict[asyncio.StreamWriter, asyncio.Task[None]],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    task = cast("asyncio.Task[None]", asyncio.current_task())
    clients[writer] = task
    try:
        await broker.external_connected(
            StreamReaderAdapter(reader), StreamWriterAdapter(writer), LISTENER
        )
    finally:
        del clients[writer]
        writer.close()


async def _hang_up(clients: dict[asyncio.StreamWriter, asyncio.Task[None]]) -> None:
    """Cut every connection: amqtt's own shutdown waits for ever for a client that is just leaving."""
    tasks = list(clients.values())
    for writer in list(clients):
        writer.transport.abort()
    if tasks:
        await asyncio.wait(tasks, timeout=SHUTDOWN_S)


class SignIn(BaseAuthPlugin):
    """Lets clients in as the gate says."""

    @dataclass
    class Config(BasePlugin.Config):
        """What amqtt hands to the plugin."""

        gate: Gate

    async def authenticate(self, *, session: Session) -> bool:
        """Tell whether the client may connect."""
        return _gate(self).admits(session.username, session.password)


class Topics(BaseTopicPlugin):
    """Lets clients publish and hear what the gate says."""

    @dataclass
    class Config(BasePlugin.Config):
        """What amqtt hands to the plugin."""

        gate: Gate

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,
        action: Action | None = None,
    ) -> bool:
        """Tell whether the client may do this with the topic."""
        if session is None or topic is None or action is None:
            return False
        return _gate(self).allows(session.username, action, topic)


def _gate(plugin: BaseAuthPlugin | BaseTopicPlugin) -> Gate:
    return cast("SignIn.Config", plugin.context.config).gate


def _log_quietly(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    logging.getLogger(__name__).debug("%s", context.get("message"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
