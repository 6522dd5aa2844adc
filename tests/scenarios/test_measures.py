"""What measures do to a city, in particular."""

import pytest
from neighbourhood import area, capacity, drawn, faults_of, lonlat, measure, neighbourhood, row
from shapely import Point
from tiny import SOUTH, WEST

from twin.city import City
from twin.place.check import check_city
from twin.rules import Closure, Hours


@pytest.fixture(scope="module")
def hood():
    return neighbourhood()


def done(city, kind, **content) -> City:
    made = measure(kind, content, "m1")
    assert list(made.faults(city)) == []
    changed = made.apply(city)
    check_city(changed)
    return changed


class TestSpaces:
    """Spaces at the kerb."""

    def test_part_of_a_group_goes_from_its_end(self, hood):
        changed = done(hood, "remove_bays", where={"street": "Straat 2"}, count=4)
        left = row(changed, "bays", "bay-s2")
        assert left["capacity"] == 6
        assert left["geometry"].length == pytest.approx(90)
        assert left["along_m"] == pytest.approx(45)
        assert capacity(changed) == capacity(hood) - 4

    def test_a_group_of_which_nothing_is_left_is_gone(self, hood):
        changed = done(hood, "remove_bays", where={"bays": ["bay-s2"]})
        assert "bay-s2" not in set(changed.bays["bay"])

    def test_the_next_group_follows_when_one_is_used_up(self, hood):
        changed = done(hood, "remove_bays", where={"street": "Zuidkade"}, count=13)
        assert "bay-s0" not in set(changed.bays["bay"])
        assert row(changed, "bays", "bay-s3")["capacity"] == 7

    def test_the_spaces_nearest_to_a_spot_go_first(self, hood):
        changed = done(hood, "remove_bays", where={"at": lonlat(hood, 55, 350)}, count=2)
        left = row(changed, "bays", "bay-s2")["geometry"]
        assert left.coords[0] == pytest.approx((WEST + 80, SOUTH + 353))
        assert left.coords[-1] == pytest.approx((WEST + 200, SOUTH + 353))

    def test_only_what_lies_in_an_area_is_there(self, hood):
        where = {"area": drawn(hood, area(150, 351, 300, 360))}
        changed = done(hood, "remove_bays", where=where)
        assert row(changed, "bays", "bay-s2")["capacity"] == 7
        assert row(changed, "bays", "bay-s5")["capacity"] == 3
        assert row(changed, "bays", "bay-s5")["geometry"].length == pytest.approx(45)
        assert faults_of(hood, "remove_bays", {"where": where, "count": 12}) == [
            "count: there are 10 parking spaces here, not 12"
        ]

    def test_more_than_there_are_is_refused(self, hood):
        asked = {"where": {"street": "Straat 2"}, "count": 12}
        assert faults_of(hood, "remove_bays", asked) == [
            "count: there are 10 parking spaces here, not 12"
        ]
        one = {"where": {"street": "Straat 2"}, "of": ["paid"]}
        assert faults_of(hood, "remove_bays", one) == [
            "where.street: 'Straat 2' has no part with parking spaces (paid)"
        ]

    def test_a_part_that_is_used_otherwise_gets_a_key_of_its_own(self, hood):
        changed = done(hood, "convert_bays", where={"street": "Straat 4"}, to="loading", count=3)
        old, new = row(changed, "bays", "bay-s4"), row(changed, "bays", "m1-bay-1")
        assert (old["kind"], old["capacity"], old["price_eur_h"]) == ("paid", 7, 2.5)
        assert (new["kind"], new["capacity"], new["segment"]) == ("loading", 3, "s4")
        assert new["price_eur_h"] != new["price_eur_h"]
        assert old["geometry"].length + new["geometry"].length == pytest.approx(150)
        assert capacity(changed) == capacity(hood)

    def test_a_whole_group_that_is_used_otherwise_keeps_its_key(self, hood):
        changed = done(
            hood, "convert_bays", where={"street": "Straat 2"}, to="paid", price_eur_h=3.5
        )
        assert set(changed.bays["bay"]) == set(hood.bays["bay"])
        assert row(changed, "bays", "bay-s2")["price_eur_h"] == 3.5

    def test_spaces_of_that_kind_do_not_become_it_again(self, hood):
        where = {"segments": ["s1"]}
        assert faults_of(hood, "convert_bays", {"where": where, "to": "paid"}) == [
            "where.segments[0]: 's1' is no street with parking spaces (public, permit, loading,"
            " disabled, shared_car, charging, short_stay)"
        ]
        assert faults_of(hood, "convert_bays", {"where": where, "to": "paid", "of": ["paid"]})

    def test_new_spaces_keep_clear_of_junctions_and_of_others(self, hood):
        changed = done(hood, "add_bays", where={"street": "Straat 5"}, count=20)
        new = changed.bays[changed.bays["bay"].str.startswith("m1-")]
        assert new["capacity"].sum() == 20
        for line in new.geometry:
            assert line.hausdorff_distance(line.boundary) > 0
            for x in (200, 350):
                assert line.distance(Point(WEST + x, SOUTH + 350)) > 9
        assert set(new["side"]) == {"right"}

    def test_new_spaces_need_room(self, hood):
        asked = {"where": {"street": "Straat 5"}, "count": 25}
        assert faults_of(hood, "add_bays", asked) == [
            "count: there is room for 24 parking spaces here, not 25"
        ]
        left = asked | {"side": "left", "count": 1}
        assert faults_of(hood, "add_bays", left) == [
            "count: there is room for 0 parking spaces here, not 1"
        ]
        across = asked | {"orientation": "perpendicular"}
        assert faults_of(hood, "add_bays", across) == []

    def test_new_spaces_come_where_others_went(self, hood):
        gone = done(hood, "remove_bays", where={"street": "Straat 5"}, count=5)
        changed = measure(
            "add_bays", {"where": {"street": "Straat 5"}, "count": 12, "side": "left"}, "m2"
        ).apply(gone)
        assert row(changed, "bays", "m2-bay-1")["capacity"] == 12
        check_city(changed)

    def test_a_price_is_only_for_paid_spaces(self, hood):
        where = {"street": "Straat 5"}
        assert faults_of(hood, "add_bays", {"where": where, "count": 1, "price_eur_h": 2.0})
        assert faults_of(hood, "convert_bays", {"where": where, "to": "permit", "price_eur_h": 2.0})


