"""What measures do to streets, and to what stands along them."""

import pytest
from neighbourhood import (
    area,
    capacity,
    done,
    drawn,
    faults_of,
    lonlat,
    measure,
    neighbourhood,
    row,
)

from twin.rules import GaragePrice


@pytest.fixture(scope="module")
def hood():
    return neighbourhood()


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

    def test_a_garage_gets_a_price(self, hood):
        changed = done(hood, "garage_tariff", garage="P1", price_eur_h=2.5)
        assert changed.rules.garage_prices == (GaragePrice("garage-1", 2.5),)
        told = measure("garage_tariff", {"garage": "P1", "price_eur_h": 2.5}).describe(hood)
        assert told.nl == "Garage P1 kost 2,50 euro per uur"
        assert told.en == "The garage P1 costs 2.50 euros an hour"

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
