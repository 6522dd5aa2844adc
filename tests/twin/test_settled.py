"""Sequence numbers are settled once, whatever the order."""

from hypothesis import given
from hypothesis import strategies as st

from twin.settled import MAX_GAPS, Settled

seqs = st.lists(st.integers(1, 60), max_size=80)


@given(seqs)
def test_each_number_is_new_exactly_once(numbers):
    settled, seen = Settled(), set()
    for number in numbers:
        assert settled.add(number) == (number not in seen)
        seen.add(number)
    assert all(settled.has(number) == (number in seen) for number in range(1, 62))


@given(seqs, st.randoms())
def test_order_does_not_matter(numbers, random):
    one, other = Settled(), Settled()
    for number in numbers:
        one.add(number)
    random.shuffle(numbers)
    for number in numbers:
        other.add(number)
    assert one.flat() == other.flat()
    assert Settled.of(one.flat()).flat() == one.flat()


@given(seqs, st.integers(1, 60))
def test_settled_up_to_is_before_the_first_gap_a_device_can_still_fill(numbers, oldest):
    settled = Settled()
    for number in numbers:
        settled.add(number)
    expected = oldest - 1
    while expected + 1 in set(numbers):
        expected += 1
    assert settled.up_to(oldest) == expected


def test_gaps_are_bounded():
    settled = Settled()
    for number in range(1, 2 * MAX_GAPS + 3, 2):
        assert not settled.is_full(number)
        settled.add(number)
    assert settled.is_full(10 * MAX_GAPS)
    assert not settled.is_full(2)
