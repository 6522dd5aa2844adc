"""The plan: which device sends what, and when, faults included.

The plan of an hour depends on the city, the fleet, the seed and the faults, and on nothing that
happened before. So a fleet that is started again at any moment goes on where another stopped.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sensors.simulated.faults import Fault, FaultRates, Faults
from sensors.simulated.local_day import LocalDay
from sensors.simulated.luck import Luck
from sensors.simulated.reports import HOUR_S, Report, Reports
from sensors.simulated.true_day import TrueCity
from twin.city import City
from twin.readings import Device


class Planned(NamedTuple):
    """A report with the moment at which it is delivered, and again (0: it is not), in seconds."""

    report: Report
    due_s: int
    again_s: int


class PlannedHour(NamedTuple):
    """What happens until ``end_s``, in order of time."""

    end_s: int
    planned: list[Planned]


class Plan:
    """The plan of one fleet."""

    def __init__(
        self,
        city: City,
        devices: Sequence[Device],
        *,
        seed: int,
        faults: FaultRates,
        reference: City | None = None,
    ) -> None:
        self.true = TrueCity(city, seed=seed, reference=reference)
        self.devices = devices
        self.faults = Faults(devices, faults, seed)
        self._reports = Reports(city, devices, self.true, Luck(seed))
        self._seen: dict[tuple[int, int], str | None] = {}

    def hours(self, start_s: int, end_s: int | None = None) -> Iterator[PlannedHour]:
        """Yield what happens from ``start_s`` on and before ``end_s``, hour by hour."""
        local = LocalDay.containing(start_s, self.true.zone)
        while end_s is None or local.start_s < end_s:
            troubled = self.faults.on(local)
            for hour in range(local.steps(HOUR_S)):
                until_s = local.start_s + (hour + 1) * HOUR_S
                if until_s <= start_s:
                    continue
                planned = [
                    each
                    for each in self._hour(local, hour, troubled)
                    if start_s <= each.report.at_s and (end_s is None or each.report.at_s < end_s)
                ]
                if end_s is not None and until_s >= end_s:
                    yield PlannedHour(end_s, planned)
                    return
                yield PlannedHour(until_s, planned)
            local = local.shifted(1)

    def _hour(
        self, local: LocalDay, hour: int, troubled: dict[int, list[Fault]]
    ) -> Iterator[Planned]:
        reports = self._reports.hour(self.true.day(local.local_date), hour)
        twice = self.faults.twice(local, hour, len(reports))
        for report, later_s in zip(reports, twice, strict=True):
            faults = troubled.get(report.device)
            if faults is None:
                yield Planned(report, report.at_s, report.at_s + later_s if later_s else 0)
            else:
                planned = self._troubled(report, faults, later_s)
                if planned is not None:
                    yield planned

    def _troubled(self, report: Report, faults: Sequence[Fault], later_s: int) -> Planned | None:
        due_s = report.at_s
        for fault in faults:
            if not fault.from_s <= report.at_s < fault.until_s:
                continue
            if fault.kind == "silent":
                return None
            if fault.kind == "late":
                due_s = max(due_s, fault.until_s)
            else:
                frozen = self._frozen(report, fault)
                if frozen is None:
                    return None
                report = frozen
        return Planned(report, due_s, due_s + later_s if later_s else 0)

    def _frozen(self, report: Report, fault: Fault) -> Report | None:
        """Return a stuck device's report: only heartbeats, and always what it last saw."""
        if not report.is_heartbeat:
            return None
        key = (report.device, fault.from_s)
        if key not in self._seen:
            self._seen[key] = self._reports.state(report.device, fault.from_s)
        tail = self._seen[key]
        if tail is None:
            return None
        return report._replace(said=((report.at_s, report.said[0][1], tail),))
