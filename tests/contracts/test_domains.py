"""What every domain must do, ours and those that installed packages bring."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from sensors.door import Door, Message
from sensors.registration import register, watching
from sensors.sample import first_reading
from sensors.schemas import example_of
from sensors.topics import reading_topic
from twin.batch import Writer
from twin.domains import check_domains, load_domains
from twin.errors import DomainError
from twin.layers import LAYER_BY_NAME
from twin.place import add_cells
from twin.privacy.release import count_exactly
from twin.readings import ENVELOPE, measured_columns
from twin.register import write_devices, write_geography
from twin.words import LANGUAGES, Origin

NAMES = [*(domain.name for domain in load_domains()), "noise"]
SINCE = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
"""Local midnight of Monday 4 May in Amsterdam."""
NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
COUNTED = {
    "unit": "string",
    "origin": "string",
    "value": "int64",
    "covered": "int64",
    "capacity": "int64",
}


@pytest.fixture(params=NAMES)
def domain(request):
    """Each domain in turn; the last one comes from outside."""
    if request.param == "noise":
        return request.getfixturevalue("noise")
    return next(each for each in load_domains() if each.name == request.param)


@pytest.fixture
def quantities(domain):
    return domain.quantities


@pytest.fixture
def complete(city, domain):
    """The hand-made neighbourhood with the domain's cells."""
    return add_cells(city, {domain.name: domain.cells})


@pytest.fixture
def devices(complete, domain):
    """A device for everything that the domain's sensors watch, and one that watches nothing.

    That one moves about, where its readings say where it is, or stands in the middle.
    """
    layers = dict.fromkeys(sensor.layer for sensor in domain.sensors)
    made = [
        watching(complete, domain.name, f"{layer}-{target}", Origin.MEASURED, layer, target)
        for layer in layers
        if layer is not None
        for target in complete.layers[layer][LAYER_BY_NAME[layer].key]
    ]
    if None in layers:
        moves = any(sensor.reading.moves for sensor in domain.sensors)
        middle = complete.boundary.centroid
        lon, lat = complete.to_degrees.transform(middle.x, middle.y)
        at = {} if moves else {"lon": lon, "lat": lat}
        made.append(register(complete, domain, "alone", origin=Origin.MEASURED, **at))
    return {device.device: device for device in made}


@pytest.fixture
def store(open_store, complete, domain, devices):
    with open_store((domain,)) as opened:
        write_geography(opened, complete, (domain,))
        write_devices(opened, [(device, SINCE, None) for device in devices.values()])
        yield opened


def windows(city, quantity):
    return list(quantity.windows.between(SINCE, SINCE + timedelta(days=2), city.zone))


def test_its_table_has_the_columns_of_its_readings(open_store, city, domain):
    expected = dict(ENVELOPE)
    for sensor in domain.sensors:
        for name, kind in measured_columns(sensor.reading).items():
            assert expected.setdefault(name, kind) == kind, f"{name} has two types"
    with open_store((domain,)) as store:
        table = store.query(f"SELECT * EXCLUDE geom FROM city.{domain.table} LIMIT 0")
        assert {field.name: field.type for field in table.schema} == expected
        (geom,) = store.query(
            f"SELECT column_type FROM (DESCRIBE city.{domain.table}) WHERE column_name = 'geom'"
        )["column_type"].to_pylist()
    assert geom == (f"GEOMETRY('{city.crs}')" if open_store.kind == "file" else "GEOMETRY")


def test_each_count_gives_what_a_release_needs(store, city, quantities):
    for quantity in quantities:
        rows = count_exactly(store, quantity, windows(city, quantity)[-1])
        assert {field.name: str(field.type) for field in rows.schema} == COUNTED
        keys = [(row["unit"], row["origin"]) for row in rows.to_pylist()]
        assert keys
        assert len(keys) == len(set(keys))
        assert all(row["capacity"] > 0 for row in rows.to_pylist())
        assert all(row["value"] == row["covered"] == 0 for row in rows.to_pylist())


def test_its_units_are_on_the_map(store, complete, domain, quantities):
    for quantity in quantities:
        layer = LAYER_BY_NAME[quantity.units]
        frame = complete.layers[layer.name]
        if layer.name == "cells":
            frame = frame[frame["domain"] == domain.name]
        rows = count_exactly(store, quantity, windows(complete, quantity)[-1])
        assert set(rows["unit"].to_pylist()) <= set(frame[layer.key])


def test_which_units_are_counted_does_not_depend_on_what_was_seen(
    store, complete, domain, devices, quantities
):
    before = {q.name: units(store, complete, q) for q in quantities}
    door, writer = Door(complete, (domain,), devices=devices), Writer(store, (domain,))
    for device in devices.values():
        for hours in range(24):
            now = SINCE + timedelta(hours=hours, minutes=59)
            reading = first_reading(complete, domain, device, now=now) | {"heartbeat": True}
            message = Message(
                reading_topic(domain.name, device.device), json.dumps(reading).encode()
            )
            batch = door.read([message], now=now)
            assert batch.rejected == []
            writer.write(batch, received_at=now)
    assert {q.name: units(store, complete, q) for q in quantities} == before


def units(store, city, quantity):
    return [
        sorted(zip(*(rows[name].to_pylist() for name in ("unit", "origin")), strict=True))
        for window in windows(city, quantity)
        for rows in [count_exactly(store, quantity, window)]
    ]


def test_each_kind_of_reading_has_an_example_that_is_valid(domain):
    for sensor in domain.sensors:
        example = example_of(sensor.reading)
        assert example is not None
        assert sensor.reading.model_validate_json(json.dumps(example)).kind == example["kind"]


def test_it_is_called_something_in_both_languages(domain):
    texts = [domain.title, domain.question, *(sensor.title for sensor in domain.sensors)]
    texts += [
        text
        for q in domain.quantities
        for text in (q.title, q.measure, q.protects.what, q.protects.because)
    ]
    for text in texts:
        for language in LANGUAGES:
            assert text.into(language).strip()


def test_its_windows_follow_one_another_and_share_the_day_s_budget(city, quantities):
    for quantity in quantities:
        found = windows(city, quantity)
        pairs = list(pairwise(found))
        assert all(a.end <= b.start and a.start < b.start for a, b in pairs)
        assert quantity.sigma == pytest.approx(
            (quantity.counts_per_day / (2 * quantity.rho_per_day)) ** 0.5
        )


def test_what_its_sensors_stand_on_is_a_layer_that_everybody_may_see(domain):
    layers = [sensor.layer for sensor in domain.sensors if sensor.layer is not None]
    assert all(LAYER_BY_NAME[layer].is_public for layer in layers)


def test_all_domains_go_together(installed):
    domains = load_domains()
    assert [domain.name for domain in domains] == NAMES
    check_domains(domains)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rho_per_day": 0.0}, "rho_per_day must be above 0 and finite"),
        ({"counts_per_day": 0}, "counts_per_day must be at least 1"),
        ({"min_coverage": 0.0}, "min_coverage must be above 0"),
        ({"name": "footfall_passages"}, "'footfall_passages' is used twice"),
    ],
)
def test_one_that_is_declared_wrongly_is_refused(noise, change, fault):
    wrong = replace(noise, quantities=(replace(noise.quantities[0], **change),))
    with pytest.raises(DomainError, match=fault):
        check_domains((*load_domains()[:3], wrong))