class TestRules:
    """What holds where and when."""

    def test_a_tariff_sets_price_and_hours(self, hood):
        when = {"from_h": 9, "until_h": 24, "days": ["sat", "mon"]}
        changed = done(hood, "tariff", where={"segments": ["s1"]}, price_eur_h=5.0, when=when)
        assert row(changed, "bays", "bay-s1")["price_eur_h"] == 5.0
        assert row(changed, "bays", "bay-s4")["price_eur_h"] == 2.5
        (rule,) = changed.rules.paid_hours
        assert rule.bays == ("bay-s1",)
        assert rule.hours == Hours(9, 24, (0, 5))

    def test_a_tariff_that_sets_nothing_is_refused(self, hood):
        assert faults_of(hood, "tariff", {"where": {"segments": ["s1"]}}) == [
            "needs price_eur_h, when, or both"
        ]

    def test_there_is_no_tariff_where_parking_is_free(self, hood):
        (fault,) = faults_of(hood, "tariff", {"where": {"segments": ["s2"]}, "price_eur_h": 1.0})
        assert "no street with parking spaces (paid)" in fault

    def test_a_street_is_closed_always_or_at_hours(self, hood):
        changed = done(hood, "close_street", where={"street": "Zuidkade"})
        assert changed.rules.closures == (Closure(("s0", "s3")),)
        again = measure("close_street", {"where": {"segments": ["s3"]}})
        assert [str(fault) for fault in again.faults(changed)] == [
            "where: this is closed at these hours already"
        ]

    def test_permits_only_changes_free_and_paid_spaces(self, hood):
        where = {"area": drawn(hood, area(40, 190, 210, 360))}
        changed = done(hood, "permit_zone", name="N", where=where, only_permits=True)
        kinds = dict(zip(changed.bays["bay"], changed.bays["kind"], strict=True))
        assert kinds["bay-s1"] == kinds["bay-s7"] == "permit"
        assert kinds["bay-s9"] == "loading"
        assert kinds["bay-s4"] == "paid"

    def test_zones_do_not_overlap(self, hood):
        where = {"area": drawn(hood, area(40, 190, 210, 360))}
        changed = done(hood, "permit_zone", name="N", where=where)
        same = measure("permit_zone", {"name": "N", "where": {"street": "Zuidkade"}})
        over = measure("permit_zone", {"name": "O", "where": {"segments": ["s4"]}})
        assert [str(f) for f in same.faults(changed)] == ["name: there is a zone 'N' already"]
        assert [str(f) for f in over.faults(changed)] == ["where: lies partly in the zone 'N'"]

    def test_an_event_closes_the_streets_it_is_in(self, hood):
        where = {"area": drawn(hood, area(340, 40, 360, 210))}
        when = {"from_h": 9, "until_h": 17, "days": ["sat"]}
        asked = {"name": "Markt", "where": where, "when": when, "visitors": 900}
        changed = done(hood, "event", **asked)
        (held,) = changed.rules.events
        assert (held.name, held.visitors) == ("m1-event-1", 900)
        assert changed.rules.closures == (Closure(("s10",), held.hours),)
        assert done(hood, "event", **asked, closes_streets=False).rules.closures == ()

    def test_a_round_that_another_one_covers_is_refused(self, hood):
        changed = done(hood, "removal_round", every_d=14, label_d=7)
        (rule,) = changed.rules.rounds
        assert (rule.every_d, rule.label_d, rule.area) == (14, 7, None)
        again = measure(
            "removal_round", {"every_d": 7, "label_d": 7, "where": {"street": "Zuidkade"}}
        )
        assert [str(f) for f in again.faults(changed)] == [
            "where: there is a round here already, which goes first"
        ]

    @pytest.mark.parametrize(
        "when",
        [
            {"from_h": 9, "until_h": 9},
            {"from_h": 9, "until_h": 17, "days": []},
            {"from_h": 9, "until_h": 17, "days": ["mon", "mon"]},
            {"from_h": 9, "until_h": 17, "days": ["monday"]},
            {"from_h": 24, "until_h": 9},
        ],
    )
    def test_hours_that_are_none_are_refused(self, when):
        with pytest.raises(ValueError, match="when"):
            measure("close_street", {"where": {"street": "x"}, "when": when})


