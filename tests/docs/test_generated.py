"""What follows from the code is up to date in the documents."""

import pytest

from docs.generate import REASONS, ROOT, files
from twin.batch import Reason


def test_every_reason_is_explained():
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: path.name)
def test_a_generated_file_is_current(path):
    assert path.exists(), "run: python -m docs.generate"
    assert path.read_text(encoding="utf-8") == files()[path], "run: python -m docs.generate"


def test_no_schema_is_left_over():
    made = {path for path in files() if path.suffix == ".json"}
    assert set((ROOT / "docs" / "schemas").glob("*.json")) == made
