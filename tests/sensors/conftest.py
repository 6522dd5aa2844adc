import pytest
from talker import Talker

from sensors.door import Door
from twin.domains import load_domains


@pytest.fixture(scope="session")
def domains():
    return load_domains()


@pytest.fixture
def door(city, domains, devices):
    return Door(city, domains, devices=devices)


@pytest.fixture
def talk():
    """Connect a `Talker`; all are closed after the test."""
    talkers = []

    def connect(*args, **options):
        talker = Talker(*args, **options)
        talkers.append(talker)
        return talker

    yield connect
    for talker in talkers:
        talker.close()
