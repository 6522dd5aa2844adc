"""The impact assessment says what the code does, and marks what it cannot know."""

import re

from pages import ROOT

from twin.domains import load_domains
from twin.privacy.notice import HORIZONS, auc, habits, together
from wijktwin.settings import Settings

TEXT = " ".join((ROOT / "docs" / "dpia.md").read_text().split())


def test_the_numbers_are_those_of_the_ledger():
    found = habits(load_domains())
    alone = [f"{auc(found[0].after(days)):.3f}" for days in HORIZONS]
    everything = [f"{auc(together(found, days)):.3f}" for days in HORIZONS]
    said = re.findall(r"\b0\.\d{3}\b", TEXT)
    assert said[:8] == [*alone, *everything]
    assert f"{auc(found[0].unit.rho_per_year):.3f} when a year's cap" in TEXT


def test_readings_are_kept_as_long_as_it_says():
    assert f"older than {Settings().retention_days} days" in TEXT


def test_every_domain_and_every_replayed_recording_is_in_it():
    for domain in load_domains():
        assert f"| {domain.name} |" in TEXT
    for city in ("Auckland", "Aarhus", "Amsterdam", "OpenStreetMap", "simulated"):
        assert city in TEXT


def test_what_only_the_controller_knows_is_marked():
    assert len(re.findall(r"\*\*[^*]*[Ff]ill in[^*]*\*\*", TEXT)) > 20
