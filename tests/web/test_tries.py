"""Plans are worked out in turn: fairly, day by day, and whatever happens to the processes."""

import threading
import time
from concurrent.futures.process import BrokenProcessPool
from types import SimpleNamespace

import pytest

from web.plans import tries as tries_module
from web.plans.tries import MOST_WAITING, TooManyPlansError, Tries
from web.studies.queue import Job


class Days:
    """Stands in for a study and its ensemble: its days take no time, and it says in which order they were lived."""

    def __init__(self, name, order, runs=8, fails=False):
        self.name, self.order, self.runs, self.fails = name, order, runs, fails

    def ensemble(self, _workers):
        return self

    def missing(self, number):
        return [SimpleNamespace(number=number, study=self)]

    def live(self):
        if self.fails:
            raise ZeroDivisionError
        time.sleep(0.005)
        self.order.append(self.name)

    def keep(self, _day, _found):
        pass

    def has_both(self, _number):
        return True

    def pair(self, number):
        return SimpleNamespace(member=number)


@pytest.fixture
def order(monkeypatch):
    monkeypatch.setattr(
        tries_module.Result, "of", lambda _study, pairs: SimpleNamespace(runs=len(pairs))
    )
    monkeypatch.setattr(tries_module, "live", lambda day: day.study.live())
    return []


def test_everybody_has_a_first_impression_before_anybodys_is_sharpened(order):
    tries = Tries(processes=1, runs=8)
    made = [tries.want(name, lambda name=name: Days(name, order)) for name in "abc"]
    tries.open()
    for one in made:
        tries.wait_for(one, 8, 20)
    tries.close()
    assert order[:12] == [*"aaaabbbbcccc"]
    assert [one.state for one in made] == ["done"] * 3


def test_who_waits_hears_how_many_go_before(order):
    tries = Tries(processes=1)
    first, second = (tries.want(name, lambda name=name: Days(name, order)) for name in "ab")
    assert tries.progress(first).ahead == 0
    assert tries.progress(second).ahead == 1


def test_a_plan_that_nobody_waits_for_is_left_where_it_is(order, monkeypatch):
    monkeypatch.setattr(tries_module, "PATIENCE_S", 0.05)
    tries = Tries(processes=1)
    gone = tries.want("gone", lambda: Days("gone", order))
    time.sleep(0.1)
    tries.open()
    here = tries.want("here", lambda: Days("here", order))
    tries.wait_for(here, 8, 20)
    tries.close()
    assert gone.done == 0
    assert set(order) == {"here"}


def test_a_plan_that_fails_says_so_and_keeps_nobody_waiting(order):
    tries = Tries(processes=1)
    tries.open()
    bad = tries.want("bad", lambda: Days("bad", order, fails=True))
    good = tries.want("good", lambda: Days("good", order))
    for one in (bad, good):
        tries.wait_for(one, 8, 20)
    assert (bad.state, good.state) == ("failed", "done")
    assert tries.want("bad", lambda: None).state in {"waiting", "failed"}
    tries.close()


class Mortal(Days):
    """A study of which a day ends its worker, the first time or always."""

    def __init__(self, name, order, *, kills):
        super().__init__(name, order)
        self.kills, self.made = kills, 0

    def ensemble(self, workers):
        self.made += 1
        return super().ensemble(workers)

    def live(self):
        if self.kills > 0:
            self.kills -= 1
            self.order.append("kill")
            raise BrokenProcessPool
        super().live()


def test_plans_go_on_with_new_workers_when_a_worker_dies(order):
    tries = Tries(processes=1)
    first = tries.want("first", lambda: Mortal("first", order, kills=0))
    killer = tries.want("killer", lambda: Mortal("killer", order, kills=1))
    tries.open()
    for one in (first, killer):
        tries.wait_for(one, 8, 20)
    tries.close()
    assert order.count("kill") == 1
    assert (first.state, killer.state) == ("done", "done")
    assert (first.study.made, killer.study.made) == (2, 2)


def test_a_plan_that_always_ends_its_worker_is_given_up(order):
    tries = Tries(processes=1)
    killer = tries.want("killer", lambda: Mortal("killer", order, kills=1000))
    other = tries.want("other", lambda: Days("other", order))
    tries.open()
    for one in (killer, other):
        tries.wait_for(one, 8, 20)
    tries.close()
    assert (killer.state, other.state) == ("failed", "done")
    assert order.count("kill") == tries_module.MOST_BREAKS + 1


class Behind(Days):
    """Something that stands behind plans, and goes on for ever."""

    breaks = 0

    def next_day(self, _workers):
        return self.missing(0)[0]

    def lived(self, _day, _found):
        pass


def test_what_stands_behind_plans_gets_a_day_now_and_then(order):
    tries = Tries(processes=1, runs=40)
    tries.let_behind(lambda: Behind("behind", order))
    plan = tries.want("plan", lambda: Days("plan", order, runs=40))
    tries.open()
    tries.wait_for(plan, 40, 20)
    tries.close()
    until = order[: len(order) - order[::-1].index("plan")]
    assert until.count("plan") == 40
    assert 40 / tries_module.BEHIND_EVERY <= until.count("behind") <= 12


def test_too_many_plans_are_refused(order):
    tries = Tries(processes=1)
    for number in range(MOST_WAITING):
        tries.want(number, lambda: Days("x", order))
    with pytest.raises(TooManyPlansError):
        tries.want("one more", lambda: Days("x", order))


def test_the_same_plan_is_worked_out_once(order):
    tries = Tries(processes=1)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(tries.want("a", lambda: Days("a", order))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1


def test_a_day_of_a_study_that_was_taken_out_is_left_aside():
    """What was deleted must not be written again by a day that was still being lived."""
    taken = []
    job = Job(None, None, None, None)
    job._underway = SimpleNamespace(lived=lambda *day: taken.append(day), pairs=())
    job.lived("first", None)
    job.is_out = True
    job.lived("second", None)
    assert taken == [("first", None)]
