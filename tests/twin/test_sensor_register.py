"""Who is behind the sensors: read as a whole, refused with every fault at once."""

import pytest
from owners import kind_of_sensor

from twin.domains import load_domains
from twin.privacy.sensor_register import (
    FILE,
    RegisterError,
    publish_sensor_register,
    read_sensor_register,
)

DOMAINS = load_domains()
KIND = kind_of_sensor()


def faults(text):
    with pytest.raises(RegisterError) as caught:
        read_sensor_register(text.encode(), DOMAINS)
    return caught.value.faults


def test_what_is_filled_in_is_found_by_its_kind():
    register = read_sensor_register(KIND.encode(), DOMAINS)
    assert register.of("parking", "bays").owner == "Gemeente Voorbeeld"
    assert register.of("parking", None) is None
    assert register.organisation is None


def test_every_fault_is_named_at_once():
    text = (
        KIND.replace("sensoren@example.org", "the town hall")
        .replace('owner = "Gemeente Voorbeeld"', 'owner = ""')
        .replace('layer = "bays"', 'layer = "trees"')
        .replace('en = "See how full it is"', "")
        .replace('{ nl = "Zien hoe vol het is",  }', '{ nl = "Zien hoe vol het is" }')
        + 'colour = "red"\n'
    )
    found = faults(text)
    for part in ("owner", "purpose.en", "contact: must be an e-mail", "colour", "parking trees"):
        assert any(part in fault for fault in found), (part, found)


def test_a_kind_that_is_there_twice_or_not_at_all_is_refused():
    assert faults(KIND + KIND) == ["sensors: parking bays is there twice"]
    (fault,) = faults(KIND.replace('layer = "bays"', 'layer = "racks"'))
    assert "parking racks; there are parking bays" in fault


@pytest.mark.parametrize("content", [b"owner =", b"\xff\xfe"])
def test_what_is_not_toml_is_refused(content):
    with pytest.raises(RegisterError, match="not TOML"):
        read_sensor_register(content, DOMAINS)


def test_a_file_with_faults_leaves_what_was_published(tmp_path):
    publish_sensor_register(KIND.encode(), tmp_path, DOMAINS)
    with pytest.raises(RegisterError):
        publish_sensor_register(b"[[sensors]]", tmp_path, DOMAINS)
    assert (tmp_path / FILE).read_text() == KIND
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
