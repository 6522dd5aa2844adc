"""Where a place's files are, below the data folder."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import PlaceNotFoundError

if TYPE_CHECKING:
    from twin.store import StoreLocation


@dataclass(frozen=True, slots=True)
class PlaceFolder:
    """One place's folder.

    ``public`` and ``ops`` are all that the web process reads of the city process, and ``model`` and
    ``staff`` are its own; ``city`` and ``store`` belong to the city process.
    """

    root: Path

    @property
    def city(self) -> Path:
        """The imported layers."""
        return self.root / "city"

    @property
    def public(self) -> Path:
        """Protected figures and public layers."""
        return self.root / "public"

    @property
    def ops(self) -> Path:
        """How the city process and the devices are doing."""
        return self.root / "ops"

    @property
    def model(self) -> Path:
        """What was learned from the published figures, and days without a plan."""
        return self.root / "model"

    @property
    def staff(self) -> Path:
        """Accounts of staff, and what they publish: the web process's own database."""
        return self.root / "staff"

    @property
    def lock(self) -> Path:
        """The file that whoever works on the place holds; it stays when the place is replaced."""
        return self.root.parent / f".{self.root.name}.lock"

    def aside(self, when: datetime) -> Path:
        """Where the folder goes when the place is replaced; it is no place any more there."""
        return self.root.parent / "replaced" / f"{self.root.name}-{when:%Y%m%d-%H%M%S}"

    @property
    def logs(self) -> Path:
        """What the processes print under ``wijktwin up``."""
        return self.root / "log"

    @property
    def clock(self) -> Path:
        """The place's clock, where it is not the wall's."""
        return self.root / "clock.json"

    @property
    def registry(self) -> Path:
        """The register of devices."""
        return self.root / "devices.sqlite"

    @property
    def spool(self) -> Path:
        """What simulated devices keep until it is settled."""
        return self.root / "spool"

    def store(self, setting: str | None) -> "StoreLocation":
        """The city store: the setting, or else a file here."""
        from twin.store import StoreLocation

        if setting is not None:
            return StoreLocation.parse(setting)
        return StoreLocation(path=self.root / "store" / "city.duckdb")

    @property
    def is_imported(self) -> bool:
        """Whether a place has been imported here."""
        return (self.city / "city.json").exists()

    def must_exist(self) -> "PlaceFolder":
        """Return the folder, or raise PlaceNotFoundError if no place is in it."""
        if not self.is_imported:
            there = ", ".join(folder.root.name for folder in places(self.root.parent)) or "none yet"
            raise PlaceNotFoundError(
                f"there is no place {self.root.name!r} in {self.root.parent} (there is: {there});"
                " import it first, see wijktwin place import --help"
            )
        return self

    def must_be_published(self) -> "PlaceFolder":
        """Return the folder, or raise PlaceNotFoundError if it has no public layers.

        Those are all that the web process needs, so ``public`` and ``ops`` are all that a
        container of its own must be able to see.
        """
        if not (self.public / "city" / "place.json").exists():
            there = ", ".join(folder.root.name for folder in places(self.root.parent)) or "none yet"
            raise PlaceNotFoundError(
                f"there is no place {self.root.name!r} in {self.root.parent} (there is: {there});"
                " import it first, see wijktwin place import --help"
            )
        return self


def places(data: Path) -> list[PlaceFolder]:
    """Return the folders of the imported places, by name."""
    if not data.is_dir():
        return []
    folders = (PlaceFolder(path) for path in sorted(data.iterdir()) if path.is_dir())
    return [folder for folder in folders if folder.is_imported]
