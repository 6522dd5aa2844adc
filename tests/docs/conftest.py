from datetime import UTC, datetime

import pytest

from twin.domains import load_domains
from twin.place import save_city, write_public
from twin.privacy.published import publish
from twin.privacy.release import close_windows
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation
from wijktwin.folder import PlaceFolder

SINCE = datetime(2026, 5, 4, 0, 0, tzinfo=UTC)
UNTIL = datetime(2026, 5, 5, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def imported(city, tmp_path_factory):
    """A data folder with the hand-made neighbourhood imported."""
    data = tmp_path_factory.mktemp("data")
    folder = PlaceFolder(data / city.name)
    save_city(city, folder.city)
    write_public(city, folder.public)
    return data


@pytest.fixture(scope="session")
def released(city, devices, tmp_path_factory):
    """A place's folder with a day of figures, none of them measured."""
    folder = PlaceFolder(tmp_path_factory.mktemp("released"))
    location, domains = StoreLocation(path=folder.root / "city.duckdb"), load_domains()
    with Store.open(location, crs=city.crs, domains=domains, now=SINCE) as store:
        write_geography(store, city, domains)
        write_devices(store, ((device, SINCE, None) for device in devices.values()))
        closed = close_windows(store, domains, zone=city.zone, now=UNTIL)
        publish(store, folder.public, closed)
    return folder.root
