import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

import sensors.simulated.plan as plan_module
from sensors.door import Door, Message
from sensors.simulated.faults import FAR_AHEAD_S, NO_FAULTS, FaultRates
from sensors.simulated.fleet import SCAN_CAR
from sensors.simulated.history import history
from sensors.simulated.plan import Plan
from sensors.simulated.true_day import TrueCity
from twin.batch import Reason
from twin.domains import load_domains
from twin.domains.parking import COUNT_HOURS

pytestmark = pytest.mark.slow

START = datetime(2026, 5, 11, 7, 30, tzinfo=UTC)
END = START + timedelta(hours=39)
SEED = 1


def run(city, devices, *, seed=SEED, faults=NO_FAULTS):
    return list(history(city, devices, start=START, end=END, seed=seed, faults=faults))


def readings(chunks):
    """Yield device and reading of everything that arrived, in order."""
    for chunk in chunks:
        for topic, payload in chunk.messages:
            said = json.loads(payload)
            for reading in said if isinstance(said, list) else [said]:
                yield topic.rsplit("/", 1)[1], reading


def observed(reading):
    return datetime.fromisoformat(reading["observed_at"])


@pytest.fixture(scope="module", autouse=True)
def _(remembered):
    """Work out each day once for all tests here."""


@pytest.fixture(scope="module")
def chunks(city, devices):
    return run(city, devices)


@pytest.fixture(scope="module")
def by_device(chunks):
    found = defaultdict(list)
    for device, reading in readings(chunks):
        found[device].append(reading)
    return found


@pytest.fixture(scope="module")
def door(city, devices):
    return Door(city, load_domains(), devices={device.device: device for device in devices})


def test_there_is_a_device_for_everything_and_a_scan_car(city, devices):
    assert len({device.device for device in devices}) == len(devices)
    layers = Counter(device.layer for device in devices)
    assert layers == {
        **{name: len(city.layers[name]) for name in ("bays", "garages", "racks", "counters")},
        None: 1,
    }
    assert all(device.hex for device in devices if device.layer)


def test_the_door_lets_everything_in(chunks, door):
    for chunk in chunks:
        batch = door.read((Message(*each) for each in chunk.messages), now=chunk.arrived_at)
        assert batch.rejected == []
        assert len(batch.accepted) >= len(chunk.messages)


def test_payloads_are_what_the_models_would_write(chunks, door):
    kinds = set()
    for chunk in chunks[2:6:2]:
        for topic, payload in chunk.messages:
            batch = door.read([Message(topic, payload)], now=chunk.arrived_at)
            models = [item.reading for item in batch.accepted]
            kinds |= {type(model).__name__ for model in models}
            said = json.loads(payload)
            assert [json.loads(model.model_dump_json(exclude_unset=True)) for model in models] == (
                said if isinstance(said, list) else [said]
            )
    assert kinds == {"Bays", "Garage", "Rack", "Passages", "Sighting", "Round"}


def test_the_same_fleet_sends_the_same_bytes(city, devices, chunks, monkeypatch):
    monkeypatch.setattr(plan_module, "TrueCity", TrueCity)
    assert run(city, devices) == chunks
    assert run(city, devices, seed=2) != chunks


def test_chunks_come_in_order_and_cover_the_time(chunks):
    arrived = [chunk.arrived_at for chunk in chunks]
    assert arrived == sorted(set(arrived))
    assert arrived[-1] == END
    for chunk in chunks:
        times = [observed(reading) for _, reading in readings([chunk])]
        # a list has what the scan car saw in the five minutes before
        first = chunk.arrived_at - timedelta(hours=1, minutes=5)
        assert all(first <= at < chunk.arrived_at for at in times)


def test_numbers_run_from_one_without_gaps(by_device, devices):
    assert set(by_device) == {device.device for device in devices}
    for said in by_device.values():
        assert [reading["seq"] for reading in said] == list(range(1, len(said) + 1))
        assert {reading["boot"] for reading in said} == {said[0]["boot"]}
        assert all(reading["oldest"] <= reading["seq"] for reading in said)


def test_a_device_that_stands_somewhere_confirms_its_state_every_hour(by_device):
    for device, said in by_device.items():
        if device == SCAN_CAR:
            continue
        beats = [observed(reading) for reading in said if reading.get("heartbeat")]
        gaps = np.diff([START, *beats, END])
        assert max(gaps) <= timedelta(hours=1)


