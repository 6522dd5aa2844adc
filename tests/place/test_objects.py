"""What tagged objects become: destinations, buildings, car parks, stands, stops, land."""

import pytest
from shapely import Point, box

from twin.layers import ATTRACTOR_KINDS
from twin.place import features
from twin.place.assumptions import ASSUMPTIONS
from twin.place.attractors import attractor_kind
from twin.place.buildings import osm_buildings
from twin.place.dwellings import round_to
from twin.place.osm import OsmObject

CRS = "EPSG:28992"


def node(key="n1", x=0, y=0, **tags):
    return OsmObject(key, real(tags), Point(x, y))


def area(key="w1", size=20, x=0, y=0, **tags):
    return OsmObject(key, real(tags), box(x, y, x + size, y + size))


def real(tags):
    return {name.replace("__", ":"): value for name, value in tags.items()}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"shop": "clothes"}, "shop"),
        ({"shop": "supermarket"}, "supermarket"),
        ({"shop": "hairdresser"}, "service"),
        ({"shop": "vacant"}, None),
        ({"shop": "no", "amenity": "cafe"}, "cafe"),
        ({"amenity": "pub"}, "cafe"),
        ({"amenity": "fast_food"}, "restaurant"),
        ({"amenity": "nightclub;restaurant"}, "leisure"),
        ({"amenity": "university"}, "school"),
        ({"amenity": "pharmacy"}, "health"),
        ({"amenity": "library"}, "culture"),
        ({"amenity": "place_of_worship"}, "worship"),
        ({"amenity": "bank"}, "service"),
        ({"amenity": "bench"}, None),
        ({"amenity": "bicycle_parking"}, None),
        ({"tourism": "hotel"}, "hotel"),
        ({"tourism": "museum"}, "culture"),
        ({"tourism": "artwork"}, None),
        ({"leisure": "fitness_centre"}, "sport"),
        ({"leisure": "park"}, None),
        ({"office": "company"}, "office"),
        ({"healthcare": "clinic"}, "health"),
        ({"building": "yes"}, None),
    ],
)
def test_where_people_go(tags, kind):
    assert attractor_kind(tags) == kind
    assert kind is None or kind in ATTRACTOR_KINDS


def buildings(*objects):
    return osm_buildings(objects, CRS, ASSUMPTIONS)


def test_height_and_floors_come_from_tags():
    [row] = buildings(area(building="apartments", building__levels="5")).itertuples()
    assert (row.floors, row.height_m, row.is_assumed) == (5, 16.0, False)
    [row] = buildings(area(building="office", height="12.13 m")).itertuples()
    assert (row.floors, row.height_m, row.is_assumed) == (4, 12.13, False)


def test_floors_are_those_of_the_neighbours_where_nobody_counted():
    neighbours = [
        area(f"w{x}", x=x * 30, building="yes", building__levels="7") for x in range(1, 4)
    ]
    frame = buildings(area("w9", building="yes"), area("w8", size=5, building="yes"), *neighbours)
    assert frame["floors"].tolist() == [7, 1, 7, 7, 7]
    assert frame["is_assumed"].tolist() == [True, True, False, False, False]


def test_use_comes_from_tags_and_else_from_the_land():
    land = area("w7", size=200, x=-50, y=-50, landuse="residential")
    frame = buildings(
        area("w1", building="yes"),
        area("w2", building="church"),
        area("w3", building="yes", amenity="university"),
        area("w4", building="yes", x=500),
        land,
    )
    assert frame["use"].tolist() == ["residential", "worship", "school", "mixed"]


def test_dwellings_follow_from_the_floor_area_people_live_in():
    frame = buildings(
        area("w1", size=30, building="apartments", building__levels="4"),
        area("w2", size=30, building="office", building__levels="4"),
        area("w3", size=30, building="apartments", building__flats="17"),
        area("w4", size=5, building="shed"),
    )
    share = ASSUMPTIONS.dwelling_share["residential"]
    likely = round(900 * 4 * share / ASSUMPTIONS.dwelling_floor_m2)
    assert frame["dwellings"].tolist() == [likely, 0, 17, 0]