class TestStreets:
    """Streets themselves."""

    @pytest.mark.parametrize(
        ("direction", "forward"),
        [("east", True), ("west", False), ("southeast", True), ("along", True), ("against", False)],
    )
    def test_a_street_becomes_one_way(self, hood, direction, forward):
        changed = done(hood, "one_way", where={"street": "Zuidkade"}, direction=direction)
        for key in ("s0", "s3"):
            street = row(changed, "segments", key)
            assert (street["car_forward"], street["car_backward"]) == (forward, not forward)
            assert street["bike_forward"]
            assert street["bike_backward"]

    def test_bicycles_may_have_to_follow(self, hood):
        asked = {"where": {"segments": ["s6"]}, "direction": "south", "bikes_both_ways": False}
        street = row(done(hood, "one_way", **asked), "segments", "s6")
        assert not street["bike_forward"]
        assert street["bike_backward"]

    def test_a_street_across_the_direction_is_refused(self, hood):
        asked = {"where": {"street": "Zuidkade"}, "direction": "north"}
        assert faults_of(hood, "one_way", asked) == [
            "direction: runs across s0 and s3; say along or against"
        ]

    def test_a_street_that_is_one_way_already_is_refused(self, hood):
        asked = {"where": {"street": "Zuidkade"}, "direction": "east"}
        changed = done(hood, "one_way", **asked)
        assert faults_of(changed, "one_way", asked) == [
            "where: is one-way in this direction already"
        ]
        assert faults_of(changed, "one_way", asked | {"direction": "west"}) == []

    def test_a_pavement_takes_the_spaces_beside_it(self, hood):
        asked = {"where": {"segments": ["s7"]}, "by_m": 2.0, "clear_m": 3.0, "takes": "bays"}
        changed = done(hood, "widen_pavement", **asked)
        assert "bay-s7" not in set(changed.bays["bay"])
        assert faults_of(hood, "widen_pavement", asked | {"side": "right"}) == [
            "takes: there are no parking spaces here; say takes: carriageway"
        ]
        assert faults_of(hood, "widen_pavement", asked | {"by_m": 3.0})

    def test_a_pavement_leaves_a_lane_and_what_is_parked(self, hood):
        asked = {
            "where": {"segments": ["s7"]},
            "by_m": 0.5,
            "clear_m": 2.0,
            "takes": "carriageway",
        }
        changed = done(hood, "widen_pavement", **asked)
        assert row(changed, "segments", "s7")["width_m"] == pytest.approx(5.0)
        assert faults_of(hood, "widen_pavement", asked | {"by_m": 0.6}) == [
            "by_m: segment s7 is 6.0 m wide; 1.0 m can go at most"
        ]

    def test_green_comes_in_strips_and_benches_make_the_walk_feel_shorter(self, hood):
        where = {"street": "Zuidkade"}
        changed = done(hood, "benches_and_green", where=where, benches=3, green_m2=300)
        assert changed.green.area.sum() == pytest.approx(300)
        (comfort,) = changed.rules.comforts
        assert comfort.felt == pytest.approx(0.9)
        (less,) = done(hood, "benches_and_green", where=where, benches=3).rules.comforts
        assert less.felt == pytest.approx(0.95)
        assert faults_of(hood, "benches_and_green", {"where": where, "green_m2": 500.0}) == [
            "green_m2: there is room for 450 m² in a strip here, not 500"
        ]


