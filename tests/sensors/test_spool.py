from sensors.spool import Kept, Spool


def message(device, seq, *, boot="b1", last=None, due_s=0):
    return Kept(device, boot, seq, last or seq, f"wijk/v1/parking/{device}", b"{}", due_s)


def filled(spool, *messages, until_s=100):
    for each in messages:
        spool.keep(each)
    spool.commit(until_s=until_s)
    return spool


def test_what_a_receipt_covers_is_forgotten_and_nothing_else():
    spool = filled(Spool(), *(message("a", seq) for seq in range(1, 6)), message("b", 1))
    assert spool.lowest("a", "b1") == 1
    assert spool.settle([("a", "b1", 3), ("a", "other", 9), ("c", "b1", 9)]) == 3
    assert [each.first for each in spool if each.device == "a"] == [4, 5]
    assert spool.lowest("a", "b1") == 4
    assert message("a", 3) not in spool
    assert message("a", 4) in spool
    assert len(spool) == 3
    assert spool.lowest("x", "b1") is None


def test_a_list_is_settled_only_as_a_whole():
    spool = filled(Spool(), message("car", 1, last=40), message("car", 41))
    assert spool.settle([("car", "b1", 39)]) == 0
    assert spool.settle([("car", "b1", 40)]) == 1


def test_a_full_spool_gives_up_the_oldest_and_says_so():
    spool = filled(Spool(most_kept=3), *(message("a", seq) for seq in range(1, 6)))
    assert [each.first for each in spool] == [3, 4, 5]
    assert spool.given_up == 2
    assert spool.lowest("a", "b1") == 3


def test_a_spool_outlives_its_process(tmp_path):
    spool = filled(
        Spool(tmp_path, most_kept=4), *(message("a", seq) for seq in range(1, 7)), until_s=70
    )
    assert spool.starts == 1
    spool.settle([("a", "b1", 4)])
    spool.keep(message("a", 7))  # never committed: the process dies first
    again = Spool(tmp_path)
    assert [each.first for each in again] == [5, 6]
    assert again.until_s == 70
    assert again.starts == 2
    assert filled(again, message("a", 1, boot="b2"), until_s=80).lowest("a", "b1") == 5
    again.close()
    spool.close()
    third = Spool(tmp_path)
    assert [(each.boot, each.first) for each in third] == [("b1", 5), ("b1", 6), ("b2", 1)]
    assert (third.starts, third.until_s) == (3, 80)
    third.close()
