"""Big things are put in files once, read as they were, and deleted when others come after them."""

from dataclasses import dataclass

import numpy as np
import pytest

from scenarios import sharing
from scenarios.kept import Kept
from scenarios.sharing import LARGE_BYTES, SHARED, Shelf
from scenarios.workers import Workers

LARGE = LARGE_BYTES // 8


@dataclass(eq=False)
class Thing:
    name: str
    large: np.ndarray
    small: np.ndarray


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    for read in ("_things", "_arrays"):
        monkeypatch.setattr(sharing, read, Kept(8))
    return Shelf(tmp_path)


def thing(name, large=None):
    return Thing(name, np.arange(LARGE) if large is None else large, np.arange(3.0))


def files(folder):
    return {path.name for path in folder.iterdir()}


def test_what_is_read_is_what_was_shared_and_may_be_compiled_for(shelf):
    one = thing("one")
    read = shelf.put(one).load()
    assert read.name == "one"
    assert np.array_equal(read.large, one.large)
    assert np.array_equal(read.small, one.small)
    assert all(array.flags.writeable and array.flags.aligned for array in (read.large, read.small))


def test_a_large_array_that_two_have_in_common_is_written_and_read_once(shelf, tmp_path):
    one, other = thing("one"), thing("other", large=np.zeros(0))
    other.large = one.large
    both = shelf.put(one), shelf.put(other)
    assert len(files(tmp_path)) == 3
    assert np.shares_memory(*(each.load().large for each in both))


def test_the_same_thing_is_put_there_once(shelf, tmp_path):
    one = thing("one")
    assert shelf.put(one) == shelf.put(one)
    assert len(files(tmp_path)) == 2


def test_what_was_shared_long_ago_is_deleted_but_not_what_is_used(shelf, tmp_path):
    used, common = thing("used"), np.arange(LARGE)
    shelf.put(used)
    for number in range(3 * SHARED):
        shelf.put(thing(str(number), large=common if number % 2 else None))
        shelf.put(used)
    assert shelf.put(used).load().name == "used"
    with_own_array, with_common = SHARED // 2 - 1, SHARED // 2
    assert len(files(tmp_path)) == 2 * (1 + with_own_array) + with_common + 1


def test_what_was_deleted_is_shared_again(shelf):
    one = thing("one")
    first = shelf.put(one)
    for number in range(SHARED):
        shelf.put(thing(str(number)))
    with pytest.raises(FileNotFoundError):
        first.load()
    assert shelf.put(one).load().name == "one"


def test_one_process_needs_no_files():
    one = thing("one")
    with Workers(1) as workers:
        assert workers.share(one).load() is one
