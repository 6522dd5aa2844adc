"""A receipt is read as it was written; anything else is none."""

import json

import pytest

from sensors.receipt import Receipt, read_receipt, receipt_payload
from twin.batch import Noted, Reason, Rejected


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("wijk/v1/receipt/bay-1", b"not json"),
        ("wijk/v1/receipt/bay-1", b"[]"),
        ("wijk/v1/receipt/bay-1", b'{"boot": "b", "settled": 4, "rejected": [3]}'),
        ("wijk/v1/receipt/bay-1", b'{"boot": "b", "settled": "4", "rejected": []}'),
        ("wijk/v1/parking/bay-1", b'{"boot": "b", "settled": 4, "rejected": []}'),
        ("elsewhere", b'{"boot": "b", "settled": 4}'),
    ],
)
def test_what_is_no_receipt_is_ignored(topic, payload):
    assert read_receipt(topic, payload) is None


@pytest.mark.parametrize(("boot", "settled"), [("b", 4), (None, None)])
def test_a_receipt_is_read_as_it_was_written(boot, settled):
    refused = Rejected(reason=Reason.INVALID, size_bytes=9, device="bay-1", boot="b", seq=3)
    payload = receipt_payload(boot, settled, [refused]).encode()
    read = read_receipt("wijk/v1/receipt/bay-1", payload)
    assert read == Receipt("bay-1", boot, settled, ("invalid",))


def test_a_receipt_has_notes_only_where_there_are_any():
    assert json.loads(receipt_payload("b", 4, [])) == {"boot": "b", "settled": 4, "rejected": []}
    note = Noted("garage-1", "cars", "counts as 300: this garage holds 200 cars", "b", 4)
    payload = receipt_payload("b", 4, [], [note])
    assert json.loads(payload)["noted"] == [
        {"boot": "b", "seq": 4, "field": "cars", "message": note.message}
    ]
    assert read_receipt("wijk/v1/receipt/garage-1", payload.encode()) == Receipt(
        "garage-1", "b", 4, ()
    )
