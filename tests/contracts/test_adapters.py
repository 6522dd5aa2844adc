"""What every adapter must do, ours and those that installed packages bring."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from sensors.adapters import AdapterError, load_adapters
from twin.domains import load_domains

VECTORS = [
    json.loads(path.read_text())
    for path in sorted((Path(__file__).parents[1] / "adapters" / "vectors").glob("*.json"))
]
ADAPTERS = {adapter.name: adapter for adapter in load_adapters()}
READINGS = {
    sensor.reading.model_fields["kind"].default: (domain.name, sensor.reading)
    for domain in load_domains()
    for sensor in domain.sensors
}
BY_ADAPTER = [
    pytest.param(adapter, [v for v in VECTORS if v["adapter"] == name], id=name)
    for name, adapter in ADAPTERS.items()
]


def read(adapter, topic, payload):
    """Return the readings an adapter makes of a payload, and its refusal (one of them is empty)."""
    try:
        readings = adapter.read(topic, payload)
    except AdapterError as err:
        return [], err
    assert all(reading["kind"] in READINGS for reading in readings)
    return readings, None


def is_valid(reading):
    """Tell whether a reading is as its domain wants it."""
    _, model = READINGS[reading["kind"]]
    return TypeAdapter(model).validate_json(json.dumps(reading)) is not None


def leaves(value):
    """Yield every text and number in a JSON value, with the path to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner)
            yield key
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(("adapter", "vectors"), BY_ADAPTER)
class TestAdapter:
    """The contract."""

    def test_it_has_examples_of_readings_and_of_a_refusal(self, adapter, vectors):
        assert any(vector["readings"] for vector in vectors)
        assert any("refused" in vector for vector in vectors)

    def test_each_example_is_read_as_it_says(self, adapter, vectors):
        for vector in vectors:
            payload = json.dumps(vector["payload"]).encode()
            readings, refused = read(adapter, vector["topic"], payload)
            assert readings == vector["readings"]
            assert all(is_valid(reading) for reading in readings)
            assert (refused.field if refused else None) == vector.get("refused")

    def test_its_readings_are_of_the_domain_they_should_be(self, adapter, vectors):
        for vector in vectors:
            assert {READINGS[reading["kind"]][0] for reading in vector["readings"]} <= {
                vector["domain"]
            }

    def test_its_topics_name_the_device_and_match_its_subscriptions(self, adapter, vectors):
        from paho.mqtt.client import topic_matches_sub

        for vector in vectors:
            assert adapter.device(vector["topic"])
            assert any(topic_matches_sub(sub, vector["topic"]) for sub in adapter.subscriptions)

    def test_it_leaves_our_own_topics_alone(self, adapter, vectors):
        assert adapter.device("wijk/v1/parking/bay-1") is None

    @settings(max_examples=200)
    @given(topic=st.text(max_size=60))
    def test_any_topic_is_named_or_not_without_an_error(self, adapter, vectors, topic):
        name = adapter.device(topic)
        assert name is None or isinstance(name, str)

    @settings(max_examples=200)
    @given(payload=st.binary(max_size=200))
    def test_any_bytes_are_refused_with_a_reason(self, adapter, vectors, payload):
        read(adapter, vectors[0]["topic"], payload)

    @settings(max_examples=200, deadline=None)
    @given(data=st.data())
    def test_any_change_of_an_example_is_read_or_refused(self, adapter, vectors, data):
        vector = data.draw(st.sampled_from(vectors))
        changed = data.draw(changes_of(vector["payload"]))
        read(adapter, vector["topic"], json.dumps(changed).encode())

    def test_deep_nesting_is_refused(self, adapter, vectors):
        for payload in (b"[" * 100_000, b'{"uplink_message":' * 50_000):
            readings, refused = read(adapter, vectors[0]["topic"], payload)
            assert readings == []
            assert str(refused)

    def test_a_fault_does_not_repeat_what_was_sent(self, adapter, vectors):
        for vector in vectors:
            for changed in every_text_replaced(vector["payload"], "geheim-1234"):
                _, refused = read(adapter, vector["topic"], json.dumps(changed).encode())
                assert refused is None or "geheim" not in f"{refused} {refused.field}"

    def test_nothing_goes_on_that_a_reading_has_no_field_for(self, adapter, vectors):
        for vector in vectors:
            sent = set(leaves(vector["payload"]))
            said = json.dumps(
                [{k: v for k, v in r.items() if k != "observed_at"} for r in vector["readings"]]
            )
            names = {name for _, model in READINGS.values() for name in model.model_fields}
            leaked = {
                text for text in sent - names if len(text) > 3 and text.lower() in said.lower()
            }
            assert leaked == set()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def changes_of(draw, payload):
    """Draw an example with one value replaced by anything, or left out."""
    changed = copy.deepcopy(payload)
    at = changed
    while True:
        key = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        inner = at[key]
        if isinstance(inner, dict | list) and inner and draw(st.booleans()):
            at = inner
            continue
        if draw(st.booleans()):
            at[key] = draw(JSON)
        else:
            del at[key]
        return changed


def every_text_replaced(payload, text):
    """Yield copies of a payload, in each another value (and once its key) replaced by a text."""

    def places(value, path):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield [*path, key]
            if isinstance(inner, dict | list):
                yield from places(inner, [*path, key])

    for *path, key in places(payload, []):
        changed = copy.deepcopy(payload)
        at = changed
        for step in path:
            at = at[step]
        old = at[key]
        at[key] = text
        yield changed
        if isinstance(at, dict):
            del at[key]
            at[text] = old
            yield changed
