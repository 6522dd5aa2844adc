"""What measures do to spaces at the kerb, and to the rules for them."""

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
    said,
)
from shapely import Point
from tiny import SOUTH, WEST

from twin.place.check import check_city
from twin.rules import Closure, Hours, NoParking


@pytest.fixture(scope="module")
def hood():
    return neighbourhood()


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
        assert said(again.faults(changed)) == ["where: this is closed at these hours already"]

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
        assert said(same.faults(changed)) == ["name: there is a zone 'N' already"]
        assert said(over.faults(changed)) == ["where: lies partly in the zone 'N'"]

    def test_an_event_closes_the_streets_it_is_in(self, hood):
        where = {"area": drawn(hood, area(340, 40, 360, 210))}
        when = {"from_h": 9, "until_h": 17, "days": ["sat"]}
        asked = {"name": "Markt", "where": where, "when": when, "visitors": 900}
        changed = done(hood, "event", **asked)
        (held,) = changed.rules.events
        assert (held.name, held.visitors) == ("m1-event-1", 900)
        assert changed.rules.closures == (Closure(("s10",), held.hours),)
        bays = tuple(hood.bays["bay"][hood.bays["segment"] == "s10"])
        assert bays
        assert changed.rules.no_parking == (NoParking(bays, held.hours),)
        beside = done(hood, "event", **asked, closes_streets=False)
        assert beside.rules.closures == beside.rules.no_parking == ()

    def test_a_round_that_another_one_covers_is_refused(self, hood):
        changed = done(hood, "removal_round", every_d=14, label_d=7)
        (rule,) = changed.rules.rounds
        assert (rule.every_d, rule.label_d, rule.area) == (14, 7, None)
        again = measure(
            "removal_round", {"every_d": 7, "label_d": 7, "where": {"street": "Zuidkade"}}
        )
        assert said(again.faults(changed)) == [
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
