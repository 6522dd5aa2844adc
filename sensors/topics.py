"""The topics devices talk on, and who may read and write which."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

ROOT = "wijk/v1"
READINGS = f"{ROOT}/+/+"
STATUS = "status"
RECEIPT = "receipt"
RESERVED = (STATUS, RECEIPT)
"""Second-last levels that are no domain."""

_RESERVED_ROOTS = tuple(f"{ROOT}/{level}/" for level in RESERVED)

SELF = "%u"
"""Stands, as a whole level, for the name somebody signed in with (Mosquitto's own notation)."""

Access = Literal["read", "write"]


class Role(StrEnum):
    """What somebody who signs in at the broker is."""

    DEVICE = "device"
    FLEET = "fleet"
    INGEST = "ingest"
    BRIDGE = "bridge"


class Rule(NamedTuple):
    """Leave to read or write the topics that a filter matches."""

    access: Access
    topics: str


def reading_topic(domain: str, device: str) -> str:
    """Return the topic on which a device publishes its readings."""
    return f"{ROOT}/{domain}/{device}"


def status_topic(device: str) -> str:
    """Return the topic of a device's last will."""
    return f"{ROOT}/{STATUS}/{device}"


def receipt_topic(device: str) -> str:
    """Return the topic on which a device hears what is settled."""
    return f"{ROOT}/{RECEIPT}/{device}"


def parse_topic(topic: str) -> tuple[str, str] | None:
    """Return the second-last and last level of a topic of ours (domain and device), else None.

    >>> parse_topic("wijk/v1/parking/bay-7")
    ('parking', 'bay-7')
    """
    match topic.split("/"):
        case ["wijk", "v1", domain, device] if domain and device:
            return domain, device
        case _:
            return None


def is_reserved(topic: str) -> bool:
    """Tell whether a topic is for receipts or last wills, which are no readings."""
    return topic.startswith(_RESERVED_ROOTS)


def rules(role: Role, foreign: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return what a role may do; ``foreign`` are the topics that the adapters read.

    A device may write under its own name in every domain, so that a reading in the wrong one is
    rejected with a reason on its receipt: refused by the broker, MQTT 3.1.1 would call it a success.
    """
    match role:
        case Role.DEVICE:
            return (Rule("write", f"{ROOT}/+/{SELF}"), Rule("read", receipt_topic(SELF)))
        case Role.FLEET:
            return (Rule("write", READINGS), Rule("read", receipt_topic("+")))
        case Role.INGEST:
            return (
                Rule("read", READINGS),
                Rule("write", receipt_topic("+")),
                *(Rule("read", topics) for topics in foreign),
            )
        case Role.BRIDGE:
            return tuple(Rule("write", topics) for topics in foreign)


def is_allowed(granted: Sequence[Rule], access: Access, topics: str, name: str) -> bool:
    """Tell whether the rules let ``name`` read or write a topic, or all that a filter matches.

    >>> is_allowed(rules(Role.DEVICE), "write", "wijk/v1/parking/bay-7", "bay-7")
    True
    >>> is_allowed(rules(Role.DEVICE), "read", "wijk/v1/receipt/+", "bay-7")
    False
    """
    return any(rule.access == access and _covers(rule.topics, topics, name) for rule in granted)


def _covers(granted: str, asked: str, name: str) -> bool:
    allowed, wanted = granted.split("/"), asked.split("/")
    for index, level in enumerate(allowed):
        if level == "#":
            return True
        if index >= len(wanted) or wanted[index] == "#":
            return False
        if level != "+" and wanted[index] != (name if level == SELF else level):
            return False
    return len(allowed) == len(wanted)