class TestThings:
    """Stands, garages, destinations, homes."""

    def test_stands_share_out_the_places(self, hood):
        changed = done(hood, "add_racks", where={"street": "Zuidkade"}, places=31)
        new = changed.racks[changed.racks["rack"].str.startswith("m1-")]
        assert sorted(new["capacity"]) == [10, 10, 11]
        assert list(new["along_m"]) == pytest.approx([50, 0, 100]) or list(new["segment"]) == [
            "s0",
            "s0",
            "s3",
        ]

    def test_a_stand_at_a_spot_is_one(self, hood):
        changed = done(hood, "add_racks", where={"at": lonlat(hood, 100, 60)}, places=31)
        new = row(changed, "racks", "m1-rack-1")
        assert (new["capacity"], new["segment"]) == (31, "s0")
        assert new["along_m"] == pytest.approx(50, abs=0.01)

    def test_a_spot_too_far_from_any_street_is_refused(self, hood):
        (fault,) = faults_of(
            hood, "add_racks", {"where": {"at": lonlat(hood, 275, 275)}, "places": 3}
        )
        assert fault == "where.at: the nearest street where people walk is 75 m away; at most 50 m"

    def test_stands_are_taken_away_place_by_place(self, hood):
        changed = done(hood, "remove_racks", where={"racks": ["rack-0", "rack-7"]}, places=50)
        assert dict(zip(changed.racks["rack"], changed.racks["capacity"], strict=True)) == {
            "rack-7": 30
        }
        assert faults_of(hood, "remove_racks", {"where": {"racks": ["rack-0"]}, "places": 41}) == [
            "places: there are 40 bicycle places here, not 41"
        ]

    def test_a_stand_that_moves_keeps_its_key(self, hood):
        changed = done(
            hood, "move_racks", where={"racks": ["rack-0"]}, to={"at": lonlat(hood, 300, 353)}
        )
        moved = row(changed, "racks", "rack-0")
        assert (moved["segment"], moved["capacity"]) == ("s5", 40)
        assert set(changed.racks["rack"]) == set(hood.racks["rack"])

    def test_part_of_a_stand_moves_under_a_new_key(self, hood):
        to = {"at": lonlat(hood, 300, 353)}
        changed = done(hood, "move_racks", where={"racks": ["rack-0"]}, to=to, places=15)
        assert row(changed, "racks", "rack-0")["capacity"] == 25
        assert row(changed, "racks", "m1-rack-1")["capacity"] == 15
        assert capacity(changed, "racks") == capacity(hood, "racks")

    def test_a_garage_is_found_by_key_or_name_and_closes_with_no_place(self, hood):
        assert capacity(done(hood, "resize_garage", garage="p1", capacity=50), "garages") == 50
        assert not len(done(hood, "resize_garage", garage="garage-1", capacity=0).garages)
        assert faults_of(hood, "resize_garage", {"garage": "P2", "capacity": 3}) == [
            "garage: there is no garage 'P2' here; did you mean P1?"
        ]
        assert faults_of(hood, "resize_garage", {"garage": "P1", "capacity": 200}) == [
            "capacity: 'P1' holds 200 cars already"
        ]

    def test_a_name_that_two_have_is_not_clear(self, hood):
        assert faults_of(hood, "close_attractor", {"attractor": "De Zon"}) == [
            "attractor: 2 are called 'De Zon'; say the key of one: a-cafe-1, a-cafe-2"
        ]
        changed = done(hood, "close_attractor", attractor="a-cafe-2")
        assert set(changed.attractors["attractor"]) == {"a-shop", "a-cafe-1", "a-school"}

    def test_homes_come_with_rules_for_their_cars_and_bicycles(self, hood):
        changed = done(
            hood,
            "new_housing",
            footprint_area=drawn(hood, area(240, 240, 280, 300)),
            dwellings=80,
            floors=5,
            own_places_per_dwelling=0.3,
        )
        home = row(changed, "buildings", "m1-building-1")
        assert (home["height_m"], home["use"], home["dwellings"]) == (16.0, "residential", 80)
        assert home["segment"] in {"s4", "s8", "s9"}
        (cars,) = changed.rules.car_ownership
        assert (cars.buildings, cars.own_places) == (("m1-building-1",), 0.3)
        (bikes,) = changed.rules.bike_parking
        assert bikes.share == 0.9

    @pytest.mark.parametrize(
        ("site", "dwellings", "fault"),
        [
            (area(240, 240, 250, 250), 30, "dwellings: there is floor for 27 at most"),
            (area(90, 80, 130, 100), 10, "footprint_area: the building b-1 is there"),
            (area(300, 300, 330, 330), 10, "footprint_area: the water pond is there"),
            (area(240, 170, 280, 201), 10, "footprint_area: the street s4 runs through it"),
            (area(240, 202, 280, 230), 10, "footprint_area: there are parking spaces on it"),
        ],
    )
    def test_homes_need_a_free_site(self, hood, site, dwellings, fault):
        asked = {"footprint_area": drawn(hood, site), "dwellings": dwellings, "floors": 5}
        (found,) = faults_of(hood, "new_housing", asked)
        assert found.startswith(fault)

    def test_a_hub_takes_the_spaces_nearest_to_it(self, hood):
        asked = {
            "where": {"at": lonlat(hood, 200, 60)},
            "shared_cars": 3,
            "rack_places": 20,
            "removed_bays": 2,
        }
        changed = done(hood, "mobility_hub", **asked)
        assert capacity(changed, kind="shared_car") == 3
        assert capacity(changed) == capacity(hood) - 2
        assert row(changed, "racks", "m1-rack-1")["capacity"] == 20
        assert faults_of(hood, "mobility_hub", asked | {"shared_cars": 9}) == [
            "shared_cars: there are 10 parking spaces (public, paid, permit, short_stay) here,"
            " not 11"
        ]


