"""Answers put against one another give the figures, and the figures give no more than their ρ."""

import csv
import io
import json
from itertools import combinations_with_replacement

import broken
import numpy as np
import pyarrow.parquet as pq
import pytest
from chances import Z, accuracy_tolerance, best_accuracy, guess
from worlds import BASE, World

PAIRS = 10_000
FIGURES = 50_000
"""So many that Z standard errors are less than a 99 % interval of 10,000 pairs."""

DAYS = 4
CELLS = 60
FORMATS = ("json", "csv", "parquet")


def figures_in(content, wanted):
    """Return (cell, value) of every figure of an answer."""
    if wanted == "json":
        return [(row["unit"], row["value"]) for row in json.loads(content)["figures"]]
    if wanted == "csv":
        rows = csv.DictReader(io.StringIO(content.decode()))
        return [(row["unit"], int(row["value"])) for row in rows]
    table = pq.read_table(io.BytesIO(content))
    return list(zip(table["unit"].to_pylist(), table["value"].to_pylist(), strict=True))


def asked(site, world, windows):
    """Return the total of each cell over each stretch of windows in each format, as answered."""
    units = sorted(cell for cell in world.city.layers["cells"].cell if "parking" in cell)
    at = {unit: number for number, unit in enumerate(units)}
    totals = {}
    for first, last in combinations_with_replacement(range(len(windows)), 2):
        since = f"{windows[first].start:%Y-%m-%dT%H:%M:00Z}"
        until = f"{windows[last].start:%Y-%m-%dT%H:%M:01Z}"
        for wanted in FORMATS:
            path = f"/api/v1/releases/{world.quantity.name}"
            answer = site.get(f"{path}?from={since}&until={until}&format={wanted}")
            assert answer.status_code == 200, answer.text
            totals[first, last, wanted] = np.zeros(len(units))
            for unit, value in figures_in(answer.content, wanted):
                totals[first, last, wanted][at[unit]] += value
    return totals


def differences(totals, windows, rng):
    """Yield (window, cell, difference) of pairs of answers: a stretch longer, or a cell more."""
    for _ in range(PAIRS):
        window, cell = int(rng.integers(windows)), int(rng.integers(CELLS))
        one, other = rng.choice(FORMATS, 2)
        edge = int(rng.integers(windows))
        if edge == window:
            cells = rng.permutation(CELLS)[: int(rng.integers(1, CELLS))]
            others = cells[cells != cell]
            wider = totals[window, window, one][[*others, cell]].sum()
            yield window, cell, wider - totals[window, window, other][others].sum()
        elif edge < window:
            longer = totals[edge, window, one][cell]
            yield window, cell, longer - totals[edge, window - 1, other][cell]
        else:
            longer = totals[window, edge, one][cell]
            yield window, cell, longer - totals[window + 1, edge, other][cell]


def attack(world, site_of):
    """Return how often presence is guessed from the mean of all pairs, and how far pairs differ."""
    rng = np.random.default_rng(3)
    windows = world.windows(days=DAYS)
    present = rng.random((len(windows), CELLS)) < 0.5
    world.live(BASE + present, days=DAYS)
    totals = asked(site_of(world), world, windows)
    found = {}
    for window, cell, estimate in differences(totals, len(windows), rng):
        found.setdefault((window, cell), []).append(estimate)
    means = np.array([np.mean(some) for some in found.values()])
    truth = np.array([present[target] for target in found])
    right = guess(means, BASE + 0.5, rng) == truth
    return right.mean(), len(right), np.array([np.ptp(some) for some in found.values()])


def is_caught(accuracy, trials, rho):
    return accuracy > best_accuracy(rho) + accuracy_tolerance(trials)


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path, cells=CELLS, quantity="parking_occupied")
    yield world
    world.stop()


def test_ten_thousand_pairs_of_answers_tell_what_one_figure_tells(world, site_of):
    accuracy, targets, spread = attack(world, site_of)
    assert spread.max() == 0
    assert not is_caught(accuracy, targets, world.quantity.rho_per_window)


def test_noise_for_each_request_is_caught(world, site_of, monkeypatch):
    broken.noise_for_each_request(monkeypatch)
    _, _, spread = attack(world, site_of)
    assert np.median(spread) > world.quantity.sigma


def test_quieter_noise_is_caught_by_pairs(world, site_of, monkeypatch):
    broken.quieter_noise(monkeypatch, by=10)
    accuracy, targets, _ = attack(world, site_of)
    assert is_caught(accuracy, targets, world.quantity.rho_per_window)


def estimates(shown, present):
    """Yield estimates of every figure's noise-free value by somebody who knows all other values."""
    noise = shown - BASE - present
    yield "alone", shown
    yield "the time of day before", shown - np.roll(noise, 1, axis=0)
    yield "the same time of the day before", shown - np.roll(noise, 4, axis=0)
    yield "the next cell", shown - np.roll(noise, 1, axis=1)
    rest = (noise.sum(axis=1, keepdims=True) - noise) / (noise.shape[1] - 1)
    yield "all other cells", shown - rest
    rest = (noise.sum(axis=0, keepdims=True) - noise) / (noise.shape[0] - 1)
    yield "all other times", shown - rest


def most_accurate(trials):
    """Return the best accuracy among the estimates, and of how many figures."""
    rng = np.random.default_rng(4)
    found = {
        name: (guess(estimate, BASE + 0.5, rng) == trials.present).mean()
        for name, estimate in estimates(trials.shown, trials.present)
    }
    return max(found.values()), trials.present.size


def test_knowing_every_other_figure_does_not_help(trials):
    accuracy, figures = most_accurate(trials)
    assert figures >= FIGURES
    assert Z * 0.5 / FIGURES**0.5 < 2.576 * 0.5 / PAIRS**0.5
    assert not is_caught(accuracy, figures, trials.world.quantity.rho_per_window)


def test_seeded_noise_is_caught(toss, monkeypatch):
    broken.seeded_noise(monkeypatch)
    seeded = toss("parking_occupied", cells=200, days=3)
    accuracy, figures = most_accurate(seeded)
    assert accuracy == 1
    assert is_caught(accuracy, figures, seeded.world.quantity.rho_per_window)


def test_quieter_noise_is_caught(toss, monkeypatch):
    broken.quieter_noise(monkeypatch, by=3)
    quieter = toss("parking_occupied", cells=1000, days=6)
    accuracy, figures = most_accurate(quieter)
    assert is_caught(accuracy, figures, quieter.world.quantity.rho_per_window)
