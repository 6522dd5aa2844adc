"""What the city process says of itself: ``ops/status.json``, which the web process reads."""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from twin.words import Text
from wijktwin import __version__
from wijktwin.clock import wall_now


class Status:
    """The state of the city process, rewritten whenever it changes and every few seconds."""

    def __init__(
        self,
        ops: Path,
        *,
        place: str,
        has_fleet: bool = False,
        retention_days: int,
        tell: Callable[[Text, float | None], None] = lambda _message, _progress: None,
    ) -> None:
        self._tell = tell
        self._path = ops / "status.json"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._content: dict[str, object] = {
            "place": place,
            "is_demonstration": has_fleet,
            "has_fleet": has_fleet,
            "retention_days": retention_days,
            "version": __version__,
            "process": os.getpid(),
        }
        self.say("starting", Text("De wijk start op", "The neighbourhood is starting"))

    def say(self, state: str, message: Text, progress: float | None = None) -> None:
        """Say what is going on; ``progress`` runs from 0 to 1."""
        self._content |= {
            "state": state,
            "message": {"nl": message.nl, "en": message.en},
            "progress": progress,
        }
        self._tell(message, progress)
        self.beat()

    def mark(self, *, is_demonstration: bool) -> None:
        """Say whether there are simulated devices here."""
        self._content["is_demonstration"] = is_demonstration
        self.beat()

    def beat(self) -> None:
        """Say that the process is still there."""
        with self._lock:
            self._content["updated_at"] = wall_now().isoformat()
            temporary = self._path.with_suffix(".partial")
            temporary.write_text(json.dumps(self._content))
            temporary.replace(self._path)


@dataclass(frozen=True, slots=True)
class Said:
    """What the city process last said of itself, in English; ``process`` is its number.

    ``has_fleet``: whether it runs the simulated devices itself.
    """

    state: str
    message: str
    progress: float | None
    process: int
    has_fleet: bool
    updated_at: datetime


def read_status(ops: Path) -> Said | None:
    """Return what the city process last said, or None if it never did."""
    try:
        content = json.loads((ops / "status.json").read_text())
        return Said(
            state=content["state"],
            message=content["message"]["en"],
            progress=content["progress"],
            process=content["process"],
            has_fleet=content["has_fleet"],
            updated_at=datetime.fromisoformat(content["updated_at"]),
        )
    except (OSError, ValueError, KeyError):
        return None
