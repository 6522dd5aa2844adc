"""Scenario files, and carrying them out."""

import json
import tomllib
from pathlib import Path

import pytest
from neighbourhood import canonical, capacity, independent, neighbourhood

from scenarios import files
from scenarios.applying import apply, cities, cost
from scenarios.errors import PriceError, ScenarioError
from scenarios.files import read_future, read_scenario, scenario_yaml, write_scenario
from scenarios.measures import CORE, load_prices
from scenarios.prices import Cost
from scenarios.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
FILE = """
# A plan.
name: quay
title: {nl: De kade, en: The quay}
place: tiny
day: saturday
measures:
  - kind: remove_bays
    where: {street: Zuidkade}
    count: 12
  - kind: add_racks
    id: stands
    where: {street: Zuidkade}
    places: 40
"""


@pytest.fixture(scope="module")
def hood():
    return neighbourhood()


def plan(*measures, **more):
    return Scenario.model_validate({"name": "plan", "measures": list(measures), **more})


def remove(street, count, **more):
    return {"kind": "remove_bays", "where": {"street": street}, "count": count, **more}


def refused(call, *arguments):
    with pytest.raises(ScenarioError) as raised:
        call(*arguments)
    for nl, en in zip(raised.value.told("nl"), raised.value.told("en"), strict=True):
        assert nl not in {"", en}
    return raised.value.faults


def told(call, *arguments):
    with pytest.raises(ScenarioError) as raised:
        call(*arguments)
    return raised.value.told("nl")