def test_what_is_reported_is_what_is_true(city, devices, by_device):
    true = TrueCity(city, seed=SEED)
    targets = {device.target: device.device for device in devices if device.layer}
    day = true.day(datetime(2026, 5, 12, tzinfo=UTC).date())
    for hour in COUNT_HOURS:
        at = datetime(2026, 5, 12, hour, tzinfo=city.zone)
        for bay, count in day.occupied(at).items():
            before = [each for each in by_device[targets[bay]] if observed(each) <= at]
            assert len(before[-1]["occupied"]) == count
    for counter, hours in day.passages().items():
        counted = [
            each["passages"]
            for each in by_device[targets[counter]]
            if timedelta(0)
            < observed(each) - datetime.fromtimestamp(day.local.start_s, UTC)
            <= timedelta(hours=24)
        ]
        assert sum(counted) == sum(hours)
    for name in true.ground.racks.names:
        for each in by_device[targets[name]]:
            if observed(each).astimezone(city.zone).day == 12:
                assert each["bikes"] == day.racked(observed(each))[name]


def test_the_scan_car_sees_most_bikes_where_they_are(city, by_device):
    true = TrueCity(city, seed=SEED).day(datetime(2026, 5, 12, tzinfo=UTC).date())
    seen = [
        reading
        for reading in by_device[SCAN_CAR]
        if reading["kind"] == "sighting" and observed(reading).astimezone(city.zone).day == 12
    ]
    hours = [observed(reading).astimezone(city.zone).hour for reading in seen]
    assert min(hours) == 10
    assert max(hours) == 12
    standing = true.standing(datetime(2026, 5, 12, 11, 30, tzinfo=city.zone))
    counted = Counter(reading["state"] for reading in seen)
    # it passes the shopping street, closed for cars, at a distance; the bikes come and go meanwhile
    for state in ("racked", "loose", "dumped"):
        assert 0.5 * standing.count(state) <= counted[state] <= 1.4 * standing.count(state)
    x, y = city.to_metres.transform([r["lon"] for r in seen], [r["lat"] for r in seen])
    spots = np.column_stack([standing.x_m, standing.y_m])
    off = [np.hypot(*(spots - (a, b)).T).min() for a, b in zip(x, y, strict=True)]
    assert np.median(off) < 5


def test_where_the_scan_car_drives_does_not_depend_on_bikes(city, devices, by_device):
    surveys = [r["hexes"] for r in by_device[SCAN_CAR] if r["kind"] == "survey"]
    bare = city.with_layers(racks=city.racks.iloc[:0], attractors=city.attractors.iloc[:0])
    car = [device for device in devices if device.device == SCAN_CAR]
    others = [r["hexes"] for _, r in readings(run(bare, car, seed=9)) if r["kind"] == "survey"]
    assert len(surveys) == 2
    assert len(surveys[0]) > 10
    assert all(hexes == surveys[0] for hexes in surveys + others)


def test_what_is_planned_does_not_depend_on_when_one_starts(city, devices, monkeypatch):
    monkeypatch.setattr(plan_module, "TrueCity", TrueCity)
    rates = FaultRates(silent=0.1, stuck=0.1, late=0.1, twice=0.05, clock_off=0.1)
    early = Plan(city, devices, seed=SEED, faults=rates)
    late = Plan(city, devices, seed=SEED, faults=rates)
    for at in (START + timedelta(hours=7, minutes=13, seconds=20), END - timedelta(hours=12)):
        at_s, end_s = int(at.timestamp()), int(END.timestamp())
        whole = [
            each
            for hour in early.hours(int(START.timestamp()), end_s)
            for each in hour.planned
            if each.report.at_s >= at_s
        ]
        assert whole == [each for hour in late.hours(at_s, end_s) for each in hour.planned]


def faulty(city, devices, **rates):
    """Return the faults of a fleet with only these, and what it sends."""
    rates = FaultRates(**{**dict.fromkeys(FaultRates.__slots__, 0), **rates})
    plan = Plan(city, devices, seed=SEED, faults=rates)
    chunks = run(city, devices, faults=rates)
    said = defaultdict(list)
    for chunk in chunks:
        for device, reading in readings([chunk]):
            said[device].append((chunk.arrived_at, reading))
    faults = []
    for day in range(3):
        local = plan.true.day((START + timedelta(day)).date()).local
        faults += [
            (devices[at].device, fault) for at, of in plan.faults.on(local).items() for fault in of
        ]
    return set(faults), said, plan