class TestWhere:
    """Saying where."""

    def test_a_street_is_known_by_any_of_its_names_however_written(self, hood):
        for name in ("Zuidkade", "ZUIDKADE", " south  quay "):
            assert faults_of(hood, "bicycle_street", {"where": {"street": name}}) == []

    def test_a_street_that_does_not_exist_gets_the_nearest_names(self, hood):
        assert faults_of(hood, "bicycle_street", {"where": {"street": "Zuidkaade"}}) == [
            "where.street: there is no street 'Zuidkaade' here; did you mean Zuidkade?"
        ]

    @pytest.mark.parametrize(
        "where", [{}, {"street": "a", "at": [4.9, 52.3]}, {"street": None}, {"racks": ["rack-0"]}]
    )
    def test_it_is_exactly_one_thing(self, where):
        with pytest.raises(ValueError, match="where"):
            measure("bicycle_street", {"where": where})

    def test_keys_are_named_once_and_exist(self, hood):
        where = {"bays": ["bay-s0", "bay-x", "bay-s0"]}
        assert faults_of(hood, "remove_bays", {"where": where}) == [
            "where.bays[1]: there is no bay 'bay-x' here",
            "where.bays[2]: 'bay-s0' is named twice",
        ]

    def test_longitude_comes_first(self, hood):
        lon, lat = lonlat(hood, 100, 60)
        (fault,) = faults_of(hood, "add_racks", {"where": {"at": [lat, lon]}, "places": 3})
        assert fault == "where.at: lies outside the place; longitude comes first, then latitude"

    def test_an_area_without_a_street_is_refused(self, hood):
        where = {"area": drawn(hood, area(265, 265, 285, 285))}
        assert faults_of(hood, "add_racks", {"where": where, "places": 3}) == [
            "where.area: has no street where people walk, nor is there one near it"
        ]
        assert faults_of(
            hood, "bicycle_street", {"where": {"area": drawn(hood, area(230, 190, 260, 210))}}
        ) == ["where: no street for cars lies here for the most part"]

    def test_an_area_partly_outside_is_refused(self, hood):
        where = {"area": drawn(hood, area(-100, 0, 100, 100))}
        assert faults_of(hood, "add_racks", {"where": where, "places": 3}) == [
            "where.area: lies outside the place, or partly: 50% of it is inside"
        ]
