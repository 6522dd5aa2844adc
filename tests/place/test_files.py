"""Places on disk: whole or not at all, and only what is public in the public folder."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import MultiPolygon
from town import at

from twin.errors import PlaceError, PlaceNotFoundError
from twin.layers import LAYERS
from twin.place import load_city, load_public, save_city, write_public


def assert_same(one, other):
    assert (one.name, one.title, one.timezone, one.crs) == (
        other.name,
        other.title,
        other.timezone,
        other.crs,
    )
    assert one.sources == other.sources
    assert one.notes == other.notes
    assert one.boundary.equals_exact(other.boundary, tolerance=0.001)
    assert list(one.layers) == list(other.layers)
    for name, frame in one.layers.items():
        assert_geodataframe_equal(frame, other.layers[name])


def test_a_saved_city_is_read_back_as_it_was(helsinki, tmp_path):
    save_city(helsinki, tmp_path / "city")
    again = load_city(tmp_path / "city")
    assert_same(helsinki, again)
    assert isinstance(again.segments["names"].iloc[0], list)


def test_saving_again_replaces_the_city_and_leaves_nothing_behind(town, tmp_path):
    save_city(town.city(), tmp_path / "city")
    changed = town.city(racks=town.layer("racks", [at(50, 2)], capacity=[7]))
    save_city(changed, tmp_path / "city")
    assert_same(changed, load_city(tmp_path / "city"))
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["city"]


def test_a_write_that_fails_leaves_the_old_city(town, tmp_path):
    city = town.city()
    save_city(city, tmp_path / "city")
    broken = city.with_layers(water=gpd.GeoDataFrame({"nothing": []}, geometry=[], crs=city.crs))
    with pytest.raises(KeyError):
        save_city(broken, tmp_path / "city")
    assert_same(city, load_city(tmp_path / "city"))
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["city"]


def test_there_is_no_city_where_there_is_none(tmp_path, town):
    with pytest.raises(PlaceNotFoundError, match="no imported place in"):
        load_city(tmp_path / "nowhere")
    save_city(town.city(), tmp_path / "city")
    about = tmp_path / "city" / "city.json"
    about.write_text(about.read_text().replace('"version": 1', '"version": 99'))
    with pytest.raises(PlaceError, match="it has version 99, this is 1: import it again"):
        load_city(tmp_path / "city")


def test_only_public_columns_are_published_whatever_a_frame_holds(town, tmp_path):
    bays = town.layer(
        "bays",
        [at(30, 4)],
        columns={"bay": "id", "kind": "soort"},
        values={"kind": {"E6b AB-12-CD": "reserved_plate"}},
        id=["a"],
        soort=["E6b AB-12-CD"],
    )
    city = town.city(bays=bays)
    city = city.with_layers(bays=city.bays.assign(plate="AB-12-CD"))
    write_public(city, tmp_path)
    for layer in LAYERS:
        columns = set(pd.read_parquet(tmp_path / "city" / f"{layer.name}.parquet").columns)
        assert columns == {*layer.public_columns, "geometry"}
    for path in (tmp_path / "city").iterdir():
        assert b"AB-12-CD" not in path.read_bytes()
    assert load_public(tmp_path).bays["kind"].tolist() == ["disabled"]


def test_the_public_folder_says_what_the_place_is(helsinki, tmp_path):
    write_public(helsinki, tmp_path)
    about = json.loads((tmp_path / "city" / "place.json").read_text(encoding="utf-8"))
    west, south, east, north = about["bbox"]
    assert (about["name"], about["timezone"]) == ("helsinki", "Europe/Helsinki")
    assert west < about["centre"][0] < east
    assert south < about["centre"][1] < north
    assert 24.93 < west < east < 24.96
    assert 60.16 < south < north < 60.19
    layers = {layer["name"]: layer for layer in about["layers"]}
    assert layers["bays"]["rows"] == len(helsinki.bays)
    assert 0 < layers["bays"]["share_assumed"] < 1
    assert layers["counters"]["share_assumed"] == 1
    assert layers["stops"]["share_assumed"] is None
    assert layers["bays"]["attributions"] == ["© OpenStreetMap contributors"]
    assert layers["bays"]["licences"] == ["Open Database License (ODbL) 1.0"]


def test_the_public_city_has_the_same_keys_and_places(helsinki, tmp_path):
    write_public(helsinki, tmp_path)
    public = load_public(tmp_path)
    for layer in LAYERS:
        mine, theirs = public.layers[layer.name], helsinki.layers[layer.name]
        assert mine[layer.key].tolist() == theirs[layer.key].tolist()
        assert mine.geometry.geom_equals_exact(theirs.geometry, 0).all()


def test_areas_may_have_several_parts(town, tmp_path):
    parts = MultiPolygon([town.area(0, 0, 9, 9), town.area(20, 20, 29, 29)])
    city = town.city(surfaces=town.layer("surfaces", [parts], kind=["square"]))
    save_city(city, tmp_path / "city")
    assert_same(city, load_city(tmp_path / "city"))
