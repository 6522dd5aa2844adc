"""The register of devices: what is in force, what was, and who may sign in."""

import subprocess
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensors.errors import DeviceError
from sensors.passwords import hash_password, is_password, new_password
from sensors.registration import register
from sensors.registry import Registration, Registry
from sensors.topics import Role
from twin.domains import load_domains
from twin.readings import Device
from twin.words import Origin

NOW = datetime(2026, 5, 4, 9, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
BAY = Device("bay-1", "parking", Origin.MEASURED, "bays", "b1", 10, 1.5, 2.5, "8a196953265ffff")
CAR = Device("car-1", "bikes", Origin.SIMULATED)
DOMAINS = {domain.name: domain for domain in load_domains()}


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "place" / "devices.sqlite") as registry:
        yield registry


def test_devices_come_back_as_they_went_in(registry):
    registry.add([BAY, CAR], since=NOW)
    assert registry.devices() == {"bay-1": BAY, "car-1": CAR}
    assert registry.history() == [Registration(BAY, NOW, None), Registration(CAR, NOW, None)]


def test_the_same_device_again_keeps_its_beginning(registry):
    registry.add([BAY], since=NOW)
    version = registry.version()
    registry.add([BAY], since=LATER)
    assert registry.history() == [Registration(BAY, NOW, None)]
    assert registry.version() == version


def test_a_changed_device_ends_and_starts_anew(registry):
    registry.add([BAY], since=NOW)
    moved = Device(
        "bay-1", "parking", Origin.MEASURED, "bays", "b2", 4, 1.0, 2.0, "8a196953265ffff"
    )
    registry.add([moved], since=LATER)
    assert registry.history() == [Registration(BAY, NOW, LATER), Registration(moved, LATER, None)]


def test_a_removed_device_is_history_and_cannot_sign_in(registry):
    registry.add([BAY], since=NOW)
    password = registry.issue_password("bay-1")
    registry.remove(["bay-1"], until=LATER)
    assert registry.devices() == {}
    assert registry.history() == [Registration(BAY, NOW, LATER)]
    assert registry.verify("bay-1", password) is None


def test_all_faults_are_named_at_once_and_nothing_is_added(registry):
    registry.add([BAY], since=NOW)
    twin_bay = Device("bay-2", "parking", Origin.MEASURED, "bays", "b1", 10)
    turned = Device("bay-1", "parking", Origin.SIMULATED, "bays", "b1", 10)
    with pytest.raises(DeviceError) as refused:
        registry.add([turned, CAR, CAR], since=LATER)
    assert refused.value.faults == [
        "'bay-1' is a measured device and cannot become a simulated one",
        "the name 'car-1' is used twice",
    ]
    with pytest.raises(
        DeviceError, match="'bay-2' would watch bays 'b1', which 'bay-1' does already"
    ):
        registry.add([twin_bay], since=LATER)
    assert registry.devices() == {"bay-1": BAY}


def test_a_simulated_and_a_measured_device_may_watch_the_same_thing(registry):
    simulated = Device("sim-1", "parking", Origin.SIMULATED, "bays", "b1", 10)
    registry.add([BAY, simulated], since=NOW)
    assert set(registry.devices()) == {"bay-1", "sim-1"}


def test_two_devices_may_swap_what_they_watch(registry):
    a = Device("a", "footfall", Origin.MEASURED, "counters", "c1")
    b = Device("b", "footfall", Origin.MEASURED, "counters", "c2")
    registry.add([a, b], since=NOW)
    swapped = [
        Device("a", "footfall", Origin.MEASURED, "counters", "c2"),
        Device("b", "footfall", Origin.MEASURED, "counters", "c1"),
    ]
    registry.add(swapped, since=LATER)
    assert list(registry.devices().values()) == swapped


def test_removing_an_unknown_device_removes_nothing(registry):
    registry.add([BAY], since=NOW)
    with pytest.raises(DeviceError, match="there is no device 'bay-9'"):
        registry.remove(["bay-1", "bay-9"], until=LATER)
    assert registry.devices() == {"bay-1": BAY}


def test_another_process_sees_a_change(registry, tmp_path):
    with Registry(tmp_path / "place" / "devices.sqlite") as other:
        before = other.version()
        registry.add([BAY], since=NOW)
        assert other.version() > before
        assert other.devices() == {"bay-1": BAY}


def test_threads_may_share_a_registry(registry):
    def add(number):
        for i in range(10):
            registry.add([Device(f"d{number}-{i}", "bikes", Origin.SIMULATED)], since=NOW)
            registry.devices()

    threads = [Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.devices()) == 40


def test_the_file_is_for_its_owner_only(registry, tmp_path):
    assert (tmp_path / "place" / "devices.sqlite").stat().st_mode & 0o077 == 0


def test_a_password_is_shown_once_and_a_new_one_ends_it(registry, tmp_path):
    registry.add([BAY], since=NOW)
    old = registry.issue_password("bay-1")
    new = registry.issue_password("bay-1")
    assert registry.verify("bay-1", old) is None
    assert registry.verify("bay-1", new) is Role.DEVICE
    registry.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "place").iterdir())
    assert new.encode() not in kept


