"""What people are told about their privacy: the limits first, nothing guessed, in both languages."""

import re
import shutil
from datetime import UTC, datetime, time, timedelta
from html import unescape

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import NOW, MadeFigures
from owners import kind_of_sensor
from starlette.testclient import TestClient

from twin.domains import load_domains
from twin.place import write_public
from twin.privacy.ledger import Ledger
from twin.privacy.notice import HORIZONS, habits, right_of_100, together
from twin.privacy.public import PublicFilesError, PublicReader
from twin.words import LANGUAGES
from web.app import create_app
from wijktwin.settings import Settings

DOMAINS = load_domains()
HABITS = habits(DOMAINS)
QUANTITIES = [quantity for domain in DOMAINS for quantity in domain.quantities]
NOT_YET = {"nl": "nog niet ingevuld", "en": "not filled in yet"}
pytestmark = pytest.mark.slow

AT_MOST = {"nl": "hooguit 7 dagen", "en": "at most 7 days"}
NOT_FOR_RESIDENTS = {"cell", "cel", "cellen", "ensemble", "release", "calibration", "kalibratie"}
DAYS = 30
OWNERS = kind_of_sensor(
    owner="Dienst Parkeren", contact="https://www.example.org/sensoren", end_date="2026-03-31"
)
REGISTER = f"""
[organisation]
name = "Gemeente Voorbeeld"
contact = "privacy@example.org"

[algorithms]
status = "In ontwikkeling"
publication_category = "Overige algoritmes"
lawful_basis = {{ nl = "Gemeentewet", en = "Municipalities Act" }}
impact_assessment = "https://www.example.org/dpia"
{OWNERS}"""


def write_ledger(directory):
    """Charge everything that the caps allow, for 30 days up to now."""
    ledger, start = Ledger(), datetime.combine(NOW.date(), time(), UTC) - timedelta(days=DAYS)
    for quantity in QUANTITIES:
        zone = UTC
        for window in quantity.windows.between(start, start + timedelta(days=DAYS), zone):
            ledger.charge(quantity, "simulated", window)
    pq.write_table(ledger.new, directory / "public" / "ledger.parquet")


def client_of(directory):
    app = create_app(place_directory=directory, domains=DOMAINS, now=lambda: NOW, poll_s=60)
    return TestClient(app, follow_redirects=False)


@pytest.fixture(scope="module")
def shared(city, tmp_path_factory):
    """A place with figures, a ledger and simulated sensors, that no test changes."""
    directory = tmp_path_factory.mktemp("place")
    write_public(city, directory / "public")
    MadeFigures(directory, DOMAINS).write(now=NOW, days=1)
    write_ledger(directory)
    return directory


@pytest.fixture(scope="module")
def client(shared):
    with client_of(shared) as client:
        yield client


@pytest.fixture
def place(shared, tmp_path):
    """The same place, to change."""
    return shutil.copytree(shared, tmp_path / "place")


def make_measured(directory):
    """Let all sensors be real."""
    path = directory / "ops" / "devices.parquet"
    table = pq.read_table(path)
    origin = pa.array(["measured"] * table.num_rows)
    pq.write_table(table.set_column(table.column_names.index("origin"), "origin", origin), path)


