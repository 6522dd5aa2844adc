"""Live: the fleet publishes over MQTT as the clock reaches each report.

One connection serves the whole fleet, as a gateway would. Every device keeps what is not settled
in the spool and sends it again after a reconnect, or when no receipt comes for a while.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import NamedTuple

from sensors.connection import Connection
from sensors.simulated.faults import FaultRates
from sensors.simulated.gateway import Gateway
from sensors.simulated.history import boot_name
from sensors.simulated.plan import Plan, Planned
from sensors.simulated.sealing import Sealer
from sensors.spool import Kept, Spool
from twin.city import City
from twin.readings import Device

TICK_S = 0.1
PATIENCE_S = 30.0
MOST_PATIENCE = 16
"""A message without a receipt is sent again after `PATIENCE_S`, then after twice as long, and so
on up to this many times as long."""

GOODBYE_S = 3.0
TELL_EVERY_S = 1.0
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class LiveStatistics:
    """What a fleet has done since it started.

    ``waiting`` messages are kept and not settled; ``given_up`` ones were dropped from a full
    spool; ``refused`` ones the broker did not allow. ``until`` is the moment up to which
    everything has been reported.
    """

    is_connected: bool = False
    sent: int = 0
    resent: int = 0
    settled: int = 0
    rejected: int = 0
    refused: int = 0
    waiting: int = 0
    given_up: int = 0
    until: datetime | None = None


class _Due(NamedTuple):
    """A message to be sent for the first time, or as a faulty device's needless copy."""

    due_s: int
    number: int
    is_copy: bool
    kept: Kept


class _Sent(NamedTuple):
    """A message to be sent again at ``deadline_s`` on the wall, unless it is settled by then."""

    deadline_s: float
    number: int
    patience_s: float
    kept: Kept


