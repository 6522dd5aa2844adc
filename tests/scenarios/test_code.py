"""Machine code and kept baselines belong to the code that made them."""

from pathlib import Path

import numba

from scenarios.code import PACKAGE, code_fingerprint
from scenarios.day import compiled


def test_machine_code_is_kept_by_what_all_modules_say():
    folder = Path(numba.config.CACHE_DIR)
    assert folder.is_dir()
    assert folder.name.endswith(code_fingerprint()[:16])
    assert compiled.__name__ == "scenarios.day.compiled"


def test_the_fingerprint_changes_with_any_module(tmp_path, monkeypatch):
    monkeypatch.setattr("scenarios.code.PACKAGE", tmp_path)
    (tmp_path / "one.py").write_text("x = 1\n")
    code_fingerprint.cache_clear()
    first = code_fingerprint()
    (tmp_path / "one.py").write_text("x = 2\n")
    code_fingerprint.cache_clear()
    assert code_fingerprint() != first
    monkeypatch.setattr("scenarios.code.PACKAGE", PACKAGE)
    code_fingerprint.cache_clear()
