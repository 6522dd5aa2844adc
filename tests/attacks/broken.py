"""Builds that are broken on purpose: an attack that fails against the real one must succeed here."""

from dataclasses import replace

import numpy as np

from twin.privacy import mechanism, release
from twin.privacy.ledger import Ledger
from twin.privacy.public import PublicReader
from web.kept import Kept


def quieter_noise(monkeypatch, by=3):
    """The noise's scale is divided."""
    monkeypatch.setattr(
        release, "protect", lambda counts, sigma: mechanism.protect(counts, sigma / by)
    )


def seeded_noise(monkeypatch):
    """Every window draws the same noise, because it is seeded."""
    monkeypatch.setattr(release, "protect", noise_of_seed(1))


def noise_of_seed(seed):
    """Return a mechanism whose noise follows from a seed."""

    def protect(counts, sigma):
        noise = np.random.default_rng(seed).normal(0, sigma, len(counts))
        return [int(count + round(one)) for count, one in zip(counts, noise, strict=True)]

    return protect


def clipped_noise(monkeypatch):
    """What is below zero is stored as zero."""
    monkeypatch.setattr(
        release,
        "protect",
        lambda counts, sigma: [max(0, value) for value in mechanism.protect(counts, sigma)],
    )


def small_counts_suppressed(monkeypatch, below):
    """Counts below a threshold are not published."""
    real = release._is_measured
    monkeypatch.setattr(
        release,
        "_is_measured",
        lambda quantity, row: real(quantity, row) and row["value"] >= below,
    )


def noise_for_each_request(monkeypatch):
    """The figures are kept exactly, and get noise whenever somebody asks."""
    monkeypatch.setattr(release, "protect", lambda counts, _sigma: list(counts))
    monkeypatch.setattr(Kept, "get", lambda _self, _key, make: make())
    real = PublicReader.figures

    def figures(reader, name, **asked):
        table = real(reader, name, **asked)
        noisy = mechanism.protect(table["value"].to_pylist(), reader.quantity(name).sigma)
        at = table.column_names.index("value")
        return table.set_column(at, table.schema.field("value"), [noisy])

    monkeypatch.setattr(PublicReader, "figures", figures)


def windows_stay_open(monkeypatch):
    """It is forgotten which windows were closed, so they are closed again at the next start."""
    real = release._store

    def store(place, drawn, ledger):
        with place.transaction() as cursor:
            for table in ("release", "charge"):
                cursor.execute(f"DELETE FROM city.{table}")
        drawn.until.clear()
        real(place, drawn, ledger)

    monkeypatch.setattr(release, "_store", store)


def nothing_is_charged(monkeypatch):
    """The ledger says that a figure costs nothing."""
    monkeypatch.setattr(Ledger, "_cost", lambda *_: 0.0)


def caps_are_ignored(monkeypatch):
    """The ledger notes what is spent, and lets it be spent."""
    monkeypatch.setattr(Ledger, "_allows", lambda *_: True)


def counted_twice(domain, folder):
    """Return the domain with a query in which every bay counts twice."""
    folder.mkdir(parents=True, exist_ok=True)
    quantities = []
    for quantity in domain.quantities:
        text = quantity.count.read_text()
        assert "len(occupied)" in text
        changed = folder / f"{quantity.name}.sql"
        changed.write_text(text.replace("len(occupied)", "2 * len(occupied)"))
        quantities.append(replace(quantity, count=changed))
    return replace(domain, quantities=tuple(quantities))
