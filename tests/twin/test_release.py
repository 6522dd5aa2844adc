"""Windows are closed once, with noise, published whole, and never computed again."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from sensors.door import Door, Message
from twin.batch import Writer
from twin.domains import load_domains
from twin.privacy import release
from twin.privacy.ledger import Ledger
from twin.privacy.published import PublishedFileError, adopt, publish, unpublished
from twin.privacy.release import close_windows
from twin.register import write_devices, write_geography

SINCE = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
"""Local midnight of Monday 4 May in Amsterdam."""
NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def exact(monkeypatch):
    """Releases without noise, to see what is counted."""
    monkeypatch.setattr(release, "protect", lambda counts, _sigma: list(counts))


@pytest.fixture
def place(store, city, domains, devices):
    """A store with geography and devices, and a function that sends readings to it."""
    write_geography(store, city, domains)
    write_devices(store, [(device, SINCE, None) for device in devices.values()])
    door, writer = Door(city, domains, devices=devices), Writer(store, domains)
    seq = iter(range(1, 10**6))

    def send(device, kind, at, **values):
        content = {
            "kind": kind,
            "observed_at": at.isoformat(),
            "boot": "b",
            "seq": next(seq),
            **values,
        }
        topic = f"wijk/v1/{devices[device].domain}/{device}"
        batch = door.read([Message(topic, json.dumps(content).encode())], now=at)
        assert not batch.rejected, batch.rejected
        writer.write(batch, received_at=at)

    return send


def close(store, city, now):
    return close_windows(store, load_domains(), zone=city.zone, now=now)


def released(store, quantity):
    return store.query(
        "SELECT unit, window_start, value, covered, capacity FROM city.release"
        " WHERE quantity = $quantity ORDER BY window_start, unit",
        {"quantity": quantity},
    ).to_pylist()


def total(rows, name="value"):
    return sum(row[name] for row in rows if row[name] is not None)


def test_only_state_confirmed_by_a_heartbeat_counts(exact, store, city, place):
    count_at = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)  # 10:00 local
    place("bays-bay-s0", "bays", count_at - timedelta(minutes=80), occupied=[1, 2], heartbeat=True)
    place("bays-bay-s0", "bays", count_at - timedelta(minutes=5), occupied=[1, 2, 3])
    place("bays-bay-s1", "bays", count_at - timedelta(minutes=5), occupied=[1])
    place("bays-bay-s2", "bays", count_at - timedelta(minutes=100), occupied=[1], heartbeat=True)
    place("bays-bay-s3", "bays", count_at + timedelta(minutes=1), occupied=[4], heartbeat=True)
    close(store, city, count_at + timedelta(hours=1))
    rows = [row for row in released(store, "parking_occupied") if row["window_start"] == count_at]
    assert total(rows, "covered") == 10
    assert total(rows, "capacity") == 120
    assert total(rows) in {0, 3}  # 3 where half of its cell is covered
    units = {row["unit"]: row for row in rows}
    assert all(
        (row["value"] is None) == (row["covered"] * 2 < row["capacity"]) for row in units.values()
    )


def test_every_cell_of_every_window_is_there_also_with_nothing(exact, store, city, place, domains):
    close(store, city, NOON)
    rows = released(store, "parking_occupied")
    cells = {row["unit"] for row in rows}
    windows = {row["window_start"] for row in rows}
    assert len(windows) == 2  # 03:00 and 10:00 local
    assert len(rows) == len(cells) * len(windows)
    assert all(row["value"] is None and row["covered"] == 0 for row in rows)
    assert store.query("SELECT count(*) AS n FROM city.charge")["n"][0].as_py() == 0


def test_passages_belong_to_the_hour_in_which_their_interval_began(exact, store, city, place):
    hour = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
    for quarter in range(1, 5):
        place(
            "counters-counter-1",
            "passages",
            hour + timedelta(minutes=15 * quarter),
            passages=10 * quarter,
            interval_s=900,
            heartbeat=True,
        )
    place(
        "counters-counter-1",
        "passages",
        hour + timedelta(minutes=75),
        passages=7,
        interval_s=900,
        heartbeat=True,
    )
    close(store, city, hour + timedelta(hours=3))
    rows = [row for row in released(store, "footfall_passages") if row["value"] is not None]
    assert [(row["window_start"], row["value"], row["covered"]) for row in rows] == [
        (hour, 100, 3600)
    ]


def test_loose_bikes_count_where_the_survey_drove(exact, store, city, place):
    west, south, *_ = city.boundary.bounds
    lon, lat = city.to_degrees.transform(west + 200, south + 200)
    at = NOON - timedelta(hours=1)
    for state in ("loose", "loose", "dumped", "racked"):
        place("scan-bikes", "sighting", at, state=state, lon=lon, lat=lat)
    every = sorted({name for hexes in city.cells["hexes"] for name in hexes})
    place("scan-bikes", "survey", at, hexes=every)
    close(store, city, NOON + timedelta(days=1))
    loose, dumped = released(store, "bikes_loose"), released(store, "bikes_dumped")
    assert (total(loose), total(dumped)) == (2, 1)
    assert all(row["value"] is not None for row in loose)


def bikes_seen(place, city, rounds):
    """Send rounds of (minute, share of the hexagons driven, identifiers seen)."""
    west, south, *_ = city.boundary.bounds
    lon, lat = city.to_degrees.transform(west + 200, south + 200)
    every = sorted({name for hexes in city.cells["hexes"] for name in hexes})
    for minute, share, bikes in rounds:
        at = NOON + timedelta(minutes=minute)
        for bike in bikes:
            named = {"bike": bike} if bike else {}
            place("scan-bikes", "sighting", at, state="loose", lon=lon, lat=lat, **named)
        driven = every[: max(1, round(share * len(every)))]
        began = {"began_at": at.isoformat()} if any(bikes) else {}
        place("scan-bikes", "survey", at + timedelta(minutes=5), hexes=driven, **began)


@pytest.mark.parametrize(
    ("rounds", "loose"),
    [
        ([(0, 1, [None, None])], 2),
        ([(0, 1, ["a", "b", "a"])], 2),
        ([(0, 1, ["a", None, "a", None])], 3),
        ([(0, 1, [None]), (30, 1, [None, None])], 1),  # one round a day: the first
        ([(0, 0.5, [None]), (30, 1, [None, None])], 2),  # that drove most
    ],
)
def test_a_bicycle_counts_once_a_day(exact, store, city, place, rounds, loose):
    bikes_seen(place, city, rounds)
    close(store, city, NOON + timedelta(days=1))
    assert total(released(store, "bikes_loose")) == loose


def test_identifiers_of_a_round_that_does_not_say_when_it_began_do_not_count(
    exact, store, city, place, monkeypatch
):
    bikes_seen(place, city, [(0, 1, ["a", None])])
    with store.transaction() as cursor:
        cursor.execute("UPDATE city.bikes_reading SET began_at = NULL")
    close(store, city, NOON + timedelta(days=1))
    assert total(released(store, "bikes_loose")) == 1


def test_bays_seen_occupied_count_once_a_day(exact, store, city, place):
    x, y = city.position("bays", "bay-s0")
    lon, lat = city.to_degrees.transform(x, y)
    for minutes in (0, 30):
        place(
            "scan-parking",
            "seen",
            NOON - timedelta(minutes=60 - minutes),
            bay="bay-s0",
            lon=lon,
            lat=lat,
        )
    every = sorted({name for hexes in city.cells["hexes"] for name in hexes})
    place("scan-parking", "survey", NOON, hexes=every)
    close(store, city, NOON + timedelta(days=1))
    rows = released(store, "parking_seen")
    assert total(rows) == 1
    assert total(rows, "covered") == total(rows, "capacity") == 120


def test_a_closed_window_is_never_computed_again(store, city, place):
    at = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    for number in range(12):
        place(
            f"bays-bay-s{number}", "bays", at - timedelta(minutes=5), occupied=[1], heartbeat=True
        )
    assert close(store, city, at + timedelta(hours=1))
    before = released(store, "parking_occupied")
    place("bays-bay-s0", "bays", at - timedelta(minutes=2), occupied=[1, 2, 3], heartbeat=True)
    assert close(store, city, at + timedelta(hours=1)) == []
    assert released(store, "parking_occupied") == before
    charged = store.query("SELECT quantity, rho FROM city.charge").to_pylist()
    assert charged == [{"quantity": "parking_occupied", "rho": 0.005}]


def test_a_window_waits_for_its_grace(store, city, place):
    at = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)  # 03:00 local
    close(store, city, at + timedelta(minutes=19))
    assert released(store, "parking_occupied") == []
    close(store, city, at + timedelta(minutes=20))
    assert released(store, "parking_occupied") != []


def test_noise_has_the_stated_scale_and_no_bias(store, city, place, domains):
    sigma = domains[0].quantity("parking_occupied").sigma
    drawn = release.protect([100] * 20_000, sigma)
    mean = sum(drawn) / len(drawn)
    spread = (sum((value - mean) ** 2 for value in drawn) / len(drawn)) ** 0.5
    assert abs(mean - 100) < 4 * sigma / len(drawn) ** 0.5
    assert abs(spread - sigma) < 4 * sigma / (2 * len(drawn)) ** 0.5


def test_publishing_again_gives_the_same_bytes(store, city, place, tmp_path):
    closed = close(store, city, NOON)
    publish(store, tmp_path, closed)
    files = sorted(tmp_path.rglob("*.parquet"))
    first = [file.read_bytes() for file in files]
    publish(store, tmp_path, closed)
    assert [file.read_bytes() for file in files] == first
    assert not list(tmp_path.rglob("*.partial"))


def test_what_a_crash_left_unpublished_is_published_at_the_next_start(store, city, place, tmp_path):
    publish(store, tmp_path, close(store, city, NOON + timedelta(days=2)))
    lost = tmp_path / "release" / "parking_occupied" / "2026-05-04.parquet"
    content = lost.read_bytes()
    lost.unlink()
    publish(store, tmp_path, unpublished(store, tmp_path))
    assert lost.read_bytes() == content


def test_a_file_holds_one_local_day(store, city, place, tmp_path):
    publish(store, tmp_path, close(store, city, NOON + timedelta(days=3)))
    for file in (tmp_path / "release" / "footfall_passages").glob("*.parquet"):
        day = date.fromisoformat(file.stem)
        starts = pq.read_table(file)["window_start"].to_pylist()
        assert {start.astimezone(city.zone).date() for start in starts} == {day}


def test_on_the_day_the_clocks_change_hours_are_neither_lost_nor_doubled(city, domains):
    windows = domains[2].quantity("footfall_passages").windows
    spring = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert len(list(windows.between(spring, spring + timedelta(hours=23), city.zone))) == 23
    found = list(windows.between(autumn, autumn + timedelta(hours=25), city.zone))
    assert len(found) == len({window.start for window in found}) == 25
    assert {window.day for window in found} == {date(2026, 10, 25)}


def everybody_reports(place, at):
    for number in range(12):
        place(
            f"bays-bay-s{number}", "bays", at - timedelta(minutes=5), occupied=[1], heartbeat=True
        )


def copied(store):
    """What a copy of the store would hold, to be put back later."""
    return {table: store.query(f"SELECT * FROM city.{table}") for table in KEPT}


def put_back(store, copy):
    with store.transaction() as cursor:
        for table, rows in copy.items():
            cursor.execute(f"DELETE FROM city.{table}")
            store.insert(table, rows)


KEPT = ("release", "charge", "closed")


@pytest.mark.parametrize("lost", ["nothing", "ledger", "figures"])
def test_an_old_store_beside_newer_files_does_not_answer_again(
    store, city, place, domains, tmp_path, lost
):
    public = tmp_path / "public"
    at = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)  # 10:00 local
    old = copied(store)
    everybody_reports(place, at)
    publish(store, public, close(store, city, at + timedelta(hours=1)))
    answered, new = tree(public), copied(store)
    put_back(store, old)
    if lost == "ledger":
        (public / "ledger.parquet").unlink()
    if lost == "figures":
        shutil.rmtree(public / "release")
    assert adopt(store, public, domains) > 0
    charges = "SELECT * FROM city.charge ORDER BY quantity, window_start"
    assert store.query(charges).equals(new["charge"].sort_by("quantity"))
    again = close(store, city, at + timedelta(hours=1))
    assert not [item for item in again if item.quantity == "parking_occupied"]
    publish(store, public, unpublished(store, public))
    if lost == "figures":
        assert not (public / "release" / "parking_occupied").exists()
    else:
        assert tree(public) == answered
    assert adopt(store, public, domains) == 0


def test_a_published_file_that_is_broken_stops_the_start(store, city, place, domains, tmp_path):
    old = copied(store)
    publish(store, tmp_path, close(store, city, NOON))
    put_back(store, old)
    broken = tmp_path / "release" / "parking_occupied" / "2026-05-04.parquet"
    broken.write_bytes(broken.read_bytes()[:100])
    with pytest.raises(PublishedFileError, match=r"2026-05-04\.parquet"):
        adopt(store, tmp_path, domains)
    assert store.query("SELECT * FROM city.release").num_rows == 0


def test_what_would_exceed_the_budget_is_not_drawn(store, city, place, monkeypatch):
    at = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    everybody_reports(place, at)
    monkeypatch.setattr(Ledger, "charge", lambda *_: False)
    close(store, city, at + timedelta(hours=1))
    rows = [row for row in released(store, "parking_occupied") if row["window_start"] == at]
    assert total(rows, "covered") == total(rows, "capacity") == 120
    assert all(row["value"] is None for row in rows)


def tree(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))
    }
