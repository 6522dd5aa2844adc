"""How useful the protected figures are: four weeks of the default place, against its hidden truth.

History goes in at the real door, and its windows are closed and published with noise. What people
see of them (the typical week, the latest period, weekly figures, 90 % intervals) is compared with
the true counts, which no device's fault and no noise has touched: with the mean of the very weeks
that were published, and, stricter, with the mean of six weeks before and six after, which is what
"typical" promises. ``python -m benchmarks privacy`` also draws the trade-off again.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.tradeoff import draw_tradeoff
from benchmarks.truth import Floats, TruePlace, Truth, cells_of
from sensors.mosquitto_process import free_port
from twin.city import City
from twin.domains import load_domains
from twin.place import helsinki, import_place, save_city, write_public
from twin.privacy import estimates
from twin.privacy.columns import floats, rows, texts
from twin.privacy.public import PublicReader
from twin.privacy.usual_week import UsualWeek
from twin.words import Origin
from web.moments import slot_of
from wijktwin.folder import PlaceFolder
from wijktwin.status import read_status

SEED = 1
END = datetime(2026, 6, 15, 5)  # noqa: DTZ001 - it is local
"""Local time at which history ends: a Monday, when the windows of Sunday are closed."""

WEEKS = 4
AROUND = 6
FIRST = END.date() - timedelta(weeks=WEEKS)
BEFORE = FIRST - timedelta(weeks=AROUND)
DAYS = 7 * (WEEKS + 2 * AROUND)

OCCUPANCY_WITHIN = 0.05
FOOTFALL_WITHIN, FOOTFALL_ABOVE = 0.10, 100
DUMPED_WITHIN, DUMPED_ABOVE = 0.15, 30
SHARE_OF_CELLS = 0.9
"""What is required, see docs/usefulness.md."""


def measure() -> dict[str, object]:
    rules = {domain.name: domain.cells for domain in load_domains()}
    city = import_place(helsinki(), cell_rules=rules, progress=lambda *_: None)
    true = TruePlace(city, seed=SEED, first=BEFORE, days=DAYS)
    with tempfile.TemporaryDirectory() as data, published(Path(data), city) as reader:
        figures = compare(reader, city, true)
    draw_tradeoff(city, true, first=(FIRST - BEFORE).days, days=7 * WEEKS)
    return figures


def compare(reader: PublicReader, city: City, true: TruePlace) -> dict[str, object]:
    """Return how far what people see is from the truth."""
    seen = [
        _Seen.of(reader, city, "parking_occupied", true.parking(cells_of(city, "parking"))),
        _Seen.of(reader, city, "parking_garage", true.garages()),
        _Seen.of(reader, city, "bikes_racked", true.racks(cells_of(city, "bikes"))),
        _Seen.of(reader, city, "footfall_passages", true.passages(cells_of(city, "footfall"))),
    ]
    found: dict[str, object] = {}
    for one in seen[:3]:
        found |= _occupancy(one)
    found |= _footfall(seen[3])
    found |= _dumped(reader, city, true)
    for one in seen:
        found |= _intervals(one)
    return found


@contextmanager
def published(data: Path, city: City, *, seed: int = SEED) -> Iterator[PublicReader]:
    """Make the history as ``wijktwin city`` does, and read what it published."""
    folder = PlaceFolder(data / city.name)
    save_city(city, folder.city)
    write_public(city, folder.public)
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "wijktwin", "city", "--data", str(data), "--simulated"),
            *("--start", END.isoformat(), "--history-days", str(7 * WEEKS), "--seed", str(seed)),
            *("--place", city.name),
            *("--mqtt-port", str(free_port()), "--metrics-port", "0"),
        ],
        stdout=subprocess.DEVNULL,
    ) as process:
        while (said := read_status(folder.ops)) is None or said.state != "ready":
            if process.poll() is not None:
                raise RuntimeError("the city process ended")
            time.sleep(0.1)
        process.terminate()
    reader = PublicReader(folder.root, load_domains())
    reader.refresh()
    yield reader
    reader.close()


@dataclass(frozen=True)
class _Seen:
    """The typical week that people see and the true ones, (slots, units); NaN: not published."""

    name: str
    units: Sequence[str]
    level: Floats
    plain: Floats
    low: Floats
    high: Floats
    these_weeks: Floats
    other_weeks: Floats
    latest: Floats
    """Of each figure, told as the latest beside the other weeks: truth, level, low and high."""

    @classmethod
    def of(cls, reader: PublicReader, city: City, name: str, truth: Truth) -> "_Seen":
        quantity, zone = reader.quantity(name), city.zone
        week = UsualWeek(
            reader.typical(name, Origin.SIMULATED, str(zone)), is_share=quantity.is_share
        )
        units = list(truth.units)
        shown = [week.shown(slot, units).levels() for slot in week.slots]
        low, high = zip(*(one.interval() for one in shown), strict=True)
        starts = [
            period.start.astimezone(zone).replace(tzinfo=None)
            for period in reader.periods(name, Origin.SIMULATED)
        ]
        return cls(
            name,
            units,
            np.array([one.level for one in shown]),
            np.array([week.at(slot, units).mean for slot in week.slots]),
            np.array(low),
            np.array(high),
            _mean_week(truth, units, week.slots, starts),
            _mean_week(truth, units, week.slots, _hours_around()),
            _latest(reader, city, name, truth, week),
        )


def _hours_around() -> list[datetime]:
    first = datetime.combine(BEFORE, datetime.min.time())
    hours = [first + timedelta(hours=hour) for hour in range(24 * DAYS)]
    return [hour for hour in hours if not FIRST <= hour.date() < FIRST + timedelta(weeks=WEEKS)]


def _mean_week(
    truth: Truth, units: Sequence[str], slots: Sequence[int], starts: Sequence[datetime]
) -> Floats:
    by_slot: dict[int, list[Floats]] = {slot: [] for slot in slots}
    for start in starts:
        slot = 24 * start.weekday() + start.hour
        if slot in by_slot:
            by_slot[slot].append(truth.at(start, units))
    return np.array([np.mean(by_slot[slot], axis=0) for slot in slots])


def _latest(reader: PublicReader, city: City, name: str, truth: Truth, week: UsualWeek) -> Floats:
    quantity, found = reader.quantity(name), []
    for period in reader.periods(name, Origin.SIMULATED):
        table = reader.at(name, Origin.SIMULATED, period.start)
        units, slot = texts(table, "unit"), slot_of(period.start, city.zone)
        own = estimates.levels(
            *(floats(table, column) for column in ("value", "covered", "capacity", "sigma")),
            is_share=quantity.is_share,
        )
        others = estimates.without(week.at(slot, units), own)
        shown = estimates.combined(own, estimates.with_alike(others, week.alike(slot, units)))
        low, high = shown.interval()
        local = period.start.astimezone(city.zone).replace(tzinfo=None)
        found.append(np.column_stack([truth.at(local, units), shown.level, low, high]))
    every = np.concatenate(found)
    return every[~np.isnan(every[:, 1])]


def _occupancy(seen: _Seen) -> dict[str, object]:
    def said(level: Floats, truth: Floats) -> str:
        rmse = np.sqrt(np.nanmean((level - truth) ** 2, axis=0))
        share = float((rmse <= OCCUPANCY_WITHIN).mean())
        return (
            f"{100 * share:.0f} % of {len(rmse)} within 5 points;"
            f" RMSE median {100 * np.median(rmse):.1f}, worst {100 * rmse.max():.1f}"
        )

    return {
        f"{seen.name}, typical week": said(seen.level, seen.these_weeks),
        f"{seen.name}, against other weeks": said(seen.level, seen.other_weeks),
        f"{seen.name}, exact counts against other weeks": said(seen.these_weeks, seen.other_weeks),
        f"{seen.name}, plain means": said(seen.plain, seen.these_weeks),
    }


def _footfall(seen: _Seen) -> dict[str, object]:
    def said(level: Floats, truth: Floats) -> str:
        busy = truth > FOOTFALL_ABOVE
        off = np.where(busy, level / np.where(busy, truth, 1.0) - 1, np.nan)[:, busy.any(axis=0)]
        rmse = np.sqrt(np.nanmean(off**2, axis=0))
        within = (np.abs(off) <= FOOTFALL_WITHIN)[~np.isnan(off)].mean()
        return (
            f"{100 * (rmse <= FOOTFALL_WITHIN).mean():.0f} % of {len(rmse)} within 10 %;"
            f" RMSE median {100 * np.median(rmse):.1f} %, worst {100 * rmse.max():.1f} %;"
            f" {100 * within:.0f} % of hours within 10 %"
        )

    return {
        f"{seen.name}, typical week, hours above 100": said(seen.level, seen.these_weeks),
        f"{seen.name}, against other weeks": said(seen.level, seen.other_weeks),
        f"{seen.name}, exact counts against other weeks": said(seen.these_weeks, seen.other_weeks),
        f"{seen.name}, plain means": said(seen.plain, seen.these_weeks),
    }


def _intervals(seen: _Seen) -> dict[str, object]:
    truth, _, low, high = seen.latest.T

    def covers(truth: Floats, low: Floats, high: Floats) -> str:
        known = ~np.isnan(low)
        return f"{100 * ((low <= truth) & (truth <= high))[known].mean():.0f} %"

    def busy(truth: Floats, low: Floats, high: Floats) -> str:
        most = truth > FOOTFALL_ABOVE
        few = covers(truth[~most], low[~most], high[~most])
        return f"{covers(truth, low, high)} ({covers(truth[most], low[most], high[most])} above 100, {few} below)"

    say: Callable[[Floats, Floats, Floats], str] = (
        busy if seen.name.startswith("footfall") else covers
    )
    return {
        f"{seen.name}, 90 % intervals that hold: typical week, these weeks": say(
            seen.these_weeks, seen.low, seen.high
        ),
        f"{seen.name}, 90 % intervals that hold: typical week, other weeks": say(
            seen.other_weeks, seen.low, seen.high
        ),
        f"{seen.name}, 90 % intervals that hold: latest period": say(truth, low, high),
    }


@dataclass(frozen=True)
class _Week:
    """A weekly figure of one cell, with the means of the same days: of all bikes, of those seen."""

    week: date
    level: float
    sd: float
    there: float
    seen: float


def _dumped(reader: PublicReader, city: City, true: TruePlace) -> dict[str, object]:
    """Compare the weekly figures of cells, and of the whole place, with the truth."""
    name, weeks = "bikes_dumped", _dumped_weeks(reader, city, true)
    held = [abs(one.level - one.seen) <= estimates.Z90 * one.sd for one in weeks]
    off = [one.level - one.seen for one in weeks]
    whole = np.array(
        [
            [sum(getattr(one, of) for one in weeks if one.week == week) for of in _OF]
            for week in sorted({one.week for one in weeks})
        ]
    )
    many = [one for one in weeks if 7 * one.seen >= DUMPED_ABOVE]
    return {
        f"{name}, ρ a day": reader.quantity(name).rho_per_day,
        f"{name}, whole place by week: figure (seen; there)": ", ".join(
            f"{level:.1f} ({seen:.1f}; {there:.1f})" for level, seen, there in whole.tolist()
        ),
        f"{name}, whole place, against what was seen": _relative(whole[:, 0], whole[:, 1]),
        f"{name}, whole place, what was seen against what is there": _relative(
            whole[:, 1], whole[:, 2]
        ),
        f"{name}, whole place, noise alone (bikes)": round(
            float(np.mean([_whole_sd(weeks, week) for week in {one.week for one in weeks}])), 2
        ),
        f"{name}, cells, RMSE (bikes)": round(float(np.sqrt(np.mean(np.square(off)))), 2),
        f"{name}, {len(many)} cell-weeks with 30 or more sightings": _relative(
            np.array([one.level for one in many]), np.array([one.seen for one in many])
        ),
        f"{name}, the same, noise alone": (
            f"{100 * np.mean([one.sd / one.seen for one in many]):.1f} %" if many else "none"
        ),
        f"{name}, 90 % intervals that hold: weeks": f"{100 * np.mean(held):.0f} % of {len(held)}",
    }


_OF = ("level", "seen", "there")


def _whole_sd(weeks: Sequence[_Week], week: date) -> float:
    return sum(one.sd**2 for one in weeks if one.week == week) ** 0.5


def _relative(level: Floats, truth: Floats) -> str:
    return (
        f"RMSE {100 * np.sqrt(np.mean((level / truth - 1) ** 2)):.1f} %" if len(level) else "none"
    )


def _dumped_weeks(reader: PublicReader, city: City, true: TruePlace) -> list[_Week]:
    name, cells = "bikes_dumped", cells_of(city, "bikes")
    there, seen = true.dumped(cells), true.dumped(cells, seen=True)
    days: dict[tuple[date, str], list[tuple[int, float]]] = {}
    for row in rows(reader.figures(name, origin=Origin.SIMULATED)):
        if row["value"] is not None:
            day = row["window_start"].astimezone(city.zone).date()
            monday = day - timedelta(days=day.weekday())
            scale = row["capacity"] / row["covered"]
            days.setdefault((monday, row["unit"]), []).append(((day - there.first).days, scale))
    found: list[_Week] = []
    for row in rows(reader.weekly(name, Origin.SIMULATED, str(city.zone))):
        unit = there.units.index(row["unit"])
        means = [
            float(np.mean([truth.counts[day, 0, unit] * by for day, by in scaled]))
            for truth, scaled in (
                (there, [(day, 1.0) for day, _ in days[row["week"], row["unit"]]]),
                (seen, days[row["week"], row["unit"]]),
            )
        ]
        found.append(_Week(row["week"], row["level"], row["sd"], *means))
    return found