def text_of(client, address):
    html = client.get(address).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def sensors_of(text, language):
    """Return the part of the page that is about the sensors."""
    start = {"nl": "Welke sensoren er zijn", "en": "Which sensors there are, where"}[language]
    end = {"nl": "Vragen en klachten", "en": "Questions and complaints"}[language]
    return text[text.index(start) : text.index(end)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limits_come_first(client, language):
    html = client.get(f"/{language}/privacy").text
    assert html.index('class="limits"') < html.index("<h2")
    assert html.count("<h2") > html[: html.index("</section>")].count("<h2") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_habit_is_there_with_what_it_gives_away_after_each_time(client, language):
    text = text_of(client, f"/{language}/privacy")
    for habit in HABITS:
        numbers = " ".join(str(right_of_100(habit.after(days))) for days in HORIZONS)
        assert f"{habit.unit.habit.into(language)} {numbers}" in text
    everything = " ".join(str(right_of_100(together(HABITS, days))) for days in HORIZONS)
    assert text.count(f" {everything} ") >= 2
    assert " 56 65 79 92 " in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledger_so_far_is_shown_as_shares_of_the_limits(client, language):
    text = text_of(client, f"/{language}/privacy")
    for quantity in QUANTITIES:
        assert quantity.protects.what.into(language) in text
    sign = " %" if language == "nl" else "%"
    year = round(100 * DAYS * 0.02 / 5.0)
    assert re.search(rf" 100{sign} 100{sign} {year}{sign}", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_kept_for_how_long_is_what_the_city_process_does(client, language):
    assert Settings().retention_days == 7
    assert AT_MOST[language] in text_of(client, f"/{language}/privacy")


@pytest.mark.parametrize("language", LANGUAGES)
def test_outside_what_is_marked_technical_there_are_plain_words_only(client, language):
    html = client.get(f"/{language}/privacy").text
    before, _, technical = html.partition('<details class="technical">')
    assert "ρ" in technical
    words = set(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", before).lower()))
    assert not words & {*NOT_FOR_RESIDENTS, "ρ"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_anything_is_there_the_page_says_so(tmp_path, language):
    with client_of(tmp_path) as client:
        text = text_of(client, f"/{language}/privacy")
        ledger = client.get("/api/v1/ledger").json()
        sensors = client.get("/api/v1/sensors").json()
        assert len(client.get("/api/v1/algorithms").json()["algorithms"]) == len(QUANTITIES) + 2
    nothing = {"nl": "nog geen cijfer gepubliceerd", "en": "No figure has been published yet"}
    none = {"nl": "Er zijn hier nog geen sensoren", "en": "There are no sensors here yet"}
    assert nothing[language] in text
    assert none[language] in text
    assert (ledger["until"], ledger["accounts"]) == (None, [])
    assert (sensors["organisation"], sensors["sensors"], sensors["faults"]) == (None, [], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_simulated_sensors_are_nobody_s(client, language):
    text = text_of(client, f"/{language}/privacy")
    assert {"nl": "zijn van niemand", "en": "are nobody’s"}[language] in text
    assert NOT_YET[language] not in sensors_of(text, language)


def test_what_is_not_filled_in_about_real_sensors_is_said(place):
    make_measured(place)
    kinds = 4  # bays, garages, racks and counters have sensors here
    with client_of(place) as client:
        for language in LANGUAGES:
            text = sensors_of(text_of(client, f"/{language}/privacy"), language)
            assert text.count(NOT_YET[language]) == 5 * kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_shown_and_only_that(place, language):
    make_measured(place)
    (place / "public" / "register.toml").write_text(REGISTER)
    with client_of(place) as client:
        html = unescape(client.get(f"/{language}/privacy").text)
        text = text_of(client, f"/{language}/privacy")
        entries = text_of(client, f"/{language}/algorithms")
    purpose = {"nl": "Zien hoe vol het is", "en": "See how full it is"}
    end = {"nl": "31 maart 2026 (die dag is voorbij)", "en": "31 March 2026 (this day has passed)"}
    basis = {"nl": "Gemeentewet", "en": "Municipalities Act"}
    for said in ("Dienst Parkeren", purpose[language], end[language], "Gemeente Voorbeeld"):
        assert said in text
    assert 'href="mailto:privacy@example.org"' in html
    assert 'href="https://www.example.org/sensoren"' in html
    assert sensors_of(text, language).count(NOT_YET[language]) == 5 * 3
    assert basis[language] in entries


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_with_faults_is_not_used_and_every_fault_is_shown(place, language):
    make_measured(place)
    faulty = REGISTER.replace('layer = "bays"', 'layer = "trees"').replace(
        "privacy@example.org", "town hall"
    )
    (place / "public" / "register.toml").write_text(faulty)
    with client_of(place) as client:
        text = text_of(client, f"/{language}/privacy")
        said = client.get("/api/v1/sensors").json()
    assert len(said["faults"]) == 2
    assert said["organisation"] is None
    assert all(fault in text for fault in said["faults"])
    assert "Dienst Parkeren" not in text


def test_a_change_of_the_files_is_on_the_page_at_once(place):
    with client_of(place) as client:
        assert client.get("/api/v1/sensors").json()["organisation"] is None
        (place / "public" / "register.toml").write_text(REGISTER)
        assert client.get("/api/v1/sensors").json()["organisation"]["name"] == "Gemeente Voorbeeld"
        (place / "public" / "ledger.parquet").unlink()
        assert client.get("/api/v1/ledger").json()["accounts"] == []


def test_the_ledger_for_programs_adds_up_what_was_charged(client, shared):
    said = client.get("/api/v1/ledger").json()
    charges = pq.read_table(shared / "public" / "ledger.parquet").to_pylist()
    last = max(charge["day"] for charge in charges)
    assert said["until"] == last.isoformat()
    for account in said["accounts"]:
        own = [charge for charge in charges if charge["unit"] == account["unit"]]
        for name, days in (("day", 1), ("days_28", 28), ("days_365", 365)):
            spent = sum(c["rho"] for c in own if c["day"] > last - timedelta(days=days))
            assert account[name]["rho"] == pytest.approx(spent, abs=1e-8)
            assert account[name]["rho"] <= account[name]["cap"] + 1e-8
    bay = next(habit for habit in said["habits"] if habit["unit"] == "bay")
    assert [after["auc"] for after in bay["after"]] == [0.5562, 0.6459, 0.7807, 0.9101]


def test_a_ledger_that_cannot_be_read_is_an_error_and_not_an_empty_ledger(place):
    (place / "public" / "ledger.parquet").write_bytes(b"PAR1 broken")
    reader = PublicReader(place, DOMAINS)
    with pytest.raises(PublicFilesError):
        reader.ledger()
    reader.close()
    with client_of(place) as client:
        assert client.get("/api/v1/ledger").status_code == 503
        assert client.get("/nl/privacy").status_code == 503


def test_the_register_says_where_sensors_are_and_not_how_they_sign_in(client, shared):
    said = client.get("/api/v1/sensors")
    devices = pq.read_table(shared / "ops" / "devices.parquet").to_pylist()
    assert len(said.json()["sensors"]) == len(devices)
    assert {(one["layer"], one["target"]) for one in said.json()["sensors"]} == {
        (one["layer"], one["target"]) for one in devices
    }
    assert not [one["device"] for one in devices if f'"{one["device"]}"' in said.text]
    assert any(one["street"] for one in said.json()["sensors"])
    kinds = {(kind["domain"], kind["layer"]): kind for kind in said.json()["kinds"]}
    assert set(kinds) == {(d.name, sensor.layer) for d in DOMAINS for sensor in d.sensors}
    assert kinds["parking", None]["sensors"] == 0


@pytest.mark.parametrize(("language", "code"), [("nl", "nld"), ("en", "eng")])
def test_there_is_an_entry_for_each_figure_and_each_model(client, language, code):
    said = client.get(f"/api/v1/algorithms?language={language}").json()
    entries = {entry["source_id"]: entry for entry in said["algorithms"]}
    assert list(entries) == [*(q.name for q in QUANTITIES), "estimate", "typical_week"]
    text = text_of(client, f"/{language}/algorithms")
    for entry in entries.values():
        assert entry["lang"] == code
        assert entry["standard_version"] == "1.0"
        assert len(entry["name"]) <= 100
        assert len(entry["description_short"]) <= 350
        for field in ("goal", "proportionality", "human_intervention", "risks", "source_data"):
            assert 0 < len(entry[field]) <= 2500
            assert entry[field] in text
    assert said["not_filled_in"] == [
        "organization",
        "status",
        "contact_email",
        "publication_category",
    ]


def test_what_is_filled_in_completes_the_register_of_algorithms(place):
    (place / "public" / "register.toml").write_text(REGISTER)
    with client_of(place) as client:
        said = client.get("/api/v1/algorithms").json()
    assert said["not_filled_in"] == []
    for entry in said["algorithms"]:
        assert entry["organization"] == "Gemeente Voorbeeld"
        assert entry["lawful_basis"] == "Gemeentewet"
        assert entry["impacttoetsen_grouping"][0]["link"] == "https://www.example.org/dpia"


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_no_longer_says_that_there_is_no_limit(client, language):
    html = client.get(f"/{language}/about").text
    assert f'href="/{language}/privacy"' in html[html.index("<article") :]
    assert "still being made" not in html
