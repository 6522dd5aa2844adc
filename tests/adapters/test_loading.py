"""Adapters that other packages bring."""

from sensors.adapters import Adapter, load_adapters


def test_an_adapter_from_another_package_is_loaded_after_ours(monkeypatch):
    class Entry:
        name = "outside"

        def load(self):
            return lambda: Adapter("outside", ("x/+",), lambda _: None, lambda *_: [])

    def entry_points(group):
        assert group == "wijktwin.adapters"
        return [Entry()]

    monkeypatch.setattr("sensors.adapters.entry_points", entry_points)
    assert [adapter.name for adapter in load_adapters()] == ["ttn", "outside"]
