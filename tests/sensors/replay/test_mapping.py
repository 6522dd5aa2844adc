"""Mappings of recordings onto places: files, suggestions, and the devices they make."""

from pathlib import Path

import pytest

from sensors.errors import MappingError
from sensors.replay import (
    SOURCES,
    MappedDevice,
    Mapping,
    load_mapping,
    mapped_devices,
    suggest,
    to_toml,
)
from sensors.replay.recording import Source, Thing
from twin.words import Origin

EXAMPLES = Path(__file__).parents[3] / "examples" / "replay"


def source(layer, *things):
    return Source(
        name="made-up",
        title="Made up",
        domain="parking" if layer == "garages" else "footfall",
        layer=layer,
        file=None,
        attribution="nobody",
        things=lambda _: list(things),
        tables=lambda *_: [],
    )


def mapping(*devices, **changes):
    return Mapping(**{"source": "made-up", "place": "tiny", "devices": devices, **changes})


COUNTERS = source("counters", Thing("north", 4.9, 52.4), Thing("south", 4.9, 52.3))


class TestFile:
    """Reading and writing the file."""

    def test_what_is_written_is_read_back(self, city, tmp_path):
        made = suggest(city, COUNTERS)
        path = tmp_path / "mapping.toml"
        path.write_text(to_toml(made, comment='A "comment".\n\nTwo lines.'))
        assert load_mapping(path) == made

    def test_names_with_quotes_and_accents_survive(self, tmp_path):
        made = mapping(MappedDevice(recorded='Caf\u00e9 "X" \\ 1\n', device="x", target="c"))
        path = tmp_path / "mapping.toml"
        path.write_text(to_toml(made), encoding="utf-8")
        assert load_mapping(path) == made

    def test_all_faults_are_named(self, tmp_path):
        path = tmp_path / "mapping.toml"
        path.write_text('source = 1\n[[device]]\nrecorded = "a"\ndevice = "x y"\ncolour = "red"\n')
        with pytest.raises(MappingError) as refused:
            load_mapping(path)
        named = {fault.partition(":")[0] for fault in refused.value.faults}
        assert {"source", "place", "device.0.device", "device.0.colour"} <= named

    def test_nothing_is_mapped_twice(self, tmp_path):
        path = tmp_path / "mapping.toml"
        twice = [MappedDevice(recorded=name, device="x", target="c") for name in ("a", "a")]
        path.write_text(to_toml(mapping(*twice)))
        with pytest.raises(MappingError) as refused:
            load_mapping(path)
        assert refused.value.faults == [
            "recorded 'a' is used 2 times",
            "device 'x' is used 2 times",
            "target 'c' is used 2 times",
        ]

    @pytest.mark.parametrize("content", [b"source = ", b"\xff\xfe", None])
    def test_a_file_that_is_no_toml_is_said_so(self, tmp_path, content):
        path = tmp_path / "mapping.toml"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(MappingError, match="cannot be read"):
            load_mapping(path)


class TestDevices:
    """The devices that a replay registers."""

    def test_they_are_recorded_and_stand_where_they_are_shown(self, city):
        first, second = mapped_devices(city, suggest(city, COUNTERS), COUNTERS)
        assert {first.origin, second.origin} == {Origin.RECORDED}
        assert {first.target, second.target} == {"counter-1", "counter-8"}
        assert (first.x_m, first.y_m) == city.position("counters", first.target)

    def test_a_garage_keeps_the_capacity_of_the_recorded_one(self, city):
        garages = source("garages", Thing("P9", capacity=65))
        (device,) = mapped_devices(city, suggest(city, garages), garages)
        assert (device.target, device.capacity) == ("garage-1", 65)

    def test_all_that_does_not_fit_is_named(self, city):
        made = mapping(
            MappedDevice(recorded="a", device="a", target="counter-9"),
            MappedDevice(recorded="b", device="b"),
            source="other",
            place="elsewhere",
        )
        with pytest.raises(MappingError) as refused:
            mapped_devices(city, made, COUNTERS)
        assert refused.value.faults == [
            "it is of the source 'other', not 'made-up'",
            "it is for the place 'elsewhere', not 'tiny'",
            "Tiny has no 'counter-9' in counters",
            "b: needs a target in counters",
        ]

    def test_a_car_has_no_target(self, city):
        cars = source(None, Thing("car"))
        assert mapped_devices(city, suggest(city, cars), cars)[0].hex is None
        aimed = mapping(MappedDevice(recorded="car", device="car", target="bay-s0"))
        with pytest.raises(MappingError, match="moves about and has no target"):
            mapped_devices(city, aimed, cars)


class TestSuggestion:
    """A first mapping."""

    def test_neighbours_stay_neighbours(self, city):
        positions = {name: city.position("counters", name) for name in ("counter-1", "counter-8")}
        by_latitude = sorted(positions, key=lambda name: positions[name][1])
        targets = {item.recorded: item.target for item in suggest(city, COUNTERS).devices}
        assert [targets["south"], targets["north"]] == by_latitude

    def test_the_largest_garage_goes_to_the_largest(self, helsinki):
        garages = source("garages", Thing("small", capacity=10), Thing("large", capacity=900))
        targets = {item.recorded: item.target for item in suggest(helsinki, garages).devices}
        sizes = helsinki.garages.set_index("garage")["capacity"]
        assert sizes[targets["large"]] == sizes.max()
        assert sizes[targets["small"]] <= sizes[targets["large"]]

    def test_what_is_left_over_is_left_out(self, city):
        many = source("counters", *(Thing(f"c{i}", 4.9 + i, 52.0) for i in range(5)))
        assert len(suggest(city, many).devices) == 2

    def test_a_place_without_garages_is_said_so(self, city):
        bare = city.with_layers(garages=city.garages.iloc[:0])
        with pytest.raises(MappingError, match="Tiny has no garages"):
            suggest(bare, source("garages", Thing("P", capacity=3)))


@pytest.mark.parametrize("name", ["auckland-on-helsinki", "aarhus-on-helsinki"])
def test_the_examples_fit_the_default_place(name, helsinki):
    made = load_mapping(EXAMPLES / f"{name}.toml")
    assert len(mapped_devices(helsinki, made, SOURCES[made.source])) == len(made.devices) >= 8


def test_the_example_for_scan_cars_has_no_targets():
    made = load_mapping(EXAMPLES / "amsterdam-scans.toml")
    assert [device.target for device in made.devices] == [None, None]
