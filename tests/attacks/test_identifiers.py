"""Identifiers that devices send are nowhere once the key that replaced them is gone."""

import hashlib
import hmac
import json
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from sensors.door import Door, Message
from sensors.ingest import Statistics
from sensors.pseudonyms import Pseudonyms
from sensors.receipt import receipt_payload
from twin.batch import Writer
from twin.domains import load_domains
from twin.privacy.published import publish
from twin.privacy.release import close_windows
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation
from wijktwin.metrics import IngestCollector
from wijktwin.operations import write_health, write_refusals

SEEN_AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
CANARIES = [f"FRAME{number:06d}" for number in range(1000)]


def messages(city):
    """Sightings with identifiers: most are valid, some are not, some have them where none belongs."""
    west, south, east, north = city.boundary.bounds
    lon, lat = city.to_degrees.transform((west + east) / 2, (south + north) / 2)
    for number, canary in enumerate(CANARIES):
        content = {
            "kind": "sighting",
            "observed_at": SEEN_AT.isoformat(),
            "state": "loose",
            "lon": lon,
            "lat": lat,
            "bike": canary,
        }
        if number % 2:
            content |= {"boot": "b", "seq": number + 1}
        match number % 10:
            case 3:
                content["bike"] = f"{canary} !"
            case 5:
                content["state"] = canary
            case 6:
                content |= {canary: canary, "observed_at": canary}
            case 7:
                content |= {"lon": 0.0}
            case 8:
                yield Message(
                    "wijk/v1/bikes/scan-bikes", json.dumps(content).encode() + canary.encode()
                )
                continue
        topic = f"wijk/v1/bikes/{canary}" if number % 10 == 9 else "wijk/v1/bikes/scan-bikes"
        yield Message(topic, json.dumps(content).encode())


@pytest.fixture
def everything(city, devices, tmp_path, caplog):
    """Let the identifiers in, and return all that is left anywhere: files, receipts, logs, metrics."""

    def run():
        caplog.set_level(logging.DEBUG)
        domains, location = load_domains(), StoreLocation(path=tmp_path / "store" / "city.duckdb")
        with Store.open(location, crs=city.crs, domains=domains, now=SEEN_AT) as store:
            store._connection.execute("SET force_compression = 'uncompressed'")
            write_geography(store, city, domains)
            since = SEEN_AT - timedelta(days=1)
            write_devices(store, [(device, since, None) for device in devices.values()])
            door, writer = Door(city, domains, devices=devices), Writer(store, domains)
            sent, statistics = list(messages(city)), Statistics()
            batch = door.read(sent, now=SEEN_AT)
            written = writer.write(batch, received_at=SEEN_AT)
            statistics.add(len(sent), batch, written)
            assert len(batch.accepted) == 400
            assert len(batch.rejected) == 600
            later = SEEN_AT + timedelta(days=2)
            publish(
                store,
                tmp_path / "public",
                close_windows(store, domains, zone=city.zone, now=later),
            )
            write_health(store, domains, tmp_path / "ops", now=later)
            write_refusals(store, tmp_path / "ops", now=later)
        registry = CollectorRegistry()
        registry.register(IngestCollector(statistics))
        files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        receipt = receipt_payload("b", 1, batch.rejected)
        return [*files, receipt.encode(), caplog.text.encode(), generate_latest(registry)]

    return run


def found(everything, names):
    """Count the identifiers of which any of the names occurs anywhere."""
    whole = b"\0".join(everything).lower()
    there = {name for form in FORMS for name in re.findall(form, whole)}
    return sum(any(name in there for name in names(canary)) for canary in CANARIES)


FORMS = (rb"frame\d{6}", rb"(?=([0-9a-f]{16}))")
"""What a name looks like: an identifier, or the first part of a digest, wherever that begins."""


def plain(canary):
    return [canary.lower().encode()]


def hashed(canary):
    """What somebody would look for who knows every identifier there is, and no key."""
    text = canary.encode()
    digests = [hashlib.new(name, text).hexdigest() for name in ("md5", "sha1", "sha256")]
    digests += [hashlib.blake2b(text, digest_size=16).hexdigest()]
    digests += [hmac.new(key, text, "sha256").hexdigest() for key in (b"", b"secret")]
    return [digest[:16].encode() for digest in digests]


def test_no_identifier_is_left_anywhere(everything):
    left = everything()
    assert found(left, plain) == 0
    assert found(left, hashed) == 0


def test_a_build_that_keeps_identifiers_is_caught(everything, monkeypatch):
    monkeypatch.setattr(Pseudonyms, "of", lambda _self, identifier, **_: identifier)
    assert found(everything(), plain) >= 400


def test_a_build_that_hashes_without_a_key_is_caught(everything, monkeypatch):
    monkeypatch.setattr(
        Pseudonyms,
        "of",
        lambda _self, identifier, **_: hmac.new(b"", identifier.encode(), "sha256").hexdigest(),
    )
    assert found(everything(), hashed) >= 400
