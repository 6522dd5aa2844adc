import pytest

from twin.domains import load_domains
from twin.place import helsinki as helsinki_request
from twin.place import import_place


@pytest.fixture(scope="session")
def helsinki():
    """The default place, imported."""
    rules = {domain.name: domain.cells for domain in load_domains()}
    return import_place(helsinki_request(), cell_rules=rules)
