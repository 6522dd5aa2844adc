"""Code blocks in the pages do what the pages say."""

import json
import tomllib

import duckdb
import jsonschema
import pytest
from pages import ROOT, all_blocks, blocks, label

from sensors.errors import AdapterError
from sensors.replay import load_mapping
from sensors.schemas import payload_schemas
from twin.domains import load_domains
from twin.domains.footfall import Passages
from twin.place import read_place_file
from twin.privacy.sensor_register import FILE, read_sensor_register
from wijktwin.settings import SETTINGS, load_settings


@pytest.mark.parametrize("block", all_blocks("toml"), ids=label)
def test_toml_is_toml(block):
    assert tomllib.loads(block.text)


@pytest.mark.parametrize("block", all_blocks("json"), ids=label)
def test_json_is_a_valid_reading_or_a_receipt(block):
    said = json.loads(block.text)
    if "kind" not in said:
        assert set(said) == {"boot", "settled", "rejected"}
        return
    for schema in payload_schemas(load_domains()).values():
        kinds = {
            definition["properties"]["kind"]["const"]
            for definition in schema.get("$defs", {}).values()
            if "kind" in definition.get("properties", {})
        }
        if said["kind"] in kinds:
            jsonschema.validate(said, schema)
            return
    pytest.fail(f"no domain has {said['kind']}")


def test_settings_in_toml_are_settings(tmp_path):
    pages = ("settings.md", "operations.md", "devices.md")
    every = [block for page in pages for block in blocks(ROOT / "docs" / page, "toml")]
    found = [block for block in every if block.title != FILE]
    assert len(found) >= 3
    for block in found:
        assert set(tomllib.loads(block.text)) <= set(SETTINGS)
        file = tmp_path / "wijktwin.toml"
        file.write_text(block.text)
        load_settings(config=file, environment={})


def test_the_file_that_says_whose_the_sensors_are_is_one():
    (block,) = [one for one in blocks(ROOT / "docs" / "operations.md", "toml") if one.title == FILE]
    register = read_sensor_register(block.text.encode(), load_domains())
    assert register.organisation
    assert register.algorithms
    assert register.of("parking", "bays")


def test_the_place_file_is_one(tmp_path):
    (block,) = blocks(ROOT / "docs" / "places.md", "toml")
    file = tmp_path / "place.toml"
    file.write_text(block.text)
    request = read_place_file(file)
    assert request.layers["bays"].values["kind"]["FISCAAL"] == "paid"


def test_the_mapping_is_one(tmp_path):
    (block,) = blocks(ROOT / "docs" / "replay.md", "toml")
    file = tmp_path / "mapping.toml"
    file.write_text(block.text)
    assert load_mapping(file).place == "helsinki"


def test_the_adapter_of_the_contributing_page_keeps_its_contract():
    (block,) = blocks(ROOT / "CONTRIBUTING.md", "python")
    names = {}
    exec(compile(block.text, label(block), "exec"), names)
    adapter = names["counters"]()
    assert adapter.device("counters/north") == "north"
    assert adapter.device("somewhere/else/entirely") is None
    message = {"time": "2026-05-04T09:15:00Z", "in": 3, "out": 4}
    (reading,) = adapter.read("counters/north", json.dumps(message).encode())
    assert Passages.model_validate_json(json.dumps(reading)).passages == 7
    for broken in (b"", b"[", b"[]", b"1", b"null", b'{"time": []}', b"\xff" * 9):
        with pytest.raises(AdapterError):
            adapter.read("counters/north", broken)


def test_the_figures_can_be_read_as_the_releases_page_says(released):
    (block,) = blocks(ROOT / "docs" / "releases.md", "sql")
    text = block.text.replace("data/helsinki", str(released))
    rows = duckdb.sql(text).fetchall()  # a reader outside, on a folder that everybody may have
    assert rows


def test_the_releases_page_has_the_columns_of_the_files(released):
    page = (ROOT / "docs" / "releases.md").read_text()
    table = page.partition("| column | type |")[2].partition("\n\n")[0]
    said = [
        name
        for row in table.splitlines()[2:]
        for name in (part.strip(" `") for part in row.split("|")[1].split(","))
    ]
    path = next((released / "public" / "release" / "parking_occupied").glob("*.parquet"))
    there = duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()
    assert [row[0] for row in there] == said
