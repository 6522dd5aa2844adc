"""Replay of recorded real data through MQTT, as if it were measured at a place now.

A recording belongs to somewhere else: an explicit mapping says which of its counters and garages
is shown at which of the place's, and everything that follows is of the origin *recorded*. What was
recorded at 17:00 local time is shown at 17:00 local time, on its true date: the place runs on a
clock of its own that starts in the recorded period. Gaps stay gaps.

Each source stands in `SOURCES`.
"""

from sensors.replay.aarhus import AARHUS
from sensors.replay.amsterdam import AMSTERDAM
from sensors.replay.auckland import AUCKLAND
from sensors.replay.mapping import MappedDevice, Mapping, load_mapping, mapped_devices, to_toml
from sensors.replay.player import Player, Report
from sensors.replay.recording import Recorded, Recording, Source, Tally
from sensors.replay.suggestion import suggest
from sensors.replay.summary import summarise

__all__ = [
    "SOURCES",
    "MappedDevice",
    "Mapping",
    "Player",
    "Recorded",
    "Recording",
    "Report",
    "Source",
    "Tally",
    "load_mapping",
    "mapped_devices",
    "suggest",
    "summarise",
    "to_toml",
]

SOURCES: dict[str, Source] = {source.name: source for source in (AUCKLAND, AARHUS, AMSTERDAM)}
