"""The API: typed, described, in four formats, and the same every time."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator

from twin.domains import load_domains
from twin.layers import LAYER_BY_NAME

QUANTITIES = [q.name for domain in load_domains() for q in domain.quantities]
COLUMNS = (
    "unit version window_start window_end origin value covered capacity sigma rho".split()  # noqa: SIM905
)


def _json(site, path, status=200):
    answer = site.get(f"/api/v1{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


def test_health_is_ready(site):
    assert _json(site, "/health") == {"status": "ready", "reason": "", "progress": None}


def test_every_answer_is_what_the_description_promises(site):
    description = _json(site, "/openapi.json")
    paths = {
        "/api/v1/health": "/health",
        "/api/v1/place": "/place",
        "/api/v1/layers": "/layers",
        "/api/v1/domains": "/domains",
        "/api/v1/releases/{quantity}": "/releases/parking_occupied",
        "/api/v1/typical/{quantity}": "/typical/footfall_passages",
        "/api/v1/weekly/{quantity}": "/weekly/bikes_dumped",
        "/api/v1/coverage/{quantity}": "/coverage/bikes_racked",
        "/api/v1/search": "/search?q=a",
        "/api/v1/devices/schemas": "/devices/schemas",
        "/api/v1/ledger": "/ledger",
        "/api/v1/sensors": "/sensors",
        "/api/v1/algorithms": "/algorithms",
    }
    for path, asked in paths.items():
        operation = description["paths"][path]["get"]
        assert operation["description"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": description["components"]}
        Draft202012Validator(whole).validate(_json(site, asked))


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_quantity_can_be_had(site, quantity):
    release = _json(site, f"/releases/{quantity}")
    assert release["quantity"] == quantity
    starts = {figure["window_start"] for figure in release["figures"]}
    assert len(starts) <= 1


def test_four_formats_say_the_same(site):
    path = "/api/v1/releases/footfall_passages?from=2026-05-11T00:00:00Z&until=2026-05-12T00:00:00Z"
    figures = site.get(path).json()["figures"]
    assert len(figures) == 24 * len({figure["unit"] for figure in figures})
    table = pq.read_table(io.BytesIO(site.get(f"{path}&format=parquet").content))
    assert table.column_names == ["quantity", *COLUMNS]
    assert table["value"].to_pylist() == [figure["value"] for figure in figures]
    rows = list(csv.DictReader(io.StringIO(site.get(f"{path}&format=csv").text)))
    assert [row["value"] for row in rows] == [
        "" if f["value"] is None else str(f["value"]) for f in figures
    ]
    assert [row["window_start"] for row in rows] == [f["window_start"] for f in figures]
    features = site.get(f"{path}&format=geojson").json()["features"]
    assert [f["properties"]["value"] for f in features] == [f["value"] for f in figures]
    assert all(f["geometry"]["type"] in {"Polygon", "MultiPolygon"} for f in features)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/geo+json, */*", "application/geo+json"),
        ("application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("*/*", "application/json"),
    ],
)
def test_accept_decides_the_format(site, accept, media_type):
    answer = site.get("/api/v1/releases/bikes_loose", headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]


def test_the_same_request_gives_the_same_bytes_and_is_not_sent_twice(site):
    path = "/api/v1/releases/bikes_racked?from=2026-05-01T00:00:00Z&format=parquet"
    first, again = site.get(path), site.get(path)
    assert first.content == again.content
    unchanged = site.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_answers_are_compressed_as_asked(site, coding):
    answer = site.get("/api/v1/layers/bays", headers={"Accept-Encoding": coding})
    assert answer.headers.get("content-encoding", "identity") == coding
    assert len(answer.json()["features"]) == 12


@pytest.mark.parametrize("layer", [name for name, one in LAYER_BY_NAME.items() if one.is_public])
def test_layers_have_public_columns_only(site, layer):
    found = _json(site, f"/layers/{layer}")["features"]
    for feature in found:
        assert list(feature["properties"]) == LAYER_BY_NAME[layer].public_columns
    keys = [feature["properties"][LAYER_BY_NAME[layer].key] for feature in found]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("from=yesterday&until=x&format=xml", ["from", "until", "format"]),
        ("until=2026-05-12T00:00:00Z&latest=true", ["latest", "until"]),
        ("latest=false", ["from"]),
        ("from=2026-05-12T00:00:00Z&until=2026-05-11T00:00:00Z", ["until"]),
        ("from=2026-01-01T00:00:00Z&until=2026-12-01T00:00:00Z", ["until"]),
        ("from=2026-05-12T00:00:00", ["from"]),
        ("origin=guessed", ["origin"]),
    ],
)
def test_every_fault_is_named_at_once(site, query, faults):
    said = _json(site, f"/releases/parking_occupied?{query}", 422)
    assert [fault.partition(":")[0] for fault in said["faults"]] == faults


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_time_are_not_an_error(site, moment):
    assert _json(site, f"/releases/parking_occupied?from={moment}")["figures"] == []


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/releases/parking", "parking_occupied"),
        ("/typical/x", "bikes_loose"),
        ("/weekly/x", "bikes_loose"),
        ("/coverage/x'--", "bikes_loose"),
        ("/layers/secret", "segments"),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_exist(site, path, there):
    assert there in _json(site, path, 404)["error"]


def test_an_unknown_address_is_json_for_programs(site):
    assert _json(site, "/nothing", 404) == {"error": "not found"}


def test_coverage_names_what_was_silent(site):
    path = "?from=2026-05-01T00:00:00Z"
    windows = _json(site, f"/coverage/footfall_passages{path}")["windows"]
    figures = _json(site, f"/releases/footfall_passages{path}")["figures"]
    silent = [(f["window_start"], f["unit"]) for f in figures if f["value"] is None]
    assert silent
    assert [(w["window_start"], u) for w in windows for u in w["silent"]] == silent
    for window in windows:
        assert window["measured"] == window["units"] - len(window["silent"])
        assert 0 <= window["share_covered"] <= 1


def test_weeks_are_means_of_published_days(site):
    weekly = _json(site, "/weekly/bikes_dumped")
    assert weekly["origin"] == "simulated"
    figures = _json(
        site, "/releases/bikes_dumped?from=2026-05-03T22:00:00Z&until=2026-05-10T22:00:00Z"
    )
    for one in (one for one in weekly["levels"] if one["week"] == "2026-05-04"):
        levels = [
            f["value"] * f["capacity"] / f["covered"]
            for f in figures["figures"]
            if f["unit"] == one["unit"] and f["value"] is not None
        ]
        assert one["days"] == len(levels)
        assert one["level"] == pytest.approx(sum(levels) / len(levels), abs=1e-6)
    assert {one["week"] for one in weekly["levels"]} >= {"2026-05-04", "2026-05-11"}


def test_a_quantity_without_figures_has_no_weeks(site):
    assert _json(site, "/weekly/parking_seen") == {
        "quantity": "parking_seen",
        "origin": None,
        "levels": [],
    }


def test_search_finds_streets(site):
    found = _json(site, "/search?q=street&limit=3&language=nl")["found"]
    assert isinstance(found, list)
    assert _json(site, "/search", 422)["faults"]
    assert _json(site, "/search?q=%00%27")["found"] == []


def test_schemas_accept_their_examples(site):
    for schema in _json(site, "/devices/schemas")["schemas"].values():
        validator = Draft202012Validator(schema)
        for example in schema["examples"]:
            validator.validate(example)


@pytest.mark.parametrize(
    "path", ["/layers/segments", "/layers/buildings", "/typical/parking_garage"]
)
def test_no_answer_has_a_value_that_is_not_json(site, path):
    json.loads(site.get(f"/api/v1{path}").text, parse_constant=pytest.fail)
