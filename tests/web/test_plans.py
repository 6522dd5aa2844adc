"""Plans in the web process: in a link, made with tools, and told of."""

from types import SimpleNamespace

import numpy as np
import pytest
from neighbourhood import lonlat, neighbourhood

from scenarios.ensemble import Interval
from scenarios.errors import ScenarioError
from scenarios.indicators import INDICATORS
from scenarios.measures import CORE
from scenarios.measures import kind_of as kind
from scenarios.scenario import Scenario
from scenarios.shown import Line
from twin.place.search import SearchIndex
from twin.words import LANGUAGES
from web.plans.change import (
    MOST_MEASURES,
    Answers,
    ChangeError,
    answers_of,
    changed,
    tool_of,
    without,
)
from web.plans.link import plan_text, read_plan
from web.plans.shapes import plan_shapes
from web.plans.told import handful, parts
from web.plans.toolbox import BY_NAME, GROUPS, TOOLS, Choice


@pytest.fixture(scope="module")
def city():
    return neighbourhood()


@pytest.fixture(scope="module")
def search(city):
    return SearchIndex.of(city)


EMPTY = Scenario(name="plan", place="tiny")

WHERE = {
    "remove_racks": {"where": "Zuidkade"},
    "tariff": {"where": "Straat 1"},
    "mobility_hub": {"where": "Straat 5"},
    "close_attractor": {"where": "Fietsenwinkel"},
    "new_housing": {"spot": (275, 250)},
    "open_garage": {"spot": (200, 60)},
    "add_racks": {"spot": (200, 55)},
    "open_attractor": {"spot": (200, 55)},
    "removal_round": {},
}
SAID = {"new_housing": {"wide_m": "30", "dwellings": "20"}}


def first_answers(tool, city):
    where = WHERE.get(tool.name, {"where": "Straat 6" if tool.name == "one_way" else "Zuidkade"})
    said = {one.name: one.first("nl") for one in tool.questions} | SAID.get(tool.name, {})
    spot = ",".join(f"{v:.7f}" for v in lonlat(city, *where["spot"])) if "spot" in where else ""
    return Answers(where=where.get("where", ""), spot=spot, said=said)


def made_with(name, city, search, plan=EMPTY, **changes):
    tool = BY_NAME[name]
    answers = first_answers(tool, city)
    said = {**answers.said, **changes.pop("said", {})}
    given = {"where": answers.where, "spot": answers.spot, "said": said, **changes}
    return changed(plan, tool, Answers(**given), city, search)


# A plan in a link


def test_a_plan_comes_back_from_its_link(city, search):
    plan = made_with("remove_bays", city, search)
    plan = made_with("add_racks", city, search, plan).model_copy(update={"day": "saturday"})
    assert read_plan(plan_text(plan)) == plan
    assert plan_text(read_plan(plan_text(plan))) == plan_text(plan)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "eNo",
        "é",
        "a" * 300,
        plan_text(EMPTY)[:-6],
        plan_text(EMPTY) + "AAAA",
        "%00",
        "eJwDAAAAAAE",
    ],
)
def test_a_link_that_holds_no_plan_is_refused(text):
    with pytest.raises(ScenarioError):
        read_plan(text)


def test_a_link_that_swells_is_refused():
    import base64
    import zlib

    text = base64.urlsafe_b64encode(zlib.compress(b" " * 10_000_000, 9)).decode()
    with pytest.raises(ScenarioError, match="too long"):
        read_plan(text)


# The toolbox


def test_every_tool_makes_a_measure_that_exists_and_is_in_a_group():
    kinds = {kind(measure) for measure in CORE}
    assert {tool.measure or tool.name for tool in TOOLS} <= kinds
    assert {tool.group for tool in TOOLS} == set(GROUPS)
    assert len(BY_NAME) == len(TOOLS)


def test_every_tool_speaks_both_languages():
    for tool in TOOLS:
        for language in LANGUAGES:
            assert tool.title.into(language)
            for question in tool.questions:
                assert question.label.into(language), (tool.name, question.name)
                for _, said, _value in question.options if isinstance(question, Choice) else ():
                    assert said.into(language)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_first_answers_of_every_tool_change_the_city(name, city, search):
    plan = made_with(name, city, search)
    assert [measure.kind for measure in plan.measures] == [BY_NAME[name].measure or name]
    assert read_plan(plan_text(plan)) == plan


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"new_housing", "close_attractor"}))
def test_a_measure_gives_its_answers_back(name, city, search):
    plan = made_with(name, city, search)
    (measure,) = plan.measures
    tool = tool_of(measure)
    assert tool is BY_NAME[name]
    again = changed(EMPTY, tool, answers_of(tool, measure), city, search)
    assert again.measures == plan.measures


