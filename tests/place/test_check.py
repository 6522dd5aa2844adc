"""What is not sound is refused, with everything that is wrong with it."""

import numpy as np
import pytest
from shapely import LineString, Point
from shapely.affinity import translate

from twin.errors import PlaceError
from twin.place.check import check_city


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    from town import Town

    return Town(tmp_path_factory.mktemp("town")).city()


def faults(city):
    with pytest.raises(PlaceError) as caught:
        check_city(city)
    return caught.value.faults


def changed(city, layer, **columns):
    return city.with_layers(**{layer: city.layers[layer].assign(**columns)})


def test_an_imported_city_is_sound(sound):
    check_city(sound)


def test_missing_columns_and_wrong_types_are_all_said(sound):
    broken = sound.with_layers(racks=sound.racks.drop(columns="capacity"))
    broken = changed(broken, "counters", along_m="here", name=None)
    broken = changed(broken, "segments", walk=1)
    assert faults(broken) == [
        "segments: column walk must hold flag, has 1, 1, 1 and 21 more",
        "racks: column capacity is missing",
        f"counters: column along_m must hold number, has 'here', 'here', 'here'"
        f" and {len(sound.counters) - 3} more",
    ]


def test_a_name_is_used_once(sound):
    first = sound.racks["rack"].iloc[0]
    assert faults(changed(sound, "racks", rack=first)) == [
        f"racks: rack {first!r} occurs more than once"
    ]


def test_shapes_are_checked(sound):
    racks = sound.racks.copy()
    racks.loc[0, "geometry"] = None
    racks.loc[1, "geometry"] = LineString([(0, 0), (1, 1)])
    racks.loc[2, "geometry"] = Point(0, 0)
    assert faults(sound.with_layers(racks=racks)) == [
        "racks: 1 rows without a geometry",
        "racks: must hold a point, has 'LineString'",
        "racks: 2 rows lie outside the boundary",
    ]


def test_segments_must_have_a_length_and_meet(sound):
    point = sound.segments.geometry.iloc[0].coords[0]
    segments = sound.segments.copy()
    segments.loc[0, "geometry"] = LineString([point, point])
    assert "segments: has lines without length" in faults(sound.with_layers(segments=segments))
    apart = changed(sound, "segments", to_junction=sound.segments["from_junction"])
    assert faults(apart)[0].startswith("segments: the network falls apart into")
    assert faults(changed(sound, "segments", from_junction="nowhere"))[0] == (
        "segments: junction 'nowhere' does not exist"
    )
    assert faults(changed(sound, "segments", length_m=3.0))[0] == (
        "segments: length_m is not the length of the line"
    )


def test_things_must_stand_on_a_segment(sound):
    assert faults(changed(sound, "bays", segment="nowhere")) == [
        "bays: segment 'nowhere' does not exist"
    ]
    assert faults(changed(sound, "racks", along_m=1e6))[0].startswith(
        "racks: along_m lies beyond segment "
    )


def test_values_must_be_allowed(sound):
    broken = changed(sound, "bays", kind="gratis", side="top", capacity=np.int64(0))
    assert faults(broken) == [
        "bays: capacity must be at least 1",
        "bays: kind 'gratis' is not allowed; allowed: public, permit, paid, loading, disabled,"
        " shared_car, charging, short_stay",
        "bays: side must be left or right, has 'top'",
    ]


def test_layers_must_be_there_and_in_the_citys_crs(sound):
    layers = {name: frame for name, frame in sound.layers.items() if name != "water"}
    layers["green"] = sound.green.to_crs("EPSG:4326")
    from dataclasses import replace

    assert faults(replace(sound, layers=layers)) == [
        "green: is in EPSG:4326, the place in EPSG:28992",
        "water: the layer is missing",
    ]


def test_the_walking_network_must_be_whole(sound):
    walk = np.ones(len(sound.segments), bool)
    walk[sound.segments["name"].isin(["Row 1", "Row 2", "Column 1", "Column 2"])] = False
    walk[sound.segments["name"].isin(["Column 0", "Column 3"])] = False
    assert faults(changed(sound, "segments", walk=walk)) == [
        "segments: the network that people can walk falls apart into 2 parts"
    ]


def test_things_far_from_the_place_are_not_in_it(sound):
    far = sound.bays.set_geometry([translate(line, 5_000) for line in sound.bays.geometry])
    assert faults(sound.with_layers(bays=far)) == [
        f"bays: {len(far)} rows lie outside the boundary"
    ]
