"""Where a measure says that it is."""

import pytest
from neighbourhood import area, drawn, faults_of, lonlat, measure, neighbourhood


@pytest.fixture(scope="module")
def hood():
    return neighbourhood()


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
