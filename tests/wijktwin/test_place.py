"""Importing, listing, showing and replacing places."""

import json
from datetime import timedelta

import pytest

from twin.domains import load_domains
from twin.place import load_city
from twin.privacy.release import close_windows
from twin.store import Store
from wijktwin import lock
from wijktwin.clock import wall_now
from wijktwin.folder import PlaceFolder


@pytest.fixture
def streets(city, tmp_path):
    """The hand-made neighbourhood's streets as a file that somebody might have."""
    path = tmp_path / "streets.geojson"
    city.segments[["segment", "name", "geometry"]].to_file(path, driver="GeoJSON")
    return path


@pytest.fixture
def imported(wijktwin, streets, tmp_path):
    data = tmp_path / "own"
    said = wijktwin("place", "import", "mijn", "--data", data, "--streets", streets)
    assert said.code == 0, said.err
    return data


def again(wijktwin, data, streets, *more):
    return wijktwin("place", "import", "mijn", "--data", data, "--streets", streets, *more)


def test_a_place_of_own_streets_is_imported_listed_and_shown(wijktwin, imported):
    listed = wijktwin("place", "list", "--data", imported)
    assert "mijn" in listed.out
    shown = wijktwin("place", "show", "mijn", "--data", imported)
    assert shown.code == 0
    assert "segments" in shown.out
    assert "streets.geojson" in shown.out


def test_progress_is_said_also_where_there_is_no_terminal(wijktwin, streets, tmp_path):
    said = again(wijktwin, tmp_path / "own", streets)
    lines = said.out.splitlines()
    assert lines[0] == "Importing mijn…"
    assert any(line.startswith("Imported mijn into") for line in lines)
    assert len(lines) == len(set(lines))


def test_nothing_imported_yet(wijktwin, tmp_path):
    assert "No place has been imported" in wijktwin("place", "list", "--data", tmp_path).out


def test_an_import_that_fails_keeps_nothing(wijktwin, tmp_path):
    broken = tmp_path / "broken.geojson"
    broken.write_text("{")
    said = again(wijktwin, tmp_path / "own", broken)
    assert said.code == 1
    assert said.err.startswith("Error: ")
    assert not (tmp_path / "own" / "mijn").exists()


def test_flags_that_a_place_file_leaves_no_room_for_are_refused_all_at_once(wijktwin, tmp_path):
    file = tmp_path / "place.toml"
    file.write_text('name = "mijn"\ntitle = "Mijn"\n')
    said = wijktwin(
        *("place", "import", "mijn", "--file", file, "--bays", "bays.gpkg"),
        *("--timezone", "Europe/Brussels", "--data", tmp_path / "own"),
    )
    assert said.code == 1
    for flag in ("--bays", "--timezone", "'mijn'"):
        assert f"{flag} is not for use with --file" in said.err
    assert not (tmp_path / "own").exists()


def test_a_place_that_nobody_used_is_imported_again(wijktwin, imported, streets):
    assert again(wijktwin, imported, streets).code == 0


def test_a_place_with_figures_or_devices_is_not_replaced_by_accident(wijktwin, imported, streets):
    folder = PlaceFolder(imported / "mijn")
    about = (folder.city / "city.json").read_bytes()
    figures = folder.public / "release" / "x" / "2026-05-04.parquet"
    figures.parent.mkdir(parents=True)
    figures.touch()
    folder.registry.touch()
    said = again(wijktwin, imported, streets)
    assert said.code == 1
    assert "'mijn' has devices and figures" in said.err
    assert "--replace" in said.err
    assert figures.exists()
    assert (folder.city / "city.json").read_bytes() == about


def test_a_place_that_is_replaced_is_moved_aside(wijktwin, imported, streets):
    folder = PlaceFolder(imported / "mijn")
    folder.registry.write_text("devices")
    said = again(wijktwin, imported, streets, "--replace")
    assert said.code == 0
    (aside,) = (imported / "replaced").iterdir()
    assert (aside / "devices.sqlite").read_text() == "devices"
    assert str(aside) in said.out
    assert not folder.registry.exists()
    assert json.loads((folder.city / "city.json").read_text())["name"] == "mijn"
    assert wijktwin("place", "list", "--data", imported).out.count("mijn") == 2  # name and title


def test_an_import_that_fails_does_not_move_the_place_either(wijktwin, imported, tmp_path):
    folder = PlaceFolder(imported / "mijn")
    folder.registry.touch()
    broken = tmp_path / "broken.geojson"
    broken.write_text("{")
    assert again(wijktwin, imported, broken, "--replace").code == 1
    assert folder.is_imported
    assert not (imported / "replaced").exists()


def test_a_place_on_which_a_city_process_runs_is_left_alone(wijktwin, imported, streets):
    with lock.holding(PlaceFolder(imported / "mijn"), "wijktwin city"):
        said = again(wijktwin, imported, streets, "--replace")
    assert said.code == 1
    assert "in use by wijktwin city" in said.err


def test_a_place_that_is_not_there_names_those_that_are(wijktwin, imported):
    said = wijktwin("up", "--place", "jouw", "--data", imported)
    assert said.code == 1
    assert "there is no place 'jouw'" in said.err
    assert "(there is: mijn)" in said.err


def test_after_a_whole_folder_was_put_back_nothing_of_today_is_drawn(wijktwin, imported):
    said = wijktwin("place", "restored", "mijn", "--data", imported)
    assert said.code == 0, said.err
    folder, domains = PlaceFolder(imported / "mijn"), load_domains()
    city = load_city(folder.city)
    tomorrow = wall_now().astimezone(city.zone).date() + timedelta(days=1)
    with Store.open(folder.store(None), crs=city.crs, domains=domains, now=wall_now()) as store:
        until = store.query("SELECT DISTINCT until FROM city.closed")["until"].to_pylist()
        assert [one.astimezone(city.zone).date() for one in until] == [tomorrow]
        assert close_windows(store, domains, zone=city.zone, now=wall_now()) == []


def test_while_the_city_process_runs_it_cannot_be_said(wijktwin, imported):
    with lock.holding(PlaceFolder(imported / "mijn"), "wijktwin city"):
        said = wijktwin("place", "restored", "mijn", "--data", imported)
    assert said.code != 0
    assert "wijktwin city" in said.err
