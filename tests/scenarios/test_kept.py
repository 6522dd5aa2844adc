"""What is made of a city is made once of each, and never of another."""

from dataclasses import replace

from scenarios.kept import KEPT_ONCE, once


def test_the_same_city_is_asked_once_and_another_anew(city):
    asked = []

    @once
    def named(one, day):
        asked.append(day)
        return one.title, day

    other = replace(city, title="Other")
    assert named(city, "weekday") == named(city, "weekday") == (city.title, "weekday")
    assert named(other, "weekday") == ("Other", "weekday")
    assert named(city, "sunday") == (city.title, "sunday")
    assert asked == ["weekday", "weekday", "sunday"]


def test_only_the_last_few_are_kept(city):
    asked = []
    titled = once(lambda one: asked.append(one) or one.title)
    others = [replace(city, title=str(number)) for number in range(KEPT_ONCE + 1)]
    assert [titled(one) for one in (*others, others[0])] == [
        str(n) for n in range(KEPT_ONCE + 1)
    ] + ["0"]
    assert len(asked) == KEPT_ONCE + 2