class TestFiles:
    """Reading and writing."""

    def test_what_is_read_and_written_is_the_same(self, tmp_path):
        scenario = read_scenario(FILE)
        path = tmp_path / "quay.yaml"
        write_scenario(scenario, path)
        assert read_scenario(path) == scenario
        as_json = json.dumps(scenario.as_json())
        assert read_scenario(as_json) == scenario
        assert {read_scenario(text).fingerprint() for text in (FILE, as_json)} == {
            scenario.fingerprint()
        }

    def test_measures_without_a_name_get_one_that_is_kept(self):
        scenario = read_scenario(FILE)
        assert [each.id for each in scenario.measures] == ["m1", "stands"]
        assert "id: m1" in scenario_yaml(scenario)
        later = plan({**remove("Straat 1", 1), "id": "m2"}, remove("Straat 2", 1))
        assert [each.id for each in later.measures] == ["m2", "m3"]

    def test_another_plan_has_another_fingerprint(self):
        one, two = plan(remove("Straat 1", 1)), plan(remove("Straat 1", 2))
        assert one.fingerprint() != two.fingerprint()
        assert len(one.fingerprint()) == 64

    def test_every_fault_is_named_with_its_place(self):
        text = """
        name: No Spaces
        day: monday
        measures:
          - {kind: remove_bays, where: {street: A}, count: -3, colour: red}
          - {kind: remove_bay}
          - {where: {street: A}}
          - {kind: add_racks, where: {street: A, at: [200, 5]}, places: true}
        """
        assert refused(read_scenario, text) == [
            "name: string should match pattern '^[a-z0-9][a-z0-9-]{0,63}$'",
            "day: should be 'weekday', 'friday', 'saturday' or 'sunday'",
            "measures[0].count: should be greater than or equal to 1",
            "measures[0].colour: there is no such field here",
            "measures[1].kind: there is no measure 'remove_bay'; did you mean remove_bays or"
            " remove_racks or convert_bays?",
            "measures[2].kind: is missing: it says which measure this is",
            "measures[3].where.at[0]: should be less than or equal to 180",
            "measures[3].places: should be a valid integer",
        ]

    def test_every_fault_is_said_in_dutch(self):
        text = """
        day: monday
        measures:
          - {kind: remove_bays, where: {}, count: 0, colour: red}
          - {kind: remove_bay}
          - {where: {street: A}}
          - {kind: garage_tariff, garage: "", price_eur_h: 100.5}
          - {kind: add_racks, where: {street: A}, places: true, id: é}
          - 3
        """
        assert told(read_scenario, text) == [
            "“name” ontbreekt",
            "“day” moet een van deze zijn: 'weekday', 'friday', 'saturday' of 'sunday'",
            "zeg op precies één manier waar het is (street, segments, area, at of bays), niet op 0"
            " manieren",
            "“count” moet minstens 1 zijn",
            "“colour” hoort hier niet",
            "er is geen maatregel “remove_bay”; misschien remove_bays of remove_racks of"
            " convert_bays?",
            "bij een maatregel ontbreekt “kind”: dat zegt welke maatregel het is",
            "“garage” moet langer zijn: minstens 1 teken",
            "“price_eur_h” mag hoogstens 100 zijn",
            "“id” heeft tekens die hier niet mogen, of te veel",
            "“places” moet een heel getal zijn",
            "“measures” moet velden hebben, zoals kind: …",
        ]
        assert told(read_scenario, "{name: a, name: a}") == [
            "regel 1, plek 11: “name” staat er twee keer"
        ]

    def test_a_very_long_list_is_refused_at_once(self):
        (fault,) = refused(read_scenario, "name: x\nmeasures: [" + "1," * 5_000 + "1]")
        assert fault == "measures: has 5,001 measures; at most 200 are allowed"

    def test_the_same_fault_many_times_is_not_a_list_of_its_own(self):
        where = {"street": "A"} | {f"field{number}": 1 for number in range(500)}
        text = json.dumps({"name": "x", "measures": [{"kind": "bicycle_street", "where": where}]})
        faults = refused(read_scenario, text)
        assert len(faults) == 201
        assert faults[-1] == "and 300 more"

    def test_ids_are_unique(self):
        two = [remove("Straat 1", 1, id="x"), remove("Straat 2", 1, id="x")]
        text = json.dumps({"name": "plan", "measures": two})
        assert refused(read_scenario, text) == ["measures must have different ids; used twice: x"]

    def test_an_older_file_is_upgraded(self):
        old = FILE.replace("measures:", "changes:") + "version: 0\n"
        assert read_scenario(old) == read_scenario(FILE)

    def test_upgrades_go_step_by_step(self, monkeypatch):
        steps = [lambda content, n=n: {**content, "name": f"{content['name']}{n}"} for n in (1, 2)]
        monkeypatch.setattr(files, "UPGRADES", tuple(steps))
        assert read_scenario("{name: a, version: 0}").name == "a12"
        assert read_scenario("{name: a, version: 1}").name == "a2"

    def test_there_is_an_upgrade_from_each_version(self):
        assert len(files.UPGRADES) == files.VERSION

    def test_a_newer_file_is_refused(self):
        assert refused(read_scenario, FILE + "version: 9\n") == [
            "version: 9; this program reads up to 1"
        ]

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("a: 1\na: 2", "line 2, column 1: 'a' is said twice"),
            ('{"a": 1, "a": 2}', "'a' is said twice"),
            ("x: &x [1, 2]\ny: [*x, *x]", "line 2: *x refers to something else; write it out"),
            ("[" * 100_000, "is nested too deeply"),
            ('{"a":' * 100_000, "is nested too deeply"),
            ("name: " + "x" * 1_000_001, "has 1,000,007 bytes; at most 1,000,000"),
            ("name: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
            ("name: [", "line 2, column 1"),
            ("? [1, 2]\n: 3", "only texts can be names"),
            ('{"name": NaN}', "NaN is no number"),
            ("\x00", "control characters are not allowed"),
            ("- 1", "it has no fields"),
            ('{"name": [' + "1," * 60_000 + "1]}", "has more than 60,000 values"),
            ("name: [" + "1," * 60_000 + "1]", "has more than 60,000 values"),
            ("name: " + "9" * 5_000, "is no YAML"),
        ],
    )
    def test_what_is_no_plan_is_refused_in_one_message(self, text, fault):
        (found,) = refused(read_scenario, text)
        assert fault in found

    def test_only_the_types_of_json_are_known(self):
        scenario = read_scenario("name: no\ntitle: 2026-01-01\ntext: 12:30\nday: sunday")
        assert (scenario.name, scenario.title, scenario.text) == ("no", "2026-01-01", "12:30")

    def test_a_file_that_is_not_there_is_refused(self, tmp_path):
        (fault,) = refused(read_scenario, tmp_path / "none.yaml")
        assert "No such file" in fault

    def test_a_file_that_is_too_large_is_not_read(self, tmp_path):
        path = tmp_path / "large.yaml"
        path.write_bytes(b"\xff" * 1_000_001)
        assert refused(read_scenario, path) == ["it is larger than 1,000,000 bytes"]


