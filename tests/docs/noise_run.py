"""Uses the domain of docs/domains.md, in a process that has it installed; prints what came of it."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from tiny import tiny_city

from sensors.door import Door, Message
from sensors.registration import register
from sensors.schemas import payload_schemas
from sensors.topics import reading_topic
from twin.batch import Writer
from twin.domains import load_domains
from twin.place import add_cells, save_city, write_public
from twin.privacy.public import PublicReader
from twin.privacy.release import close_windows, publish
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation
from web.app import create_app
from wijktwin.status import Status

SINCE = datetime(2026, 5, 4, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def main(root: Path) -> None:
    """From a declaration to a figure on a page."""
    domains = load_domains()
    noise = next(domain for domain in domains if domain.name == "noise")
    city = add_cells(tiny_city(), {noise.name: noise.cells})
    lon, lat = city.to_degrees.transform(city.boundary.centroid.x, city.boundary.centroid.y)
    meter = register(city, noise, "meter-1", lon=lon, lat=lat)
    save_city(city, root / "city")
    write_public(city, root / "public")
    location = StoreLocation(path=root / "city.duckdb")
    with Store.open(location, crs=city.crs, domains=domains, now=SINCE) as store:
        write_geography(store, city, domains)
        write_devices(store, [(meter, SINCE, None)])
        door = Door(city, domains, devices={meter.device: meter})
        batch = door.read(_messages(), now=SINCE + timedelta(hours=1))
        written = Writer(store, domains).write(batch, received_at=SINCE + timedelta(hours=1))
        publish(
            store,
            root / "public",
            close_windows(store, domains, zone=city.zone, now=SINCE + timedelta(hours=2)),
        )
    figures = PublicReader(root, domains)
    figures.refresh()
    rows = figures.figures("noise_loud").to_pylist()
    figures.close()
    Status(root / "ops", place=city.name).say("ready", noise.title)
    app = create_app(place_directory=root, domains=domains, now=lambda: SINCE + 8 * QUARTER)
    with TestClient(app) as browser:
        page = browser.get("/en/", params={"show": "noise_loud"}).text
    said = {
        "refused": [item.message for item in batch.rejected],
        "stored": written.stored,
        "figures": [row["value"] for row in rows if row["value"] is not None],
        "units": len(rows),
        "schema": payload_schemas(domains)["noise"]["title"],
        "title": noise.quantity("noise_loud").title.en in page,
    }
    sys.stdout.write(json.dumps(said))


def _messages() -> list[Message]:
    """An hour of readings, and one that is not right."""
    readings = [
        {
            "kind": "loud",
            "observed_at": (SINCE + (number + 1) * QUARTER).isoformat(),
            "boot": "first",
            "seq": number + 1,
            "heartbeat": True,
            "times": 50,
            "interval_s": 900,
        }
        for number in range(4)
    ]
    readings.append({**readings[0], "seq": 5, "times": -1})
    topic = reading_topic("noise", "meter-1")
    return [Message(topic, json.dumps(reading).encode()) for reading in readings]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