def test_parts_of_the_system_sign_in_under_names_that_are_no_device(registry):
    registry.add([BAY], since=NOW)
    password = registry.issue_password("wijktwin-ingest", Role.INGEST)
    assert registry.verify("wijktwin-ingest", password) is Role.INGEST
    with pytest.raises(DeviceError, match="'bay-1' is the name of a device"):
        registry.issue_password("bay-1", Role.INGEST)
    with pytest.raises(DeviceError, match="'bay-7' is not a registered device"):
        registry.issue_password("bay-7")


def test_a_device_cannot_take_the_name_of_a_part_of_the_system(registry):
    registry.issue_password("wijktwin-ingest", Role.INGEST)
    with pytest.raises(DeviceError, match="'wijktwin-ingest' is taken by the system"):
        registry.add([Device("wijktwin-ingest", "bikes", Origin.MEASURED)], since=NOW)


@pytest.mark.mosquitto
def test_a_password_that_mosquitto_hashed_is_recognised(tmp_path):
    file = tmp_path / "passwd"
    try:
        subprocess.run(["mosquitto_passwd", "-b", "-c", file, "x", "geheim"], check=True)
    except FileNotFoundError:
        pytest.skip("mosquitto_passwd is not installed (Debian package mosquitto)")
    hashed = file.read_text().strip().removeprefix("x:")
    assert is_password("geheim", hashed)
    assert not is_password("Geheim", hashed)


def test_a_password_of_the_known_hash_is_recognised():
    # Written by mosquitto_passwd 2.0.11 for the password "p".
    hashed = (
        "$7$101$YyiijX9q4JhE0PlD$fVv1BcDP682cx/i1/Nsz/36z1o/wHGxJs65SCkJuYYciQatcR5PfnpKcD0B09"
        "+yVeVvr3tsZ0cBGt+EGzTrpIA=="
    )
    assert is_password("p", hashed)
    assert hash_password("p") != hash_password("p")


@settings(max_examples=50)
@given(st.text(max_size=20), st.text(max_size=20))
def test_a_malformed_hash_fits_nothing_and_raises_nothing(password, hashed):
    assert not is_password(password, hashed)
    assert not is_password(password, f"$7$101${hashed}$AAAA")
    assert not is_password(password, f"$7${hashed}$AAAA$AAAA")


def test_passwords_are_long_and_differ():
    passwords = {new_password() for _ in range(100)}
    assert len(passwords) == 100
    assert all(len(password) == 24 for password in passwords)


class TestRegister:
    """Working out a device from the city."""

    def test_what_it_watches_gives_its_place_and_capacity(self, city):
        device = register(city, DOMAINS["parking"], "sensor-1", target="bay-s0")
        x_m, y_m = city.position("bays", "bay-s0")
        assert device == Device(
            "sensor-1", "parking", Origin.MEASURED, "bays", "bay-s0", 10, x_m, y_m, device.hex
        )
        assert device.hex.startswith("8a")

    def test_a_counter_has_no_capacity(self, city):
        device = register(city, DOMAINS["footfall"], "teller", target="counter-1")
        assert device.capacity == 0
        assert device.layer == "counters"

    def test_a_scan_car_moves_about(self, city):
        device = register(city, DOMAINS["bikes"], "scanauto", origin=Origin.ASSUMED)
        assert device == Device("scanauto", "bikes", Origin.ASSUMED)

    def test_a_device_may_stand_at_a_position(self, city):
        lon, lat = city.to_degrees.transform(*city.position("racks", "rack-0"))
        device = register(city, DOMAINS["bikes"], "paal", lon=lon, lat=lat)
        assert (device.x_m, device.y_m) == pytest.approx(city.position("racks", "rack-0"), abs=1e-3)
        assert device.layer is None

    @pytest.mark.parametrize(
        ("options", "faults"),
        [
            ({"target": "bay-9"}, ["Tiny has no 'bay-9' in bays or garages"]),
            (
                {"layer": "racks", "target": "rack-0"},
                ["parking devices watch bays or garages, not 'racks'"],
            ),
            ({"layer": "bays"}, ["a layer ('bays') needs a target in it"]),
            ({"lon": 4.9}, ["a position needs both a longitude and a latitude"]),
            ({"lon": 24.9, "lat": 60.1}, ["longitude 24.9, latitude 60.1 is outside Tiny"]),
        ],
    )
    def test_what_does_not_fit_is_named(self, city, options, faults):
        with pytest.raises(DeviceError) as refused:
            register(city, DOMAINS["parking"], "x", **options)
        assert refused.value.faults == faults

    def test_all_faults_are_named_at_once(self, city):
        with pytest.raises(DeviceError) as refused:
            register(city, DOMAINS["footfall"], "a/b#", target="bay-s0", lon=4.9)
        assert len(refused.value.faults) == 3

    @pytest.mark.parametrize("position", [{}, {"lon": 4.9, "lat": 52.37}])
    def test_a_counter_must_count_on_something(self, city, position):
        with pytest.raises(DeviceError, match="every footfall device needs a target in counters"):
            register(city, DOMAINS["footfall"], "teller", **position)
