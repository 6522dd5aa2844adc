"""What operations may know: device health per whole hour, and refusals by day. Never a reading."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from twin.domains import Domain
from twin.privacy.published import write_parquet
from twin.store import Store

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
    """Write ``ops/rejected.parquet``: how many were refused, by whole day, domain and reason."""
    rows = store.query(
        """
        SELECT CAST(received_at AS DATE) AS day, domain, reason, field, sum(refused) AS refused
        FROM city.rejected
        WHERE received_at < $today
        GROUP BY ALL
        ORDER BY ALL
        """,
        {"today": now.replace(hour=0, minute=0, second=0, microsecond=0)},
    )
    write_parquet(rows, ops / "rejected.parquet")


def expire(store: Store, domains: Sequence[Domain], *, before: datetime) -> None:
    """Delete raw readings and refusals received before a moment; `Store.rewrite` takes them off the disk."""
    with store.transaction() as cursor:
        for table in (*(domain.table for domain in domains), "rejected"):
            statement = f"DELETE FROM city.{table} WHERE received_at < $before"  # noqa: S608
            cursor.execute(statement, {"before": before})


def kept_since(now: datetime, retention_days: int) -> datetime:
    """Return what is deleted on the day of ``now``, so that nothing is older before the next day's turn."""
    return now - timedelta(days=retention_days - 1)
