"""A batch of readings and what becomes of it: stored once, with its progress, or not at all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

import pyarrow as pa

from twin.domains.domain import Domain
from twin.readings import ENVELOPE, Device, Reading, measured_columns
from twin.settled import Settled
from twin.store import Store

HORIZON = timedelta(hours=48)
"""How far back a reading without boot and seq is recognised as a duplicate; older ones are refused."""


FORGET_EVERY = timedelta(hours=1)
"""How often digests that are past the horizon are dropped."""

MAX_APPENDED = 500_000
"""After how many rows of progress those that are out of date are dropped."""


FORGET_BOOT = timedelta(days=60)
"""How long after its last reading a boot is remembered: long after its windows have closed."""


class Reason(StrEnum):
    """Why a message or a reading was refused."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    INVALID = "invalid"
    UNKNOWN_TOPIC = "unknown_topic"
    UNKNOWN_DEVICE = "unknown_device"
    UNKNOWN_DOMAIN = "unknown_domain"
    WRONG_DOMAIN = "wrong_domain"
    WRONG_KIND = "wrong_kind"
    OUTSIDE_PLACE = "outside_place"
    TOO_FAR_AHEAD = "too_far_ahead"
    TOO_OLD = "too_old"
    TOO_MANY_GAPS = "too_many_gaps"
    KEY_LOST = "key_lost"


@dataclass(slots=True)
class Accepted:
    """One valid reading with its device and position; ``x_m``, ``y_m``, ``hex`` as in `Device`."""

    device: Device
    reading: Reading
    x_m: float | None
    y_m: float | None
    hex: str | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """One refused message or reading: never its payload, only how large it was.

    ``device`` is None unless it is registered. ``boot`` and ``seq`` are known where they could
    be read; then the refusal settles that number. ``message`` is for the device's maker.
    """

    reason: Reason
    size_bytes: int
    device: str | None = None
    domain: str | None = None
    field: str | None = None
    message: str = ""
    boot: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What a device's maker should know of a reading that was accepted; nobody else hears it."""

    device: str
    field: str
    message: str
    boot: str | None
    seq: int | None


@dataclass(slots=True)
class Batch:
    """What was read from some messages, in their order."""

    accepted: list[Accepted] = field(default_factory=list[Accepted])
    rejected: list[Rejected] = field(default_factory=list[Rejected])
    noted: list[Noted] = field(default_factory=list[Noted])

    def __iadd__(self, other: "Batch") -> "Batch":
        """Add what came after."""
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.noted += other.noted
        return self


@dataclass(slots=True)
class Written:
    """What became of a batch.

    ``receipts`` has, for each device and boot the batch touched, the number up to which all is
    settled. ``refused`` are further rejections that only the writing could find.
    """

    stored: int = 0
    duplicates: int = 0
    refused: list[Rejected] = field(default_factory=list[Rejected])
    receipts: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])


