"""Mosquitto, the broker of real deployments: its configuration, and its users and what they may do.

The configuration is the same for tests, for docs and for docker-compose. Mosquitto reads the
users and their rules again on SIGHUP (``kill -HUP``), so a new device needs no restart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from sensors.registry import Registry
from sensors.topics import SELF, Role, rules

CONFIG_FILE = "mosquitto.conf"
PASSWORD_FILE = "passwd"  # noqa: S105
ACL_FILE = "acl"

MAX_QUEUED_MESSAGES = 1_000_000
MAX_QUEUED_BYTES = 512 * 1024 * 1024
MAX_INFLIGHT_MESSAGES = 10_000
MAX_PACKET_BYTES = 1_200_000
AUTOSAVE_CHANGES = 1_000


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of a listener that speaks TLS."""

    certfile: PurePath
    keyfile: PurePath
    cafile: PurePath | None = None
    port: int = 8883


@dataclass(frozen=True, slots=True, kw_only=True)
class MosquittoSettings:
    """What differs between one Mosquitto and another.

    Attributes
    ----------
    directory
        Where Mosquitto keeps its queues and finds its users, as Mosquitto sees it.
    port, host
        The listener without TLS; None for no such listener.
    has_users
        Whether everybody must sign in (``passwd`` and ``acl`` in ``directory``).
    autosave_changes
        After how many changes the queues are saved. When Mosquitto is killed, 1 loses at most the
        message it acknowledged last, and is slow; devices that wait for their receipt lose nothing
        with any number.
    user
        The system user that Mosquitto becomes when it is started as root.
    """

    directory: PurePath
    port: int | None = 1883
    host: str = "127.0.0.1"
    tls: Tls | None = None
    has_users: bool = True
    autosave_changes: int = AUTOSAVE_CHANGES
    user: str | None = None


def mosquitto_conf(settings: MosquittoSettings) -> str:
    """Return the configuration file."""
    return "\n".join(
        [
            *_listeners(settings),
            *_users(settings),
            "",
            "# What the city has not taken yet waits here, up to these limits. The default of 1000",
            "# messages silently drops readings as soon as the city is away for a moment.",
            f"max_queued_messages {MAX_QUEUED_MESSAGES}",
            f"max_queued_bytes {MAX_QUEUED_BYTES}",
            "queue_qos0_messages false",
            "persistent_client_expiration 14d",
            "",
            "# The city acknowledges a batch after its commit, so a batch must fit in flight.",
            f"max_inflight_messages {MAX_INFLIGHT_MESSAGES}",
            "",
            "# A payload of 1 MB still gets through, to be refused with a reason. A larger packet ends",
            "# the connection: message_size_limit would tell MQTT 3.1.1 devices that all went well.",
            f"max_packet_size {MAX_PACKET_BYTES}",
            "",
            "# Queues survive a restart. They are saved after this many changes.",
            "persistence true",
            f"persistence_location {settings.directory}/",
            "autosave_on_changes true",
            f"autosave_interval {settings.autosave_changes}",
            "",
            "# A retained message would keep a device's last reading for ever.",
            "retain_available false",
            "",
            "# Neither the log nor $SYS tells when which device sent something.",
            "sys_interval 0",
            "connection_messages false",
            "log_dest stderr",
            "log_type error",
            "log_type warning",
            "log_type notice",
            "",
            "set_tcp_nodelay true",
            "max_keepalive 3600",
            *([f"user {settings.user}"] if settings.user else []),
            "",
        ]
    )


def write_mosquitto_files(
    registry: Registry, directory: Path, *, foreign: Sequence[str] = (), mode: int = 0o600
) -> tuple[Path, Path]:
    """Write who may sign in and what they may do; return the paths of both files.

    Each is replaced whole, and readable by its owner only: Mosquitto runs as the same user, or
    ``mode`` lets its group read (0o640). ``foreign`` are the topics that the adapters read.
    """
    directory.mkdir(parents=True, exist_ok=True)
    users = registry.credentials()
    passwords = "".join(f"{user.name}:{user.hashed}\n" for user in users)
    acl = _acl([(user.name, user.role) for user in users], foreign)
    return (
        _replace(directory / PASSWORD_FILE, passwords, mode),
        _replace(directory / ACL_FILE, acl, mode),
    )


def _acl(users: Sequence[tuple[str, Role]], foreign: Sequence[str]) -> str:
    lines = ["# Everybody under their own name."]
    lines += [f"pattern {rule.access} {rule.topics}" for rule in rules(Role.DEVICE)]
    for name, role in users:
        if role is Role.DEVICE:
            continue
        granted = [rule for rule in rules(role, foreign) if SELF not in rule.topics]
        lines += ["", f"user {name}", *(f"topic {rule.access} {rule.topics}" for rule in granted)]
    return "\n".join(lines) + "\n"


def _listeners(settings: MosquittoSettings) -> list[str]:
    lines: list[str] = []
    if settings.port is not None:
        lines += [f"listener {settings.port} {settings.host}"]
    if settings.tls is not None:
        tls = settings.tls
        lines += [f"listener {tls.port}", f"certfile {tls.certfile}", f"keyfile {tls.keyfile}"]
        lines += [f"cafile {tls.cafile}"] if tls.cafile else []
        lines += ["tls_version tlsv1.2"]
    return lines


def _users(settings: MosquittoSettings) -> list[str]:
    if not settings.has_users:
        return ["allow_anonymous true"]
    return [
        "allow_anonymous false",
        f"password_file {settings.directory / PASSWORD_FILE}",
        f"acl_file {settings.directory / ACL_FILE}",
    ]


def _replace(path: Path, text: str, mode: int) -> Path:
    new = path.with_name(f"{path.name}.new")
    new.touch(mode=0o600)
    new.chmod(mode)
    new.write_text(text, encoding="utf-8")
    return new.replace(path)
