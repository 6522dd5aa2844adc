from pathlib import Path

import pytest

from twin.errors import PlaceError
from twin.place import (
    BoundaryFile,
    LayerFile,
    PlaceRequest,
    parse_layer,
    read_place_file,
)

ROOT = Path(__file__).resolve().parents[2]

WHOLE = """
name = "wijk"
title = "De Wijk"
timezone = "Europe/Brussels"
crs = "EPSG:31370"
osm = "wijk.osm.pbf"
bounding_box = [4.3, 50.8, 4.4, 50.9]

[boundary]
file = "buurt.geojson"
where = { code = ["a", "b"] }
buffer_m = 25

[layers.bays]
file = "vakken.geojson"
columns = { bay = "id", kind = "soort" }
constants = { capacity = "2" }
mode = "add"
title = "Vakken"
licence = "CC0-1.0"
attribution = "Stad"
[layers.bays.values.kind]
FISCAAL = "paid"
"""


def test_a_place_file_says_all_that_a_request_can(tmp_path):
    path = tmp_path / "place.toml"
    path.write_text(WHOLE, encoding="utf-8")
    assert read_place_file(path) == PlaceRequest(
        name="wijk",
        title="De Wijk",
        timezone="Europe/Brussels",
        crs="EPSG:31370",
        osm=tmp_path / "wijk.osm.pbf",
        bounding_box=(4.3, 50.8, 4.4, 50.9),
        boundary=BoundaryFile(
            path=tmp_path / "buurt.geojson", where={"code": ("a", "b")}, buffer_m=25
        ),
        layers={
            "bays": LayerFile(
                path=tmp_path / "vakken.geojson",
                columns={"bay": "id", "kind": "soort"},
                values={"kind": {"FISCAAL": "paid"}},
                constants={"capacity": "2"},
                mode="add",
                title="Vakken",
                licence="CC0-1.0",
                attribution="Stad",
            )
        },
    )
    assert read_place_file(path, files=Path("data")).osm == Path("data/wijk.osm.pbf")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('name = "a"', ["title: field required"]),
        (
            'name = "a"\ntitle = 3\nspeed = 1',
            ["title: input should be a valid string", "speed: extra inputs are not permitted"],
        ),
        (
            'name = "a"\ntitle = "A"\n[layers.bays]\nfile = "x"\nmode = "merge"',
            ["layers.bays.mode: input should be 'replace' or 'add'"],
        ),
    ],
)
def test_a_place_file_is_refused_with_all_its_faults(tmp_path, text, faults):
    path = tmp_path / "place.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlaceError, match=r"place\.toml is no place file") as caught:
        read_place_file(path)
    assert caught.value.faults == faults


def test_what_is_no_toml_or_not_there_is_said(tmp_path):
    path = tmp_path / "place.toml"
    with pytest.raises(PlaceError, match=r"place\.toml cannot be read: No such file"):
        read_place_file(path)
    path.write_text("name = ", encoding="utf-8")
    with pytest.raises(PlaceError, match=r"place\.toml is no TOML: Invalid value"):
        read_place_file(path)


@pytest.mark.parametrize(
    ("text", "path", "columns", "mode"),
    [
        ("bays.geojson", "bays.geojson", {}, "replace"),
        ("+bays.geojson", "bays.geojson", {}, "add"),
        ("a:b.gpkg", "a:b.gpkg", {}, "replace"),
        ("C:/a b.gpkg:bay=id, capacity = n", "C:/a b.gpkg", {"bay": "id", "capacity": "n"}, None),
        ("x.csv:kind=a=b", "x.csv", {"kind": "a=b"}, None),
    ],
)
def test_a_layer_is_given_in_one_word(text, path, columns, mode):
    layer = parse_layer(text)
    assert (layer.path, layer.columns, layer.mode) == (Path(path), columns, mode or "replace")


@pytest.mark.parametrize("text", ["", "+", ":a=b", "x.csv:a=b,c", "x.csv:a="])
def test_a_layer_that_cannot_be_read_is_refused(text):
    with pytest.raises(PlaceError, match="OURS=THEIRS"):
        parse_layer(text)


def test_examples_name_no_folder_of_this_machine():
    for path in (ROOT / "examples").glob("*houthavens.toml"):
        request = read_place_file(path, files=Path("files"))
        files = [layer.path for layer in request.layers.values()]
        assert all(each.parent == Path("files") for each in files)