class Writer:
    """Writes batches into the store; one writer a store, used by one thread at a time."""

    def __init__(self, store: Store, domains: Sequence[Domain]) -> None:
        self._store = store
        self._domains = {domain.name: domain for domain in domains}
        self._columns = {domain.name: _columns(domain) for domain in domains}
        self._progress: dict[tuple[str, str], Settled] = {}
        self._seen: dict[tuple[str, str], datetime] = {}
        self._oldest: dict[tuple[str, str], int] = {}
        self._recent: dict[str, datetime] = {}
        self._forgot_at = datetime.min.replace(tzinfo=UTC)
        self._next_batch = 0
        self._appended = 0
        self.closed_until: dict[str, datetime] = {}
        """By domain, the moment until which windows are closed: what is older comes too late."""
        self._load()
        self._compact()

    def write(self, batch: Batch, *, received_at: datetime) -> Written:
        """Store the batch in one transaction: new readings, progress and rejections.

        The same readings in any order and with any duplicates give the same tables. If the
        store refuses, nothing of the batch is kept and the error goes to the caller.
        """
        written = Written()
        touched: dict[tuple[str, str], Settled] = {}
        fresh = self._fresh(batch.accepted, touched, written)
        recent = self._not_recent(fresh, written)
        rejected = batch.rejected + written.refused
        for refusal in batch.rejected:
            if refusal.device and refusal.boot and refusal.seq:
                settled = self._settled(touched, (refusal.device, refusal.boot))
                if not settled.is_full(refusal.seq):
                    settled.add(refusal.seq)
        with self._store.transaction():
            for name, rows in _by_domain(fresh).items():
                table = _table(rows, self._columns[name], received_at)
                self._store.insert(self._domains[name].table, table)
            self._save_progress(touched, received_at)
            self._save_recent(recent)
            self._save_rejected(rejected, received_at)
            self._save_too_late(fresh)
        self._next_batch += 1
        self._appended += len(touched)
        self._progress |= touched
        self._seen |= dict.fromkeys(touched, received_at)
        self._recent |= recent
        written.stored = len(fresh)
        for key, settled in touched.items():
            written.receipts[key] = settled.up_to(self._oldest.get(key, 1))
        if self._appended > MAX_APPENDED:
            self._compact()
        if received_at - self._forgot_at > FORGET_EVERY:
            self.forget(now=received_at)
        return written

    def forget(self, *, now: datetime) -> None:
        """Drop what can no longer be a duplicate: digests older than the horizon."""
        self._forgot_at = now
        limit = now - HORIZON
        self._recent = {digest: at for digest, at in self._recent.items() if at > limit}
        with self._store.transaction() as cursor:
            cursor.execute("DELETE FROM city.recent WHERE observed_at <= $limit", {"limit": limit})

    def _load(self) -> None:
        rows = self._store.query(
            """
            SELECT
                device, boot, max(batch) AS batch,
                arg_max(first_seq, batch) AS first_seq,
                arg_max(last_seq, batch) AS last_seq,
                arg_max(beyond, batch) AS beyond,
                max(seen_at) AS seen_at
            FROM city.progress
            GROUP BY device, boot
            """
        ).to_pylist()
        for row in rows:
            flat = [row["first_seq"], row["last_seq"], *row["beyond"]]
            key = row["device"], row["boot"]
            self._progress[key] = Settled.of(flat)
            self._seen[key] = row["seen_at"]
            self._next_batch = max(self._next_batch, row["batch"] + 1)
        for row in self._store.query("SELECT digest, observed_at FROM city.recent").to_pylist():
            self._recent[row["digest"]] = row["observed_at"]

    def _settled(self, touched: dict[tuple[str, str], Settled], key: tuple[str, str]) -> Settled:
        settled = touched.get(key)
        if settled is None:
            known = self._progress.get(key)
            settled = touched[key] = known.copy() if known else Settled()
        return settled

    def _fresh(
        self, accepted: list[Accepted], touched: dict[tuple[str, str], Settled], written: Written
    ) -> list[Accepted]:
        fresh: list[Accepted] = []
        for item in accepted:
            reading = item.reading
            if reading.boot is None or reading.seq is None:
                fresh.append(item)
                continue
            key = (item.device.device, reading.boot)
            settled = self._settled(touched, key)
            if reading.oldest is not None and reading.oldest > self._oldest.get(key, 1):
                self._oldest[key] = reading.oldest
            if settled.is_full(reading.seq):
                written.refused.append(_gaps(item))
            elif settled.add(reading.seq):
                fresh.append(item)
            else:
                written.duplicates += 1
        return fresh

    def _not_recent(self, fresh: list[Accepted], written: Written) -> dict[str, datetime]:
        """Drop readings without boot and seq that were seen before; return the new digests."""
        recent: dict[str, datetime] = {}
        for at in range(len(fresh) - 1, -1, -1):
            reading = fresh[at].reading
            if reading.boot is not None and reading.seq is not None:
                continue
            digest = _digest(fresh[at])
            if digest in self._recent or digest in recent:
                written.duplicates += 1
                del fresh[at]
            else:
                recent[digest] = reading.observed_at
        return recent

    def _save_progress(self, touched: Mapping[tuple[str, str], Settled], now: datetime) -> None:
        """Append how far each boot has come; what was there before is out of date.

        Updating in place leaves dead rows that every later batch reads again.
        """
        moved = {key: settled for key, settled in touched.items() if settled.starts}
        if moved:
            seen = dict.fromkeys(moved, now)
            self._store.insert("progress", _progress_table(moved, seen, self._next_batch))

    def _compact(self) -> None:
        """Keep only the latest progress of each boot, and no boot that has long been silent."""
        latest = max(self._seen.values(), default=None)
        if latest is not None:
            gone = [key for key, at in self._seen.items() if at < latest - FORGET_BOOT]
            for key in gone:
                del self._progress[key], self._seen[key]
                self._oldest.pop(key, None)
        with self._store.transaction() as cursor:
            cursor.execute("DELETE FROM city.progress")
            if self._progress:
                self._store.insert(
                    "progress", _progress_table(self._progress, self._seen, self._next_batch)
                )
        self._appended = 0
        self._next_batch += 1

    def _save_recent(self, recent: Mapping[str, datetime]) -> None:
        if recent:
            self._store.insert(
                "recent",
                pa.table(
                    {
                        "digest": pa.array(list(recent), pa.string()),
                        "observed_at": pa.array(list(recent.values()), ENVELOPE["observed_at"]),
                    }
                ),
            )

    def _save_too_late(self, fresh: Sequence[Accepted]) -> None:
        late = Counter(
            (item.device.domain, item.device.origin.value, item.reading.observed_at.date())
            for item in fresh
            if (until := self.closed_until.get(item.device.domain)) is not None
            and item.reading.observed_at <= until
        )
        if late:
            self._store.insert(
                "too_late",
                pa.table(
                    {
                        "domain": pa.array([domain for domain, _, _ in late], pa.string()),
                        "origin": pa.array([origin for _, origin, _ in late], pa.string()),
                        "day": pa.array([day for _, _, day in late], pa.date32()),
                        "readings": pa.array(list(late.values()), pa.int64()),
                    }
                ),
            )

    def _save_rejected(self, rejected: Sequence[Rejected], received_at: datetime) -> None:
        """Count refusals by device and reason: a flood of them must not flood the store."""
        sizes: dict[tuple[str | None, str | None, str, str | None], list[int]] = defaultdict(list)
        for item in rejected:
            key = item.device, item.domain, item.reason.value, item.field
            sizes[key].append(item.size_bytes)
        if sizes:
            self._store.insert(
                "rejected",
                pa.table(
                    {
                        "received_at": pa.array(
                            [received_at] * len(sizes), ENVELOPE["received_at"]
                        ),
                        "device": pa.array([key[0] for key in sizes], pa.string()),
                        "domain": pa.array([key[1] for key in sizes], pa.string()),
                        "reason": pa.array([key[2] for key in sizes], pa.string()),
                        "field": pa.array([key[3] for key in sizes], pa.string()),
                        "refused": pa.array([len(found) for found in sizes.values()], pa.int64()),
                        "largest_bytes": pa.array(
                            [max(found) for found in sizes.values()], pa.int64()
                        ),
                    }
                ),
            )