def test_an_entrance_is_no_building():
    assert len(buildings(node(building="entrance"), area(building="entrance"))) == 0


def garages(*objects):
    return features.osm_garages(objects, CRS, ASSUMPTIONS)


def test_car_parks_have_a_counted_or_assumed_capacity():
    frame = garages(
        node("n1", amenity="parking", parking="underground", capacity="400"),
        node("n2", amenity="parking", parking="multi-storey"),
        area("w3", size=60, amenity="parking", parking="surface"),
    )
    assert frame["capacity"].tolist() == [400, 300, int(3_600 / ASSUMPTIONS.garage_area_m2)]
    assert frame["is_assumed"].tolist() == [False, True, True]


def test_two_entrances_of_one_garage_are_one_garage():
    frame = garages(
        node("n1", amenity="parking", parking="underground", name="Kluuvi"),
        node("n2", x=80, amenity="parking", parking="underground", name="P-Kluuvi"),
        node("n3", x=5_000, amenity="parking", parking="underground", name="Kluuvi"),
    )
    assert frame["garage"].tolist() == ["n1", "n3"]


def test_private_and_kerbside_parking_is_no_garage():
    assert not len(garages(node(amenity="parking", access="private", capacity="99")))
    assert not len(garages(area(amenity="parking", parking="street_side", capacity="99")))


def test_a_small_car_park_counts_with_the_bays():
    small = area("w1", amenity="parking", parking="surface", capacity="12", fee="yes")
    beside = area("w2", size=10, amenity="parking", parking="street_side")
    assert not len(garages(small))
    frame = features.osm_drawn_bays([small, beside], CRS, ASSUMPTIONS)
    assert list(frame[["bay", "capacity", "kind", "is_assumed"]].itertuples(index=False)) == [
        ("w1", 12, "paid", False),
        ("w2", 8, "public", True),
    ]


def test_bicycle_stands_are_counted_measured_or_assumed():
    frame = features.osm_racks(
        [
            node("n1", amenity="bicycle_parking", capacity="24"),
            area("w2", size=6, amenity="bicycle_parking"),
            node("n3", amenity="bicycle_parking"),
            node("n4", amenity="bicycle_parking", access="private"),
        ],
        CRS,
        ASSUMPTIONS,
    )
    assert frame["capacity"].tolist() == [24, 24, 10]
    assert frame["is_assumed"].tolist() == [False, True, True]


def test_stops_say_what_stops_there():
    frame = features.osm_stops(
        [
            node("n1", highway="bus_stop"),
            node("n2", railway="tram_stop"),
            node("n3", railway="station", station="subway"),
            node("n4", railway="station"),
            node("n5", railway="subway_entrance"),
            node("n6", amenity="ferry_terminal"),
            node("n7", public_transport="stop_position"),
        ],
        CRS,
    )
    assert frame["mode"].tolist() == ["bus", "tram", "metro", "train", "metro", "ferry"]


def test_green_and_water_are_areas_with_a_kind():
    green = features.osm_green(
        [area("w1", leisure="park"), area("w2", landuse="grass"), node(leisure="park")], CRS
    )
    assert green["kind"].tolist() == ["park", "grass"]
    water = features.osm_water([area("w1", natural="water"), area("w2", landuse="basin")], CRS)
    assert water["kind"].tolist() == ["water", "basin"]


def test_a_whole_number_is_shared_out_whole():
    import numpy as np

    assert round_to(10, np.array([1.0, 1.0, 1.0])).tolist() == [4, 3, 3]
    assert round_to(3, np.array([0.0, 0.0])).tolist() == [2, 1]
    assert round_to(0, np.array([5.0])).tolist() == [0]