def within(said, fault):
    return [
        (arrived, reading)
        for arrived, reading in said
        if fault.from_s <= observed(reading).timestamp() < fault.until_s
    ]


def test_a_silent_device_says_nothing_and_then_goes_on(city, devices, by_device):
    faults, said, _ = faulty(city, devices, silent=0.1)
    assert len(faults) > 20
    for device, fault in faults:
        assert within(said[device], fault) == []
    healthy = set(by_device) - {device for device, _ in faults}
    assert all(len(said[device]) == len(by_device[device]) for device in healthy)


def test_a_stuck_device_repeats_what_it_last_saw(city, devices):
    faults, said, _ = faulty(city, devices, stuck=0.1)
    frozen = 0
    once = Counter(device for device, _ in faults)
    for device, fault in faults:
        if once[device] > 1:
            continue
        repeated = [reading for _, reading in within(said[device], fault)]
        assert all(reading["heartbeat"] for reading in repeated)
        own = {"seq", "oldest", "observed_at"}
        states = {json.dumps({k: r[k] for k in r.keys() - own}, sort_keys=True) for r in repeated}
        assert len(states) <= 1
        frozen += len(repeated) > 3
    assert frozen > 10


def test_a_late_device_loses_nothing_and_delivers_in_order(city, devices, by_device):
    faults, said, _ = faulty(city, devices, late=0.1)
    assert faults
    for device, readings_ in by_device.items():
        assert [reading["seq"] for _, reading in said[device]] == [
            reading["seq"] for reading in readings_
        ]
    held = 0
    for device, fault in faults:
        late = within(said[device], fault)
        until = datetime.fromtimestamp(min(fault.until_s, END.timestamp()), UTC)
        assert all(arrived >= until for arrived, _ in late)
        assert len({reading["oldest"] for _, reading in late}) <= 1
        held += len(late)
    assert held > 50


def test_a_message_sent_twice_is_the_same_message(city, devices, chunks):
    rates = FaultRates(silent=0, stuck=0, late=0, twice=0.05, clock_off=0, far_ahead=0)
    again = run(city, devices, faults=rates)
    once = Counter(each for chunk in chunks for each in chunk.messages)
    twice = Counter(each for chunk in again for each in chunk.messages)
    assert twice.keys() == once.keys()
    extra = sum(twice.values()) / sum(once.values()) - 1
    assert extra == pytest.approx(0.05, abs=0.01)


def test_a_wrong_clock_is_off_by_minutes_and_one_is_refused(city, devices, by_device, door):
    _, said, plan = faulty(city, devices, clock_off=0.2, far_ahead=1)
    off = Counter()
    for device, offset_s in zip(devices, plan.faults.clock_off_s, strict=True):
        (_, first), right = said[device.device][0], by_device[device.device][0]
        assert (observed(first) - observed(right)).total_seconds() == offset_s
        off["far" if offset_s == FAR_AHEAD_S else "off" if offset_s else "right"] += 1
    assert off["far"] == 1
    assert 0.1 * len(devices) < off["off"] < 0.3 * len(devices)
    rates = FaultRates(silent=0, stuck=0, late=0, twice=0, clock_off=0, far_ahead=1)
    far = devices[plan.faults.clock_off_s.index(FAR_AHEAD_S)].device
    for chunk in run(city, devices, faults=rates)[:6]:
        batch = door.read((Message(*each) for each in chunk.messages), now=chunk.arrived_at)
        assert {(item.device, item.reason) for item in batch.rejected} <= {
            (far, Reason.TOO_FAR_AHEAD)
        }


def test_with_the_usual_faults_most_arrives_in_time(city, devices, chunks):
    usual = run(city, devices, faults=FaultRates())
    whole = sum(len(chunk.messages) for chunk in chunks)
    assert usual != chunks
    in_time = sum(
        chunk.arrived_at - observed(reading) < timedelta(hours=1)
        for chunk in usual
        for _, reading in readings([chunk])
    )
    assert in_time > 0.95 * whole