def _gaps(item: Accepted) -> Rejected:
    return Rejected(
        reason=Reason.TOO_MANY_GAPS,
        size_bytes=0,
        device=item.device.device,
        domain=item.device.domain,
        field="seq",
        message="too many numbers before this one are missing: start a new boot, or send `oldest`",
        boot=item.reading.boot,
        seq=item.reading.seq,
    )


def _digest(item: Accepted) -> str:
    reading = item.reading
    text = f"{item.device.device}\n{reading.model_dump_json()}"
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _by_domain(accepted: Iterable[Accepted]) -> dict[str, list[Accepted]]:
    found: dict[str, list[Accepted]] = defaultdict(list)
    for item in accepted:
        found[item.device.domain].append(item)
    return found


def _columns(domain: Domain) -> dict[str, pa.DataType]:
    columns: dict[str, pa.DataType] = {}
    for sensor in domain.sensors:
        columns |= measured_columns(sensor.reading)
    return columns


def _table(
    rows: Sequence[Accepted], measured: Mapping[str, pa.DataType], received_at: datetime
) -> pa.Table:
    envelope: dict[str, list[object]] = {
        "device": [row.device.device for row in rows],
        "boot": [row.reading.boot for row in rows],
        "seq": [row.reading.seq for row in rows],
        "observed_at": [row.reading.observed_at for row in rows],
        "received_at": [received_at] * len(rows),
        "origin": [row.device.origin.value for row in rows],
        "kind": [row.reading.kind for row in rows],
        "heartbeat": [row.reading.heartbeat for row in rows],
        "target": [row.device.target for row in rows],
        "hex": [row.hex for row in rows],
    }
    columns = {name: pa.array(values, ENVELOPE[name]) for name, values in envelope.items()}
    for name, kind in measured.items():
        columns[name] = pa.array([row.reading.__dict__.get(name) for row in rows], kind)
    columns["x_m"] = pa.array([row.x_m for row in rows], pa.float64())
    columns["y_m"] = pa.array([row.y_m for row in rows], pa.float64())
    return pa.table(columns)


def _progress_table(
    progress: Mapping[tuple[str, str], Settled],
    seen: Mapping[tuple[str, str], datetime],
    batch: int,
) -> pa.Table:
    return pa.table(
        {
            "device": pa.array([device for device, _ in progress], pa.string()),
            "boot": pa.array([boot for _, boot in progress], pa.string()),
            "first_seq": pa.array([s.starts[0] for s in progress.values()], pa.int64()),
            "last_seq": pa.array([s.ends[0] for s in progress.values()], pa.int64()),
            "beyond": pa.array([s.flat()[2:] for s in progress.values()], pa.list_(pa.int64())),
            "batch": pa.array([batch] * len(progress), pa.int64()),
            "seen_at": pa.array([seen[key] for key in progress], ENVELOPE["received_at"]),
        }
    )