def test_a_part_of_a_street_is_one_segment(city, search):
    whole = made_with("remove_bays", city, search, segment="s0", said={"count": ""})
    part = made_with("remove_bays", city, search, segment="s0", is_part=True, said={"count": ""})
    assert whole.measures[0].where.street == "Zuidkade"
    assert part.measures[0].where.segments == ("s0",)


def test_new_housing_stands_along_the_nearest_street(city, search):
    plan = made_with("new_housing", city, search)
    area = plan.measures[0].footprint_area.polygon(city)
    assert area.area == pytest.approx(30 * 14, rel=0.01)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"where": "", "spot": ""}, "say|choose"),
        ({"where": "Nergensstraat"}, "Nothing here is called"),
        ({"said": {"count": "many"}}, "number from 1"),
        ({"said": {"count": "-3"}}, "number from 1"),
        ({"said": {"count": "nan"}}, "number from 1"),
        ({"spot": "here"}, "choose where"),
    ],
)
def test_answers_that_make_no_change_are_refused_with_the_reason(city, search, changes, part):
    with pytest.raises(ChangeError, match=part) as refused:
        made_with("remove_bays", city, search, **changes)
    assert all(fault.nl and fault.en for fault in refused.value.faults)


def test_every_fault_of_a_form_is_said_at_once(city, search):
    with pytest.raises(ChangeError) as refused:
        made_with("add_bays", city, search, where="", said={"count": "x", "bay_kind": "submarine"})
    assert len(refused.value.faults) == 3


def test_a_change_that_cannot_be_carried_out_is_refused(city, search):
    with pytest.raises(ScenarioError, match="20 parking spaces here, not 40") as refused:
        made_with("remove_bays", city, search, said={"count": "40"})
    assert refused.value.told("nl") == ["er zijn hier 20 parkeerplekken, geen 40"]


def test_a_plan_of_residents_is_not_endless(city, search):
    one = made_with("removal_round", city, search).measures[0]
    many = tuple(one.model_copy(update={"id": f"m{n}"}) for n in range(MOST_MEASURES))
    with pytest.raises(ChangeError, match="at most"):
        made_with("remove_bays", city, search, EMPTY.model_copy(update={"measures": many}))


def test_a_change_can_be_changed_and_taken_out(city, search):
    plan = made_with("remove_bays", city, search)
    plan = made_with("add_racks", city, search, plan)
    tool = BY_NAME["remove_bays"]
    answers = answers_of(tool, plan.measures[0])
    fewer = Answers(where=answers.where, said={"count": "2"})
    edited = changed(plan, tool, fewer, city, search, edit="m1")
    assert [measure.id for measure in edited.measures] == ["m1", "m2"]
    assert edited.measures[0].count == 2
    assert without(edited, "m1").measures == plan.measures[1:]


def test_the_map_shows_where_a_plan_changes_something(city, search):
    plan = made_with("add_racks", city, search)
    plan = made_with("removal_round", city, search, plan)
    (shape,) = plan_shapes(plan.measures, [city] * 3)
    assert shape["at"] == pytest.approx(lonlat(city, 200, 50), abs=1e-4)


# What is told of a result


def result_of(changes):
    """A result with these changes of the first indicator, by pair, and none of the others."""
    found = np.zeros((len(changes), len(INDICATORS)))
    found[:, 0] = changes
    return SimpleNamespace(changes=found)


def test_the_part_of_a_change_is_what_is_lost_without_it():
    steady = Interval(50.0, 50.0, 50.0)
    line = Line(INDICATORS[0], steady, steady, Interval(-9.0, -8.0, -7.0))
    whole = result_of([-9.0, -8.0, -7.0])
    ((first,), (second,)) = parts(
        whole, [result_of([-1.0, 0.0, 1.0]), result_of([-9.0, -8.0, -7.0])], [line]
    )
    assert first.change == Interval.of(np.array([-8.0, -8.0, -8.0]))
    assert first.is_good
    assert second.change == Interval(0.0, 0.0, 0.0)


def test_the_handful_is_clear_and_the_largest_first():
    def line(at, before, low, high):
        middle = (low + high) / 2
        return Line(
            INDICATORS[at],
            Interval(before, before, before),
            Interval(before + low, before + middle, before + high),
            Interval(low, middle, high),
        )

    lines = (line(6, 10, -1, -0.5), line(7, 10, -6, -4), line(8, 10, -2, 1), line(9, 1e6, 1, 2))
    told = handful(SimpleNamespace(lines=lines))
    assert [one.indicator for one in told] == [INDICATORS[7], INDICATORS[6]]
