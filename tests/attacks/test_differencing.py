"""Answers put against one another give the figures, and the figures give no more than their ρ."""

import csv
import io
import json
from itertools import combinations_with_replacement

import broken
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from chances import Z, accuracy_tolerance, best_accuracy, guess
from worlds import BASE, CAPACITY, WATCHED, World

from twin.privacy.public import PublicReader

PAIRS = 10_000
FIGURES = 50_000
"""So many that Z standard errors are less than a 99 % interval of 10,000 pairs."""

DAYS = 7
CELLS = 60
WINDOWS = 4
"""Of so many windows every stretch is asked for, and in the whole run of more of one quantity."""

FORMATS = ("json", "csv", "parquet")
QUANTITIES = [quantity for quantity, watched in WATCHED.items() if watched.most > BASE]


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
    at = {unit: number for number, unit in enumerate(world.units)}
    totals = {}
    for first, last in combinations_with_replacement(range(len(windows)), 2):
        since = f"{windows[first].start:%Y-%m-%dT%H:%M:00Z}"
        until = f"{windows[last].start:%Y-%m-%dT%H:%M:01Z}"
        for wanted in FORMATS:
            path = f"/api/v1/releases/{world.quantity.name}"
            answer = site.get(f"{path}?from={since}&until={until}&format={wanted}")
            assert answer.status_code == 200, answer.text
            totals[first, last, wanted] = np.zeros(len(at))
            for unit, value in figures_in(answer.content, wanted):
                totals[first, last, wanted][at[unit]] += value
    return totals


def differences(totals, windows, rng):
    """Yield (window, cell, difference) of pairs of answers: a stretch longer, or a cell more."""
    formats = len(FORMATS)
    drawn = rng.integers([windows, windows, CELLS, formats, formats], size=(PAIRS, 5)).tolist()
    for window, edge, cell, *two in drawn:
        one, other = (FORMATS[at] for at in two)
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


def from_weeks(site, world):
    """Return every figure as the week's mean and the week's other figures give it."""
    answer = site.get(f"/api/v1/weekly/{world.quantity.name}").json()
    levels = {level["unit"]: level["level"] for level in answer["levels"]}
    per_level = CAPACITY if world.quantity.is_share else 1
    shown = world.figures()
    totals = np.array([levels[unit] for unit in world.units]) * per_level * len(shown)
    return totals - (shown.sum(axis=0) - shown)


def lived(world, days=DAYS):
    """Let the unit be there or not for a week, by the toss of a coin, and publish it."""
    present = np.random.default_rng(3).random((len(world.windows(days=days)), CELLS)) < 0.5
    world.live(BASE + present, days=days)
    return present


def attack(world, site, present, most_windows=WINDOWS):
    """Return how often presence is guessed from the mean of all pairs, and how far pairs differ."""
    rng, windows = np.random.default_rng(4), world.windows(days=DAYS)[:most_windows]
    totals = asked(site, world, windows)
    found = {}
    for window, cell, estimate in differences(totals, len(windows), rng):
        found.setdefault((window, cell), []).append(estimate)
    means = np.array([np.mean(some) for some in found.values()])
    truth = np.array([present[target] for target in found])
    right = guess(means, BASE + 0.5, rng) == truth
    return right.mean(), len(right), np.array([np.ptp(some) for some in found.values()])


def attack_weeks(world, site, present):
    """Return how often presence is guessed from weeks, of how many, and what weeks say beyond figures."""
    found = from_weeks(site, world)
    right = guess(found, BASE + 0.5, np.random.default_rng(4)) == present
    return right.mean(), right.size, np.abs(found - world.figures()).max()


def is_caught(accuracy, trials, rho):
    return accuracy > best_accuracy(rho) + accuracy_tolerance(trials)


@pytest.fixture
def world_of(tmp_path):
    """Return a function that makes a world of a quantity."""
    made = []

    def make(quantity):
        made.append(World(tmp_path / quantity, cells=CELLS, quantity=quantity))
        return made[-1]

    yield make
    for world in made:
        world.stop()


@pytest.fixture
def world(world_of):
    return world_of("parking_occupied")


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_ten_thousand_pairs_of_answers_and_weeks_tell_what_one_figure_tells(
    world_of, site_of, quantity, is_quick
):
    world = world_of(quantity)
    days = -(-WINDOWS // len(world.windows())) if is_quick else DAYS
    present, site, rho = lived(world, days), site_of(world), world.quantity.rho_per_window
    is_longer = quantity == "parking_occupied" and not is_quick
    accuracy, targets, spread = attack(world, site, present, (4 if is_longer else 1) * WINDOWS)
    assert spread.max() == 0
    assert not is_caught(accuracy, targets, rho)
    accuracy, figures, beyond = attack_weeks(world, site, present)
    assert beyond < 0.01  # six decimals of a share, times what it is a share of
    assert not is_caught(accuracy, figures, rho)


def test_noise_for_each_request_is_caught(world, site_of, monkeypatch):
    broken.noise_for_each_request(monkeypatch)
    present = lived(world)
    _, _, spread = attack(world, site_of(world), present)
    assert np.median(spread) > world.quantity.sigma


def test_quieter_noise_is_caught_by_pairs(world, site_of, monkeypatch):
    broken.quieter_noise(monkeypatch, by=20)
    present = lived(world)
    accuracy, targets, _ = attack(world, site_of(world), present, 2 * WINDOWS)
    assert is_caught(accuracy, targets, world.quantity.rho_per_window)


def test_quieter_noise_is_caught_by_weeks(world, site_of, monkeypatch):
    broken.quieter_noise(monkeypatch, by=10)
    present = lived(world)
    accuracy, figures, _ = attack_weeks(world, site_of(world), present)
    assert is_caught(accuracy, figures, world.quantity.rho_per_window)


def test_a_week_of_exact_counts_is_caught(world, site_of, monkeypatch):
    present = lived(world)
    exact = np.mean(BASE + present, axis=0) / CAPACITY
    real = PublicReader.weekly

    def weekly(reader, *asked):
        table = real(reader, *asked)
        at = table.column_names.index("level")
        return table.set_column(at, table.schema.field("level"), [pa.array(exact)])

    monkeypatch.setattr(PublicReader, "weekly", weekly)
    found = from_weeks(site_of(world), world)
    assert np.abs(found - world.figures()).max() > world.quantity.sigma


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


def test_knowing_every_other_figure_does_not_help(trials, is_quick):
    accuracy, figures = most_accurate(trials)
    assert is_quick or figures >= FIGURES
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
