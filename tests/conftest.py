"""Fixtures that several folders of tests share."""

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

sys.path.insert(0, str(Path(__file__).parent))

from tiny import tiny_city, tiny_devices
from trusted import trust_extensions

from sensors.mosquitto import MosquittoSettings
from sensors.mosquitto_process import MosquittoProcess, find_mosquitto, free_port
from web.assets import Assets

WHOLE = {"attacks", "browser", "contracts", "docs", "faults", "wijktwin"}
"""Folders whose tests run whole parts together: `make check` leaves them to `make test`."""

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items):
    """Mark as slow what `make check` leaves out: whole parts together, and the second kind of store.

    Processes take whole files in turn. All browser tests go to one of them, the first of all: two
    browsers that draw maps at the same time are slower than one after the other. Then come the other
    whole parts: a long file should not be the last.
    """
    for item in items:
        folder = _folder(item)
        values = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if folder in WHOLE or "lake" in values:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: (_folder(item) != "browser", _folder(item) not in WHOLE))


class _InTurn(LoadFileScheduling):
    """Gives each process a file at a time, and all browser tests to one."""

    def _split_scope(self, nodeid):
        return "browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Return what hands out tests."""
    return _InTurn(config, log)


def _folder(item):
    return item.path.relative_to(Path(__file__).parent).parts[0]


@pytest.fixture(scope="session", autouse=True)
def _done_once():
    """Leave out what every store and site does again at its start: seconds of each test.

    A site compresses the map's bundle before anybody asks for it; here, when somebody does.
    """
    trust_extensions()
    Assets.warm = lambda _self: None


@pytest.fixture(scope="session")
def city():
    """A hand-made neighbourhood; see `tests/tiny.py`."""
    return tiny_city()


@pytest.fixture(scope="session")
def devices(city):
    """A simulated device for everything in the hand-made neighbourhood, by name."""
    return tiny_devices(city)


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real data; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the real data in ../shared/data is not here")
    return SHARED


@pytest.fixture
def mosquitto(tmp_path):
    """Start Mosquittos of our own configuration: ``mosquitto()``, or with other settings."""
    if find_mosquitto() is None:
        pytest.skip("Mosquitto is not installed (Debian package mosquitto)")
    with ExitStack() as running:

        def start(**changes):
            directory = changes.pop("directory", tmp_path / f"mosquitto-{free_port()}")
            settings = {"port": free_port(), "has_users": False, **changes}
            process = MosquittoProcess(MosquittoSettings(directory=directory, **settings))
            return running.enter_context(process)

        yield start
