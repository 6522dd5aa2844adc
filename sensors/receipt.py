"""The receipt: what the city tells a device of its readings, written here and read here."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sensors.topics import RECEIPT, parse_topic
from twin.batch import Noted, Rejected


class Receipt(NamedTuple):
    """What the city says to a device: all of a boot is settled up to a number, and what was refused.

    ``boot`` and ``settled`` are None where only something unreadable came in. ``reasons`` has one
    entry for each refusal.
    """

    device: str
    boot: str | None
    settled: int | None
    reasons: tuple[str, ...]


def receipt_payload(
    boot: str | None,
    settled: int | None,
    rejected: Sequence[Rejected],
    noted: Sequence[Noted] = (),
) -> str:
    """Return the payload of a receipt; ``noted`` is in it only where there is something to say."""
    refused = [
        {
            "boot": item.boot,
            "seq": item.seq,
            "reason": item.reason.value,
            "field": item.field,
            "message": item.message,
        }
        for item in rejected
    ]
    said: dict[str, Any] = {"boot": boot, "settled": settled, "rejected": refused}
    if noted:
        said["noted"] = [
            {"boot": item.boot, "seq": item.seq, "field": item.field, "message": item.message}
            for item in noted
        ]
    return json.dumps(said)


def read_receipt(topic: str, payload: bytes | bytearray) -> Receipt | None:
    """Return what a message says, or None if it is no receipt."""
    named = parse_topic(topic)
    if named is None or named[0] != RECEIPT:
        return None
    try:
        said = cast("dict[str, Any]", json.loads(payload))
        boot, settled = said["boot"], said["settled"]
        reasons = tuple(str(item["reason"]) for item in said["rejected"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not isinstance(boot, str | None) or not isinstance(settled, int | None):
        return None
    return Receipt(named[1], boot, settled, reasons)
