"""The published JSON Schemas agree with what ingest accepts."""

import json

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as SchemaError
from pydantic import TypeAdapter, ValidationError

from sensors.schemas import examples, payload_schemas
from twin.domains import load_domains

DOMAINS = {domain.name: domain for domain in load_domains()}
SCHEMAS = payload_schemas(DOMAINS.values())
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{example['kind']}")
    for name, domain in DOMAINS.items()
    for example in examples(domain)
]


def accepts(domain, payload):
    """Tell whether one of the domain's models takes a reading."""
    for sensor in DOMAINS[domain].sensors:
        try:
            TypeAdapter(sensor.reading).validate_json(json.dumps(payload))
        except ValidationError:
            continue
        return True
    return False


def allows(domain, payload):
    """Tell whether the domain's schema takes a reading."""
    try:
        Draft202012Validator(SCHEMAS[domain]).validate(payload)
    except SchemaError:
        return False
    return True


@pytest.mark.parametrize("name", DOMAINS)
def test_each_schema_is_a_schema_and_json(name):
    Draft202012Validator.check_schema(SCHEMAS[name])
    json.dumps(SCHEMAS[name])


@pytest.mark.parametrize("name", DOMAINS)
def test_each_kind_of_reading_has_an_example(name):
    kinds = {sensor.reading.model_fields["kind"].default for sensor in DOMAINS[name].sensors}
    assert {example["kind"] for example in SCHEMAS[name]["examples"]} == kinds


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_each_example_is_accepted_by_ingest_and_by_the_schema_alone_or_in_a_list(name, example):
    assert accepts(name, example)
    assert allows(name, example)
    assert allows(name, [example, example])


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_ingest_and_schema_refuse_the_same_changes(name, example):
    for field in example:
        without = {key: value for key, value in example.items() if key != field}
        if field != "kind":  # Ingest takes a default that it then finds to be of the wrong kind.
            assert allows(name, without) == accepts(name, without)
        wrong = {**example, field: {"not": "this"}}
        assert not accepts(name, wrong)
        assert not allows(name, wrong)
    extra = {**example, "plate": "XX-123-X"}
    assert not accepts(name, extra)
    assert not allows(name, extra)
