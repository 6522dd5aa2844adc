"""Run the release job in processes that die at a given step, and say what the next one makes of it.

``python crashing.py FOLDER POINTS PART PARTS`` prints one JSON line for a run that does not die, and
then one for each of so many points spread evenly over its steps: what had been published when the
process died there, and what is published and charged after the next start. Of the points it does
every PARTS-th, from PART on, so that several processes can share them.
"""

import json
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from tiny import tiny_city
from trusted import trust_extensions

from twin import disk
from twin.domains import load_domains
from twin.privacy import published, release
from twin.privacy.published import adopt, publish, unpublished
from twin.store import Store, StoreLocation

SINCE = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=1, hours=3)
CLOSED_AT_HOURS = (2, 4, 11, 17, 27)
CITY, DOMAINS = tiny_city(), load_domains()
CRASHED = 9
NEVER = 10**6
IS_BROKEN = bool(os.environ.get("BROKEN"))


def main() -> None:
    folder = Path(sys.argv[1])
    points, part, parts = (int(argument) for argument in sys.argv[2:5])
    trust_extensions()
    trial = folder / f"trial-{part}"
    steps = _tried(folder, trial, NEVER)
    for point in range(part, points, parts):
        _tried(folder, trial, point * steps // points)


def _tried(folder: Path, trial: Path, step: int) -> int:
    """Let a process die at a step, start again, and print what came of it; return the steps there were."""
    shutil.copytree(folder / "prepared", trial)
    ended = _in_a_process(lambda: _release(trial, die_at=step))
    before = _values(trial / "public")
    _in_a_process(lambda: _release(trial, die_at=None))
    after = _values(trial / "public")
    charges = pq.read_table(trial / "public" / "ledger.parquet").to_pylist()
    keys = [(row["quantity"], row["origin"], str(row["window_start"])) for row in charges]
    found = {
        "step": step,
        "crashed": ended == CRASHED,
        "published_before": len(before),
        "answered_again": sum(after.get(key) != value for key, value in before.items()),
        "values": len(after),
        "charged_twice": len(keys) - len(set(keys)),
        "windows": len(keys),
        "rho": round(sum(row["rho"] for row in charges), 9),
    }
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    taken = int((trial / "steps").read_text()) if step == NEVER else 0
    shutil.rmtree(trial)
    return taken


def _in_a_process(work) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException as err:
            sys.stderr.write(f"{err!r}\n")
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _release(trial: Path, die_at: int | None) -> None:
    """Start, take over what was published, close what is due, publish; die at a step, as by kill -9."""
    location = StoreLocation(path=trial / "city.duckdb")
    store = Store.open(location, crs=CITY.crs, domains=DOMAINS, now=UNTIL)
    public = trial / "public"
    if IS_BROKEN:
        _publish_before_storing(public)
    if die_at is not None:
        _die_at(store, die_at, trial / "steps")
    if not IS_BROKEN:
        adopt(store, public, DOMAINS)
    publish(store, public, unpublished(store, public))
    for hour in CLOSED_AT_HOURS:
        now = SINCE + timedelta(hours=hour)
        publish(store, public, release.close_windows(store, DOMAINS, zone=CITY.zone, now=now))
    store.close()


def _publish_before_storing(public: Path) -> None:
    """Break the release job: values go out before they are stored, and nothing looks at what is out."""
    store_drawn = release._store

    def published_first(store, drawn, ledger):
        for table in drawn.releases:
            quantity, day = table["quantity"][0].as_py(), table["day"][0].as_py()
            path = public / "release" / quantity / f"{day}.parquet"
            if not path.exists():
                published.write_parquet(table.drop_columns(["quantity", "day"]), path)
        store_drawn(store, drawn, ledger)

    release._store = published_first


def _die_at(store: Store, step: int, steps: Path) -> None:
    """Count every statement and every step of writing a file, and end the process at one of them."""
    done = iter(range(NEVER))

    def counted(work, *, half=None):
        def wrapper(*arguments, **options):
            at = next(done)
            if step == NEVER:
                steps.write_text(str(at + 1))
            if at == step:
                if half is not None:
                    half(*arguments)
                os._exit(CRASHED)
            return work(*arguments, **options)

        return wrapper

    class Connection:
        def __init__(self, connection):
            self._connection = connection
            self.execute = counted(connection.execute)

        def __getattr__(self, name):
            return getattr(self._connection, name)

    store._connection = Connection(store._connection)
    published.sync = counted(disk.sync)
    published.pq.write_table = counted(
        pq.write_table, half=lambda _table, path: path.write_bytes(b"PAR1 half of it")
    )
    Path.replace = counted(Path.replace)


def _values(public: Path) -> dict[str, object]:
    """Return every published value, by quantity, window, origin and unit."""
    values: dict[str, object] = {}
    for path in sorted(public.glob("release/*/*.parquet")):
        for row in pq.read_table(path).to_pylist():
            key = f"{path.parent.name} {row['window_start']} {row['origin']} {row['unit']}"
            values[key] = (row["value"], row["covered"], row["rho"])
    return values


if __name__ == "__main__":
    main()
