"""The reader of public files: it takes up what is new, and cannot be made to read anything else."""

from datetime import date, timedelta

import duckdb
import pytest
from made import NOW

from twin.domains import load_domains
from twin.errors import NotReadyError, UnknownNameError
from twin.layers import LAYER_BY_NAME
from twin.privacy.columns import rows
from twin.privacy.public import PublicFilesError, PublicReader
from twin.words import Origin
from web.moments import slot_of

pytestmark = pytest.mark.slow

SIMULATED = Origin.SIMULATED


def _quantity(name):
    return next(q for domain in load_domains() for q in domain.quantities if q.name == name)


def _window(made, name, hours):
    quantity = _quantity(name)
    until = NOW + timedelta(hours=hours)
    return quantity, list(quantity.windows.between(NOW, until, made.zone))[-1]


def test_files_are_loaded_once(reader):
    assert reader.refresh() == set()
    assert len(reader.periods("footfall_passages", SIMULATED)) == 14 * 24 - 1


def test_a_new_period_is_taken_up_and_the_old_ones_stay(reader, made):
    before = reader.periods("footfall_passages", SIMULATED)
    quantity, window = _window(made, "footfall_passages", 1)
    made.add(
        quantity,
        [made.row(quantity, unit, window) for unit in made.units[quantity.name]],
        window.day.isoformat(),
    )
    assert reader.refresh() == {"footfall_passages"}
    after = reader.periods("footfall_passages", SIMULATED)
    assert after[:-1] == before
    assert after[-1].start == window.start


def test_a_file_that_goes_takes_its_figures_with_it(reader, made):
    folder = made.directory / "public" / "release" / "bikes_loose"
    days = len(reader.periods("bikes_loose", SIMULATED))
    min(folder.glob("*.parquet")).unlink()
    assert reader.refresh() == {"bikes_loose"}
    assert len(reader.periods("bikes_loose", SIMULATED)) == days - 1


def test_a_broken_file_leaves_everything_as_it_was(reader, made):
    before = reader.figures("bikes_loose").to_pylist()
    folder = made.directory / "public" / "release" / "bikes_loose"
    broken = max(folder.glob("*.parquet"))
    whole = broken.read_bytes()
    broken.write_bytes(whole[:100])
    with pytest.raises(PublicFilesError, match="cannot be read"):
        reader.refresh()
    assert reader.figures("bikes_loose").to_pylist() == before
    broken.write_bytes(whole)
    reader.refresh()
    assert reader.figures("bikes_loose").to_pylist() == before


def test_other_files_in_the_folder_are_not_figures(reader, made):
    folder = made.directory / "public" / "release" / "bikes_loose"
    for name in ("2026-05-12.partial", "2026-99-99.parquet", "readme.parquet"):
        (folder / name).write_bytes(b"no figures")
    assert reader.refresh() == set()


def test_figures_come_in_one_fixed_order(reader):
    table = reader.figures("footfall_passages")
    found = [(r["window_start"], r["origin"], r["unit"]) for r in rows(table)]
    assert found == sorted(found)


def test_names_are_checked(reader):
    for bad in ("parking", "parking_occupied; DROP TABLE figure", "../ops", ""):
        with pytest.raises(UnknownNameError, match="there is no quantity"):
            reader.figures(bad)
        with pytest.raises(UnknownNameError, match="there is no layer"):
            reader.layer(bad)


def test_only_public_columns_leave_a_layer(reader):
    columns = reader.layer("bays").columns
    assert list(columns) == LAYER_BY_NAME["bays"].public_columns
    assert "source_kind" not in columns


def test_before_a_place_there_is_nothing_to_read(tmp_path):
    reader = PublicReader(tmp_path, load_domains())
    assert reader.refresh() == set()
    assert reader.devices() == []
    assert reader.status(NOW) is None
    with pytest.raises(NotReadyError):
        reader.place()


