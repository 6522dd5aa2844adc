"""Places for the simulated fleet: a made-up grid, and central Helsinki as it is imported."""

import pytest
from grid import make_city

from sensors.simulated import plan
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


@pytest.fixture(scope="module")
def remembered():
    """Give fleets of the same city and seed the same true days instead of working them out again."""
    known = {}

    def true_city(city, *, seed, reference=None):
        key = (id(city), seed, id(reference))
        if key not in known:
            known[key] = TrueCity(city, seed=seed, reference=reference)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "TrueCity", true_city)
        yield


@pytest.fixture(scope="session")
def helsinki_city():
    return import_place(
        helsinki(), cell_rules={domain.name: domain.cells for domain in load_domains()}
    )
