"""What operations may know: health per whole hour; refusals, lateness and room by day. Never a reading."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from twin.domains import Domain
from twin.privacy.published import write_parquet
from twin.store import Store

ENOUGH, LITTLE = 0.25, 0.05
"""Parts of a disk that are free."""

_HOURS = 24


def write_health(store: Store, domains: Sequence[Domain], ops: Path, *, now: datetime) -> None:
    """Write ``ops/devices.parquet``: for each device the share of the last 24 whole hours it lived.

    A device lives in an hour in which it sent a heartbeat; one that moves about, if it drove a
    survey in those hours. Only heartbeats count, because an event would tell of what was seen.
    """
    end = now.replace(minute=0, second=0, microsecond=0)
    parts = [
        store.query(
            f"""
            SELECT
                device.device, device.domain, device.layer, device.target, device.origin,
                CASE
                    WHEN device.layer IS NULL THEN least(count(DISTINCT reading.kind), 1)
                    ELSE count(DISTINCT date_trunc('hour', reading.observed_at)) / {_HOURS}
                END AS alive
            FROM city.device AS device
            LEFT JOIN city.{domain.table} AS reading
                ON reading.device = device.device
                AND (reading.heartbeat OR reading.kind = 'survey')
                AND reading.observed_at >= $start
                AND reading.observed_at < $end
            WHERE device.domain = $domain AND device.until IS NULL
            GROUP BY
                device.device, device.domain, device.layer, device.target, device.origin
            ORDER BY device.device
            """,  # noqa: S608
            {"start": end - timedelta(hours=_HOURS), "end": end, "domain": domain.name},
        )
        for domain in domains
    ]
    write_parquet(pa.concat_tables(parts, promote_options="permissive"), ops / "devices.parquet")


def write_refusals(store: Store, ops: Path, *, now: datetime) -> None:
    """Write ``ops/rejected.parquet``: refusals by whole day, domain, reason and field.

    Only the order of magnitude is told (at least 1, 10, 100…): a device that only ever sends what
    is refused would otherwise tell how often it sent something.
    """
    rows = store.query(
        """
        SELECT
            CAST(received_at AS DATE) AS day,
            domain,
            reason,
            field,
            CAST(10 ** floor(log10(sum(refused))) AS BIGINT) AS at_least
        FROM city.rejected
        WHERE received_at < $today
        GROUP BY ALL
        ORDER BY ALL
        """,
        {"today": _midnight(now)},
    )
    write_parquet(rows, ops / "rejected.parquet")


def write_lateness(store: Store, domains: Sequence[Domain], ops: Path, *, now: datetime) -> None:
    """Write ``ops/lateness.parquet``: how late heartbeats came in, by whole day and domain.

    ``in_time`` and ``within_hour`` are the shares that came within a minute and within an hour.
    Only heartbeats count, because they are sent whether or not anything was seen.
    """
    parts = [
        store.query(
            f"""
            SELECT
                CAST(received_at AS DATE) AS day,
                $domain AS domain,
                count(*) AS heartbeats,
                round(avg(CAST(received_at - observed_at <= INTERVAL 1 MINUTE AS INTEGER)), 3) AS in_time,
                round(avg(CAST(received_at - observed_at <= INTERVAL 1 HOUR AS INTEGER)), 3) AS within_hour
            FROM city.{domain.table}
            WHERE heartbeat AND received_at < $today
            GROUP BY ALL
            ORDER BY ALL
            """,  # noqa: S608
            {"domain": domain.name, "today": _midnight(now)},
        )
        for domain in domains
    ]
    write_parquet(pa.concat_tables(parts, promote_options="permissive"), ops / "lateness.parquet")


def write_storage(store: Store, domains: Sequence[Domain], ops: Path, *, now: datetime) -> None:
    """Write ``ops/storage.parquet``: the oldest day of which readings are there, and how full the disk is.

    The day is that of the oldest heartbeat. How large the store is would be how much came in: of
    the disk is said only whether there is enough room, once a day.
    """
    days = [
        store.query(
            f"SELECT CAST(min(received_at) AS DATE) AS day FROM city.{domain.table} WHERE heartbeat"  # noqa: S608
        )["day"][0].as_py()
        for domain in domains
    ]
    used = shutil.disk_usage(ops)
    row = {
        "oldest": min((day for day in days if day is not None), default=None),
        "room": _room(used.free / used.total),
        "written": now.date(),
    }
    schema = pa.schema([("oldest", pa.date32()), ("room", pa.string()), ("written", pa.date32())])
    write_parquet(pa.Table.from_pylist([row], schema), ops / "storage.parquet")


def _room(free: float) -> str:
    """Return how much room there is on a disk of which this part is free."""
    if free >= ENOUGH:
        return "enough"
    return "little" if free >= LITTLE else "hardly any"


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def expire(store: Store, domains: Sequence[Domain], *, before: datetime) -> None:
    """Delete raw readings and refusals received before a moment; `Store.rewrite` takes them off the disk."""
    with store.transaction() as cursor:
        for table in (*(domain.table for domain in domains), "rejected"):
            statement = f"DELETE FROM city.{table} WHERE received_at < $before"  # noqa: S608
            cursor.execute(statement, {"before": before})


def kept_since(now: datetime, retention_days: int) -> datetime:
    """Return what is deleted on the day of ``now``, so that nothing is older before the next day's turn."""
    return now - timedelta(days=retention_days - 1)
