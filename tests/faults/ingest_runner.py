"""An ingest process of its own, for tests that kill it: ``ingest_runner.py PORT STORE``."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tiny import tiny_city, tiny_devices

from sensors.connection import Connection
from sensors.door import Door
from sensors.ingest import Ingest, Limits
from sensors.topics import READINGS
from twin.batch import Writer
from twin.domains import load_domains
from twin.store import Store, StoreLocation

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def main() -> None:
    city, domains = tiny_city(), load_domains()
    location = StoreLocation(path=Path(sys.argv[2]))
    store = Store.open(location, crs=city.crs, domains=domains, now=NOW)
    ingest = Ingest(
        Connection(port=int(sys.argv[1]), client_id="ingest"),
        door=Door(city, domains, devices=tiny_devices(city)),
        writer=Writer(store, domains),
        now=lambda: NOW,
        subscriptions=[READINGS],
        limits=Limits(batch=50, wait_s=0.01, receive_maximum=500, receipt_every_s=0.02),
    )
    ingest.start()
    while not ingest.statistics.is_connected:
        time.sleep(0.01)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    ingest.stop()
    store.close()


if __name__ == "__main__":
    main()
