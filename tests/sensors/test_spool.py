"""What is kept until it is settled."""

from hypothesis import given
from hypothesis import strategies as st

from sensors.spool import Kept, Spool


def kept(seq, device="a"):
    return Kept(device, seq, f"wijk/v1/bikes/{device}", b"{}")


def test_what_is_settled_is_dropped_and_the_rest_kept_in_order():
    spool = Spool()
    for seq in (1, 2, 3, 4):
        spool.keep(kept(seq))
    spool.keep(kept(9, "b"))
    assert spool.settle("a", 2) == 2
    assert [message.seq for message in spool] == [3, 4, 9]
    assert (spool.oldest("a"), spool.oldest("b"), spool.oldest("c")) == (3, 9, None)


@given(st.lists(st.integers(1, 50), unique=True).map(sorted), st.lists(st.integers(0, 60)))
def test_its_length_is_what_is_in_it(seqs, receipts):
    spool = Spool()
    for seq in seqs:
        spool.keep(kept(seq))
        spool.keep(kept(seq))
    for up_to in receipts:
        spool.settle("a", up_to)
    highest = max(receipts, default=0)
    assert [message.seq for message in spool] == [seq for seq in seqs if seq > highest]
    assert len(spool) == len(list(spool))
