"""Places for the simulated fleet: a made-up grid, and central Helsinki as it is imported."""

import pytest
from grid import make_city

from sensors.simulated.fleet import fleet
from sensors.simulated.true_day import TrueCity
from twin.domains import load_domains
from twin.place import helsinki, import_place


@pytest.fixture(scope="session")
def city():
    return make_city()


@pytest.fixture(scope="session")
def devices(city):
    return fleet(city)


@pytest.fixture(scope="session")
def true(city):
    return TrueCity(city, seed=1)


@pytest.fixture(scope="session")
def helsinki_city():
    return import_place(
        helsinki(), cell_rules={domain.name: domain.cells for domain in load_domains()}
    )