class Live:
    """A fleet at work.

    Parameters
    ----------
    connection
        How to reach the broker.
    now
        The clock by which the fleet lives; it may run faster than the wall, but not backwards.
    since
        From when on to report. A spool whose fleet has reported later than that goes on from there.
    spool
        Directory of the spool; without one, what is not settled is lost with the process.
    patience_s
        How long to wait for a receipt before sending again, in seconds on the wall.
    on_statistics
        Called about once a second, from the thread that runs the fleet.
    """

    def __init__(  # noqa: PLR0913
        self,
        city: City,
        devices: Sequence[Device],
        connection: Connection,
        *,
        now: Callable[[], datetime],
        since: datetime,
        seed: int,
        faults: FaultRates | None = None,
        reference: City | None = None,
        spool: Path | None = None,
        patience_s: float = PATIENCE_S,
        on_statistics: Callable[[LiveStatistics], None] = lambda _: None,
    ) -> None:
        rates = faults or FaultRates()
        self._plan = Plan(city, devices, seed=seed, faults=rates, reference=reference)
        self._names = [device.device for device in devices]
        self._now = now
        self._patience_s = patience_s
        self._on_statistics = on_statistics
        self._spool = Spool(spool)
        self._since_s = max(int(since.timestamp()), self._spool.until_s or 0)
        self._until_s = self._since_s
        self._sealer = Sealer(devices, self._boot(seed), self._plan.faults.clock_off_s)
        self._gateway = Gateway(connection)
        self._number = 0
        self._due: list[_Due] = []
        self._unsettled: list[_Sent] = []
        self._told_s = 0.0
        self.statistics = LiveStatistics()

    def run(self, stop: threading.Event) -> None:
        """Publish until ``stop`` is set; then say goodbye to the broker and return."""
        for kept in self._spool:
            self._put(kept, kept.due_s)
        planned = self._planned()
        following = next(planned)
        self._gateway.open()
        try:
            while not stop.is_set():
                now_s = int(self._now().timestamp())
                self._hear()
                following = self._report(following, planned, now_s)
                self._send(now_s)
                self._send_again()
                self._tell(every_s=TELL_EVERY_S)
                if following.report.at_s > now_s or not self._gateway.has_room:
                    stop.wait(TICK_S)
            self._gateway.drain(GOODBYE_S)
            self._hear()
            self._tell(every_s=0)
        finally:
            self._gateway.close()
            self._spool.close()

    def _boot(self, seed: int) -> str:
        """Return a name for this start; without a spool, the same start has the same name again."""
        name = boot_name(datetime.fromtimestamp(self._since_s, UTC), seed)
        return name if self._spool.starts == 1 else f"{name}-{self._spool.starts}"

    def _planned(self) -> Iterator[Planned]:
        for hour in self._plan.hours(self._since_s):
            yield from hour.planned

    def _report(self, following: Planned, planned: Iterator[Planned], now_s: int) -> Planned:
        """Put reports up to now into the spool, a batch at a time; return the next one."""
        count = 0
        last_s = following.report.at_s
        while following.report.at_s <= now_s and (
            count < _BATCH or following.report.at_s == last_s
        ):
            last_s = following.report.at_s
            self._keep(following)
            count += 1
            following = next(planned)
        self._until_s = max(self._until_s, min(following.report.at_s, now_s + 1))
        if count:
            self._spool.commit(until_s=self._until_s)
        return following

    def _keep(self, planned: Planned) -> None:
        report = planned.report
        device, boot = self._names[report.device], self._sealer.boot
        lowest = self._spool.lowest(device, boot)
        sealed = self._sealer.seal(report, lowest or self._sealer.next(report.device))
        topic = self._sealer.topics[report.device]
        kept = Kept(device, boot, sealed.first, sealed.last, topic, sealed.payload, planned.due_s)
        self._spool.keep(kept)
        self._put(kept, planned.due_s)
        if planned.again_s:
            self._put(kept, planned.again_s, is_copy=True)

    def _put(self, kept: Kept, due_s: int, *, is_copy: bool = False) -> None:
        self._number += 1
        heappush(self._due, _Due(due_s, self._number, is_copy, kept))

    def _send(self, now_s: int) -> None:
        """Send what is due."""
        sent = 0
        while self._due and self._due[0].due_s <= now_s and self._gateway.has_room:
            due = heappop(self._due)
            if due.is_copy or due.kept in self._spool:
                self._gateway.publish(due.kept.topic, due.kept.payload)
                sent += 1
            if not due.is_copy:
                self._wait_for_receipt(due.number, self._patience_s, due.kept)
        self.statistics = replace(self.statistics, sent=self.statistics.sent + sent)

    def _wait_for_receipt(self, number: int, patience_s: float, kept: Kept) -> None:
        deadline_s = time.monotonic() + patience_s
        heappush(self._unsettled, _Sent(deadline_s, number, patience_s, kept))

    def _send_again(self) -> None:
        """Send again what has waited too long for a receipt; after a reconnect, everything."""
        if self._gateway.came_back():
            self._unsettled = [each._replace(deadline_s=0.0) for each in self._unsettled]
            heapify(self._unsettled)
        resent = 0
        now_s = time.monotonic()
        while self._unsettled and self._unsettled[0].deadline_s <= now_s and self._gateway.has_room:
            each = heappop(self._unsettled)
            if each.kept not in self._spool:
                continue
            self._gateway.publish(each.kept.topic, each.kept.payload)
            patience_s = min(2 * each.patience_s, MOST_PATIENCE * self._patience_s)
            self._wait_for_receipt(each.number, patience_s, each.kept)
            resent += 1
        self.statistics = replace(self.statistics, resent=self.statistics.resent + resent)

    def _hear(self) -> None:
        """Take note of the receipts that have arrived."""
        receipts = list(self._gateway.receipts())
        if not receipts:
            return
        settled = self._spool.settle(
            (each.device, each.boot, each.settled)
            for each in receipts
            if each.boot is not None and each.settled is not None
        )
        self.statistics = replace(
            self.statistics,
            settled=self.statistics.settled + settled,
            rejected=self.statistics.rejected + sum(len(each.reasons) for each in receipts),
        )

    def _tell(self, *, every_s: float) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s < every_s:
            return
        self._told_s = now_s
        self.statistics = replace(
            self.statistics,
            is_connected=self._gateway.is_connected,
            refused=self._gateway.refused,
            waiting=len(self._spool),
            given_up=self._spool.given_up,
            until=datetime.fromtimestamp(self._until_s, UTC),
        )
        self._on_statistics(self.statistics)
