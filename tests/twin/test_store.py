"""The store: one process, migrations once, a checked geometry, on a file and on a lake."""

import subprocess
import sys
import threading
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pytest

from twin.errors import StoreError, StoreInUseError
from twin.store import Store, StoreLocation

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def test_migrations_are_applied_once(location, city, domains):
    for _ in range(2):
        with Store.open(location, crs=city.crs, domains=domains, now=NOW) as store:
            applied = store.query("SELECT owner, number FROM city.migration").to_pylist()
    assert len(applied) == len({(row["owner"], row["number"]) for row in applied}) == 6


def test_a_failing_transaction_leaves_nothing(store):
    rows = pa.table({"layer": ["bays"], "target": ["b"], "capacity": [1], "hex": ["h"]})

    def fail_halfway():
        with store.transaction():
            store.insert("thing", rows)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail_halfway()
    assert store.query("SELECT count(*) AS n FROM city.thing")["n"][0].as_py() == 0


def test_positions_become_geometry_in_metres(store):
    store.insert(
        "thing",
        pa.table(
            {
                "layer": ["bays", "bays"],
                "target": ["a", "b"],
                "capacity": [1, 1],
                "hex": ["h", "h"],
                "x_m": [121000.5, None],
                "y_m": [487000.25, None],
            }
        ),
    )
    found = store.query("SELECT target, ST_AsText(geom) AS at FROM city.thing ORDER BY target")
    assert found["at"].to_pylist() == ["POINT (121000.5 487000.25)", None]


def test_every_thread_reckons_in_utc_and_in_longitude_and_latitude(store):
    found = []
    settings = "SELECT current_setting('TimeZone') AS a, current_setting('geometry_always_xy') AS b"
    thread = threading.Thread(target=lambda: found.append(store.query(settings).to_pylist()))
    thread.start()
    thread.join()
    assert [*found, store.query(settings).to_pylist()] == [[{"a": "UTC", "b": True}]] * 2


def test_a_file_refuses_another_crs(tmp_path, city, domains):
    location = StoreLocation(path=tmp_path / "city.duckdb")
    with Store.open(location, crs=city.crs, domains=domains, now=NOW) as store:
        store.crs = "EPSG:3067"
        with pytest.raises(Exception, match="CRS"):
            store.insert(
                "thing",
                pa.table(
                    {
                        "layer": ["l"],
                        "target": ["t"],
                        "capacity": [1],
                        "hex": ["h"],
                        "x_m": [1.0],
                        "y_m": [1.0],
                    }
                ),
            )


def test_a_second_process_is_told_that_the_store_is_in_use(tmp_path, city, domains):
    path = tmp_path / "city.duckdb"
    script = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreInUseError, match="another process"):
            Store.open(StoreLocation(path=path), crs=city.crs, domains=domains, now=NOW)
        other.stdin.close()


def test_a_file_that_is_no_store_is_refused_in_words(tmp_path, city, domains):
    path = tmp_path / "city.duckdb"
    path.write_bytes(b"this is not a database" * 500)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(StoreLocation(path=path), crs=city.crs, domains=domains, now=NOW)


def test_no_other_user_may_open_it(location, store):
    store.rewrite()
    assert location.file.stat().st_mode & 0o077 == 0


def test_opened_again_it_refuses_what_is_in_another_crs(tmp_path, city, domains):
    location = StoreLocation(path=tmp_path / "city.duckdb")
    Store.open(location, crs=city.crs, domains=domains, now=NOW).close()
    rows = pa.table(
        {
            "layer": ["bays"],
            "target": ["x"],
            "capacity": [1],
            "hex": ["h"],
            "x_m": [5.0],
            "y_m": [52.0],
        }
    )
    with (
        Store.open(location, crs="EPSG:4326", domains=domains, now=NOW) as opened,
        pytest.raises(duckdb.Error, match="CRS"),
    ):
        opened.insert("thing", rows)


def test_rewriting_keeps_every_table_as_it_was(store):
    columns = """
        SELECT table_name, column_name, data_type, is_nullable
        FROM information_schema.columns
        WHERE table_catalog = 'city'
        ORDER BY table_name, ordinal_position
    """
    before = store.query(columns).to_pylist()
    migrations = store.query("SELECT * FROM city.migration ORDER BY owner, number").to_pylist()
    store.rewrite()
    assert store.query(columns).to_pylist() == before
    assert store.query("SELECT * FROM city.migration ORDER BY owner, number").to_pylist() == (
        migrations
    )