class TestCarryingOut:
    """Measure by measure."""

    def test_no_measures_leave_the_city_as_it_is(self, hood):
        changed = apply(plan(), hood)
        assert all(changed.layers[name] is frame for name, frame in hood.layers.items())
        assert changed.rules == hood.rules

    def test_measures_follow_one_another(self, hood):
        changed = apply(read_scenario(FILE), hood)
        assert capacity(changed) == capacity(hood) - 12
        assert capacity(changed, "racks") == capacity(hood, "racks") + 40

    def test_it_is_for_the_place_it_was_made_for(self, hood):
        assert refused(apply, plan(place="helsinki"), hood) == [
            "place: it was made for 'helsinki', and this is 'tiny'"
        ]

    def test_the_same_spaces_do_not_go_twice(self, hood):
        twice = plan(remove("Straat 1", 6), remove("Straat 1", 6), remove("Straat x", 1))
        faults = refused(apply, twice, hood)
        assert faults[0] == (
            "measures[1].count: there are 4 parking spaces here, not 6 (after the measures before it)"
        )
        assert faults[1].startswith("measures[2].where.street: there is no street 'Straat x' here")
        assert len(faults) == 2
        assert told(apply, twice, hood)[0] == (
            "er zijn hier 4 parkeerplekken, geen 6 (na de maatregelen ervoor)"
        )

    def test_a_street_is_not_one_way_in_both_directions(self, hood):
        def way(direction, **where):
            return {"kind": "one_way", "where": where, "direction": direction}

        both = plan(way("east", street="Zuidkade"), way("west", segments=["s3"]))
        assert refused(apply, both, hood) == [
            "measures[1]: contradicts m1: the direction of 's3' would be both forward and backward"
        ]

    def test_what_is_closed_is_not_closed_again(self, hood):
        shop = {"kind": "close_attractor", "attractor": "Fietsenwinkel"}
        (fault,) = refused(apply, plan(shop, shop), hood)
        assert fault.startswith("measures[1].attractor: there is no attractor 'Fietsenwinkel' here")
        assert fault.endswith("(after the measures before it)")

    def test_two_prices_contradict_each_other(self, hood):
        def tariff(price_eur_h):
            return {"kind": "tariff", "where": {"street": "Straat 1"}, "price_eur_h": price_eur_h}

        (fault,) = refused(apply, plan(tariff(3.0), tariff(4.0)), hood)
        assert "the price of 'bay-s1' would be both 3.0 and 4.0" in fault
        (fault,) = told(apply, plan(tariff(3.0), tariff(4.5)), hood)
        assert "de prijs van “bay-s1” zou zowel 3,0 als 4,5 zijn" in fault
        apply(plan(tariff(3.0), tariff(3.0)), hood)

    def test_an_id_under_which_something_is_there_is_refused(self, hood):
        stands = {"kind": "add_racks", "where": {"street": "Straat 1"}, "places": 4}
        changed = apply(plan(stands), hood)
        assert refused(apply, plan(stands), changed) == [
            "measures[0].id: 'm1' is taken: the place has something called m1-rack-…"
        ]
        apply(plan({**stands, "id": "more"}), changed)

    def test_what_it_costs_is_what_all_measures_cost(self, hood):
        prices = load_prices()
        scenario = read_scenario(FILE)
        each = [
            measure.cost(city, prices)
            for measure, city in zip(scenario.measures, cities(scenario, hood), strict=False)
        ]
        assert cost(scenario, hood, prices) == each[0] + each[1]
        assert cost(plan(), hood, prices) == Cost()
        assert each[0] == prices.of("bay_removed", 12)

    def test_everything_at_once(self, hood):
        everything = [{"kind": kind, **content} for kind, content in independent(hood).items()]
        one = apply(plan(*everything), hood)
        assert canonical(one) == canonical(apply(plan(*everything), neighbourhood()))


class TestPrices:
    """A city's own prices."""

    def test_a_city_puts_its_own_in_their_place(self, tmp_path):
        path = tmp_path / "prices.toml"
        path.write_text('[bench]\ninvestment_eur = 900\nsource = "tender 2026"\n')
        prices = load_prices(path)
        assert prices.of("bench", 2).investment_eur == 1800
        assert prices.of("tree") == load_prices().of("tree")

    def test_every_fault_is_named(self, tmp_path):
        path = tmp_path / "prices.toml"
        path.write_text(
            "[bensh]\ninvestment_eur = 1\n[tree]\ninvestment_eur = -5\nyearly = 3\n[bench]\nunit = 3\n"
        )
        with pytest.raises(PriceError) as raised:
            load_prices(path)
        assert raised.value.faults == [
            "bensh: no measure uses such a price; did you mean bench?",
            "tree.investment_eur: should be greater than or equal to 0",
            "tree.yearly: there is no such field here",
            "bench.unit: should be a valid string",
        ]

    @pytest.mark.parametrize("text", ["bench = 3", "[bench", "[[bench]]\n"])
    def test_what_is_no_table_is_refused(self, tmp_path, text):
        path = tmp_path / "prices.toml"
        path.write_text(text)
        with pytest.raises(PriceError):
            load_prices(path)

    def test_each_price_says_where_it_comes_from(self):
        for price in load_prices().by_name.values():
            assert price.source
            assert price.unit


class TestFutures:
    """Assumptions about demand."""

    def test_what_is_left_out_is_as_today(self):
        future = read_future("{name: later, year: 2035, car_ownership: 0.8}")
        assert (future.population, future.shopping, future.e_bike_share) == (1.0, 1.0, None)

    def test_a_plan_can_have_one(self):
        scenario = read_scenario("{name: a, future: {name: b, e_bike_share: 0.6}}")
        assert read_scenario(scenario_yaml(scenario)) == scenario

    def test_every_fault_is_named(self):
        faults = refused(read_future, "{year: 1900, e_bike_share: 1.5, cars: 3, population: -1}")
        assert [fault.partition(":")[0] for fault in faults] == [
            "year",
            "population",
            "e_bike_share",
            "cars",
        ]


def test_each_measure_is_among_those_that_may_not_import_one_another():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if "measures" in one["name"]]
    assert set(contract["modules"]) == {each.__module__ for each in CORE}
