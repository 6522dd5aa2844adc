"""Ports: whether they can be listened on, said before anything long starts."""

import errno
import os
import socket

from wijktwin.errors import PortError
from wijktwin.settings import SETTINGS, Settings


def listen(settings: Settings, name: str) -> socket.socket:
    """Return a socket that listens on the port of a setting (``port``, ``mqtt_port``…).

    Raises
    ------
    PortError
        The port is taken, or may not be used; the message names the setting.
    """
    host, port = _host(settings, name), getattr(settings, name)
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as err:
        raise PortError(_explain(err, host, port, name)) from err


def must_be_free(settings: Settings, *names: str) -> None:
    """Raise PortError if one of the ports cannot be listened on; a port 0 is not used."""
    for name in names:
        if getattr(settings, name):
            listen(settings, name).close()


def problem(settings: Settings, name: str) -> str | None:
    """Return what is wrong with a port, or None if it can be listened on."""
    try:
        must_be_free(settings, name)
    except PortError as err:
        return str(err)
    return None


def _host(settings: Settings, name: str) -> str:
    match name:
        case "port":
            return settings.host
        case "mqtt_port":
            return settings.mqtt_host
        case _:
            return "127.0.0.1"


def _explain(err: OSError, host: str, port: int, name: str) -> str:
    flag = SETTINGS[name].flag
    if isinstance(err, socket.gaierror) or err.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine"
    if err.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program: choose another with {flag}"
    if err.errno == errno.EACCES:
        return f"port {port} on {host} may not be used by this user: choose another with {flag}"
    return f"port {port} on {host} cannot be used: {os.strerror(err.errno or 0)}"
