"""A hand-made neighbourhood with made-up figures, and a client of its web process."""

import pytest
from made import NOW, MadeFigures
from starlette.testclient import TestClient

from twin.domains import load_domains
from twin.place import write_public
from twin.privacy.public import PublicReader
from web.app import create_app


@pytest.fixture
def made(city, tmp_path):
    """Two weeks of figures in a folder of one's own."""
    write_public(city, tmp_path / "public")
    figures = MadeFigures(tmp_path, load_domains())
    figures.write(now=NOW, days=14)
    return figures


@pytest.fixture
def reader(made):
    reader = PublicReader(made.directory, load_domains())
    reader.refresh()
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def shared_made(city, tmp_path_factory):
    """Two weeks of figures that no test changes."""
    directory = tmp_path_factory.mktemp("shared")
    write_public(city, directory / "public")
    figures = MadeFigures(directory, load_domains())
    figures.write(now=NOW, days=14)
    return figures


@pytest.fixture(scope="session")
def site(shared_made):
    """A client of a web process whose files no test changes."""
    app = create_app(
        place_directory=shared_made.directory,
        domains=load_domains(),
        now=lambda: NOW,
        poll_s=60,
    )
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client