def test_a_city_process_that_went_quiet_is_not_running(reader, made):
    assert reader.status(NOW).is_running
    assert not reader.status(NOW + timedelta(seconds=61)).is_running


def test_typical_week_is_the_mean_of_what_was_published(reader, made):
    typical = rows(reader.typical("parking_occupied", SIMULATED, str(made.zone)))
    figures = rows(reader.figures("parking_occupied"))
    for one in typical:
        levels = [
            f["value"] / f["covered"]
            for f in figures
            if f["unit"] == one["unit"]
            and f["value"] is not None
            and slot_of(f["window_start"], made.zone) == one["slot"]
        ]
        assert one["weeks"] == len(levels)
        assert one["mean"] == pytest.approx(sum(levels) / len(levels), rel=1e-12)


def test_a_week_is_the_mean_of_the_days_that_were_measured(reader, made):
    weekly = rows(reader.weekly("bikes_dumped", SIMULATED, str(made.zone)))
    figures = rows(reader.figures("bikes_dumped"))
    for one in weekly:
        days = [
            f
            for f in figures
            if f["unit"] == one["unit"]
            and f["value"] is not None
            and 0 <= (f["window_start"].astimezone(made.zone).date() - one["week"]).days < 7
        ]
        levels = [f["value"] * f["capacity"] / f["covered"] for f in days]
        noise = [(f["sigma"] * f["capacity"] / f["covered"]) ** 2 for f in days]
        assert one["week"].weekday() == 0
        assert one["days"] == len(days)
        assert one["level"] == pytest.approx(sum(levels) / len(levels), rel=1e-12)
        assert one["sd"] >= sum(noise) ** 0.5 / len(days) * (1 - 1e-12)
    keys = [(one["unit"], one["week"]) for one in weekly]
    assert keys == sorted(set(keys))
    assert {f["unit"] for f in figures if f["value"] is not None} == {unit for unit, _ in keys}


def test_a_day_counts_once_in_its_week_however_often_it_was_counted(reader, made):
    """A share at four moments of a day: first the day's mean, then the week's."""
    figures = rows(reader.figures("parking_occupied"))
    for one in rows(reader.weekly("parking_occupied", SIMULATED, str(made.zone))):
        days: dict[date, list[float]] = {}
        for f in figures:
            day = f["window_start"].astimezone(made.zone).date()
            if f["unit"] == one["unit"] and f["value"] is not None:
                days.setdefault(day, []).append(f["value"] / f["covered"])
        means = [sum(of) / len(of) for day, of in days.items() if 0 <= (day - one["week"]).days < 7]
        assert one["days"] == len(means)
        assert one["level"] == pytest.approx(sum(means) / len(means), rel=1e-12)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_parquet('{place}/city/bays.parquet')",
        "SELECT * FROM read_csv('{place}/public/../store/city.duckdb')",
        "SELECT * FROM glob('{place}/*')",
        "ATTACH '{place}/store/city.duckdb' AS city",
        "COPY figure TO '{place}/copy.parquet'",
        "EXPORT DATABASE '{place}/export'",
        "INSTALL httpfs",
        "LOAD spatial",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "RESET lock_configuration",
    ],
)
def test_the_engine_reaches_nothing_else(reader, made, statement):
    (made.directory / "city").mkdir()
    secret = made.directory / "city" / "bays.parquet"
    secret.write_bytes((made.directory / "public" / "city" / "bays.parquet").read_bytes())
    with pytest.raises(duckdb.Error):
        reader._connection.execute(statement.format(place=made.directory)).fetchall()
    assert not (made.directory / "copy.parquet").exists()


def test_the_engine_does_reach_what_is_public(reader, made):
    """Shows that the refusals above are not for want of a file."""
    path = made.directory / "public" / "city" / "bays.parquet"
    assert reader._connection.execute(f"SELECT * FROM read_parquet('{path}')").fetchall()
