"""Reports: what the devices of a fleet have to say in each hour of a true day.

A report has no sequence number and no faults yet: those belong to the device, see
`sensors.simulated.outbox`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sensors.simulated.kerb import FREE
from sensors.simulated.local_day import QUARTER_S, STEP_S, LocalDay
from sensors.simulated.luck import Luck, key_of
from sensors.simulated.scan_car import ScanCar
from sensors.simulated.true_day import TrueCity, TrueDay
from twin.city import City
from twin.readings import Device

HOUR_S = 3600
_STEPS = HOUR_S // STEP_S
_HEARTBEAT = '"heartbeat":true,'


class Said(NamedTuple):
    """One reading: when (seconds since 1970), of which kind, and its other fields as JSON."""

    at_s: int
    kind: str
    tail: str


class Report(NamedTuple):
    """One message of one device (its position in the fleet): one reading or several."""

    at_s: int
    device: int
    is_heartbeat: bool
    said: Sequence[tuple[int, str, str]]


class Reports:
    """What a fleet reports, hour by hour.

    Devices that watch something the city does not have are left out.
    """

    def __init__(self, city: City, devices: Sequence[Device], true: TrueCity, luck: Luck) -> None:
        ground = true.ground
        self._true = true
        self._bays = _watchers(devices, "bays", ground.bays.index)
        self._garages = _watchers(devices, "garages", ground.garages.index)
        self._racks = _watchers(devices, "racks", ground.racks.index)
        self._counters = _watchers(devices, "counters", ground.counters.index)
        self._cars = [at for at, each in enumerate(devices) if _is_scan_car(each)]
        self._scan_car = ScanCar(city, ground.streets, luck)
        self._beats = [
            int(luck.generator("beat", 0, key_of(each.device)).integers(1, HOUR_S))
            for each in devices
        ]
        self._group_of: list[int] = np.repeat(
            np.arange(len(ground.bays)), np.diff(true.first_bay)
        ).tolist()
        first = true.first_bay.tolist()
        self._bit = [1 << (bay - first[group]) for bay, group in enumerate(self._group_of)]
        self._texts: dict[int, str] = {}
        self._drive: tuple[LocalDay, list[Report]] | None = None

    def hour(self, day: TrueDay, hour: int) -> list[Report]:
        """Return the reports of one hour since midnight, in order of time."""
        found = [
            *self._bay_reports(day, hour),
            *self._garage_reports(day, hour),
            *self._rack_reports(day, hour),
            *self._counter_reports(day, hour),
            *self._scan_reports(day, hour),
        ]
        found.sort(key=_time)
        return found

    def state(self, device: int, at_s: int) -> str | None:
        """Return what a heartbeat of a device that stands somewhere would have said at a moment."""
        local = LocalDay.containing(at_s, self._true.zone)
        hour = (at_s - local.start_s) // HOUR_S
        of_device = [
            report
            for report in self.hour(self._true.day(local.local_date), hour)
            if report.device == device
        ]
        beats = [report for report in of_device if report.is_heartbeat]
        return beats[0].said[0][2] if beats else None

    def _bay_reports(self, day: TrueDay, hour: int) -> Iterator[Report]:
        """Yield a report for each group and step with changes, and one an hour in any case."""
        if not self._bays:
            return
        first = hour * _STEPS
        rows = day.parking.bays[first : first + _STEPS + 1] != FREE
        start_s = day.local.start_s + hour * HOUR_S
        masks = self._masks(rows[0])
        turned = self._turned(rows)
        group_of = self._bays
        moments = [
            (step * STEP_S + second, group, False, mask)
            for (step, group), mask, second in zip(
                turned, turned.values(), self._seconds(day, first, turned), strict=True
            )
        ]
        moments += [(self._beats[device], group, True, 0) for group, device in group_of.items()]
        moments.sort()
        for second, group, is_beat, mask in moments:
            masks[group] ^= mask
            device = group_of.get(group)
            if device is None:
                continue
            tail = self._occupied(masks[group])
            if is_beat:
                tail = _HEARTBEAT + tail
            at_s = start_s + second
            yield Report(at_s, device, is_beat, ((at_s, "bays", tail),))

    def _masks(self, row: NDArray[np.bool_]) -> list[int]:
        masks = [0] * (self._group_of[-1] + 1 if self._group_of else 0)
        for bay in np.flatnonzero(row).tolist():
            masks[self._group_of[bay]] |= self._bit[bay]
        return masks

    def _turned(self, rows: NDArray[np.bool_]) -> dict[tuple[int, int], int]:
        """Return which bays of each group change in each step, as bits."""
        turned: dict[tuple[int, int], int] = {}
        steps, bays = np.nonzero(rows[1:] != rows[:-1])
        for step, bay in zip(steps.tolist(), bays.tolist(), strict=True):
            key = (step, self._group_of[bay])
            turned[key] = turned.get(key, 0) | self._bit[bay]
        return turned

    def _seconds(self, day: TrueDay, first: int, turned: dict[tuple[int, int], int]) -> list[int]:
        if not turned:
            return []
        steps, groups = np.array(list(turned)).T
        return day.parking.moments[first + steps, groups].tolist()

    def _occupied(self, mask: int) -> str:
        text = self._texts.get(mask)
        if text is None:
            bays = [str(bit + 1) for bit in range(mask.bit_length()) if mask >> bit & 1]
            text = self._texts[mask] = f'"occupied":[{",".join(bays)}]'
        return text

    def _garage_reports(self, day: TrueDay, hour: int) -> Iterator[Report]:
        for garage, device in self._garages.items():
            for second in self._quarters(device, hour):
                cars = day.parking.garages[second // STEP_S, garage]
                yield _beat(day, device, second, "garage", f'"cars":{cars}')

    def _rack_reports(self, day: TrueDay, hour: int) -> Iterator[Report]:
        for rack, device in self._racks.items():
            for second in self._quarters(device, hour):
                bikes = day.bikes.racked[rack, second // QUARTER_S]
                yield _beat(day, device, second, "rack", f'"bikes":{bikes}')

    def _quarters(self, device: int, hour: int) -> Iterator[int]:
        """Yield the seconds since midnight at which a device reports every quarter of an hour."""
        for quarter in range(HOUR_S // QUARTER_S):
            yield hour * HOUR_S + quarter * QUARTER_S + self._beats[device] % QUARTER_S

    def _counter_reports(self, day: TrueDay, hour: int) -> Iterator[Report]:
        """Yield the quarters that end in this hour, the last one at its very end left to the next."""
        quarters = HOUR_S // QUARTER_S
        for nth in range(hour * quarters, (hour + 1) * quarters):
            counted = day.counted[:, nth - 1] if nth else self._day_before(day).counted[:, -1]
            for counter, device in self._counters.items():
                tail = f'"passages":{counted[counter]},"interval_s":{QUARTER_S}'
                yield _beat(day, device, nth * QUARTER_S, "passages", tail)

    def _day_before(self, day: TrueDay) -> TrueDay:
        return self._true.day(day.local.shifted(-1).local_date)

    def _scan_reports(self, day: TrueDay, hour: int) -> Iterator[Report]:
        if not self._cars:
            return
        if self._drive is None or self._drive[0] != day.local:
            drives = self._scan_car.drive(day)
            self._drive = (
                day.local,
                [
                    Report(said[-1].at_s, car, False, said)
                    for said in drives
                    for car in self._cars[:1]
                ],
            )
        start_s = day.local.start_s + hour * HOUR_S
        for report in self._drive[1]:
            if start_s <= report.at_s < start_s + HOUR_S:
                yield report


def _beat(day: TrueDay, device: int, second: int, kind: str, tail: str) -> Report:
    at_s = day.local.start_s + second
    return Report(at_s, device, True, ((at_s, kind, _HEARTBEAT + tail),))


def _watchers(devices: Sequence[Device], layer: str, index: dict[str, int]) -> dict[int, int]:
    """Return the device that watches each thing of a layer, by position."""
    return {
        index[each.target]: at
        for at, each in enumerate(devices)
        if each.layer == layer and each.target in index
    }


def _is_scan_car(device: Device) -> bool:
    return device.layer is None and device.domain == "bikes"


def _time(report: Report) -> int:
    return report.at_s
