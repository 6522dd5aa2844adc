"""Faults: devices that fall silent, get stuck, deliver late, send twice or have a wrong clock.

Which device fails when follows from its name and the day, so a fleet that is started again has
the same faults as one that never stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sensors.simulated.local_day import LocalDay
from sensors.simulated.luck import Luck, key_of
from twin.readings import Device

FaultKind = Literal["silent", "stuck", "late"]
KINDS: tuple[FaultKind, ...] = ("silent", "stuck", "late")

LENGTH_H: dict[FaultKind, tuple[float, float]] = {
    "silent": (1.0, 60.0),
    "stuck": (3.0, 36.0),
    "late": (1.0, 8.0),
}
"""Shortest and longest fault of a kind, in hours; short ones are as common per octave as long ones."""

CLOCK_OFF_S = 240
FAR_AHEAD_S = 26 * 3600
"""A wrong clock is off by at most this much, or a whole day and two hours (a wrong date and zone)."""

_LOOK_BACK_D = 3
_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRates:
    """How common faults are.

    ``silent``, ``stuck`` and ``late`` are chances per device and day that one begins; ``twice`` is
    the share of messages sent twice; ``clock_off`` the share of devices whose clock is minutes
    off; ``far_ahead`` the number of devices whose clock is so far ahead that nothing is accepted.
    """

    silent: float = 0.004
    stuck: float = 0.002
    late: float = 0.006
    twice: float = 0.003
    clock_off: float = 0.02
    far_ahead: int = 1


NO_FAULTS = FaultRates(silent=0, stuck=0, late=0, twice=0, clock_off=0, far_ahead=0)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one device, in [from_s, until_s) (seconds since 1970)."""

    kind: FaultKind
    from_s: int
    until_s: int


class Faults:
    """The faults of a fleet with one seed."""

    def __init__(self, devices: Sequence[Device], rates: FaultRates, seed: int) -> None:
        self.rates = rates
        self._luck = Luck(seed)
        self._keys = [key_of(f"fault/{device.device}") for device in devices]
        self.clock_off_s = self._clocks([device.layer is not None for device in devices])

    def on(self, day: LocalDay) -> dict[int, list[Fault]]:
        """Return the faults that touch a day, by the position of their device."""
        found: dict[int, list[Fault]] = {}
        if not any(getattr(self.rates, kind) for kind in KINDS):
            return found
        for back in range(_LOOK_BACK_D, -1, -1):
            begun = day.shifted(-back)
            for at, fault in self._begun(begun):
                if fault.from_s < day.end_s and fault.until_s > day.start_s:
                    found.setdefault(at, []).append(fault)
        return found

    def twice(self, day: LocalDay, hour: int, count: int) -> list[int]:
        """Return for each of an hour's messages after how many seconds it is sent again, or 0."""
        if not self.rates.twice:
            return [0] * count
        lots = self._luck.uniforms("twice", day.number, (hour,), 2 * count)[0]
        later = 5 + 900 * lots[count:]
        return [int(s) if u < self.rates.twice else 0 for u, s in zip(lots, later, strict=False)]

    def _begun(self, day: LocalDay) -> list[tuple[int, Fault]]:
        lots = self._luck.uniforms("begin", day.number, self._keys, 3 * len(KINDS))
        result: list[tuple[int, Fault]] = []
        for number, kind in enumerate(KINDS):
            begins, when, length = lots[:, 3 * number : 3 * number + 3].T
            for at in (begins < getattr(self.rates, kind)).nonzero()[0].tolist():
                shortest, longest = LENGTH_H[kind]
                hours = shortest * (longest / shortest) ** float(length[at])
                from_s = day.start_s + int(when[at] * (day.end_s - day.start_s))
                result.append((at, Fault(kind, from_s, from_s + int(hours * _HOUR_S))))
        return result

    def _clocks(self, stands: Sequence[bool]) -> list[int]:
        """Return how many seconds each clock is ahead."""
        lots = self._luck.uniforms("clock", 0, self._keys, 3)
        ahead = [
            round((2 * by - 1) * CLOCK_OFF_S) if off < self.rates.clock_off else 0
            for off, by, _ in lots.tolist()
        ]
        order = sorted((lot[2], at) for at, lot in enumerate(lots.tolist()) if stands[at])
        for _, at in order[: self.rates.far_ahead]:
            ahead[at] = FAR_AHEAD_S
        return ahead
