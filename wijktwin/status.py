"""What the city process says of itself: ``ops/status.json``, which the web process reads."""

import json
import threading
from pathlib import Path

from twin.words import Text
from wijktwin import __version__
from wijktwin.clock import wall_now


class Status:
    """The state of the city process, rewritten whenever it changes and every few seconds."""

    def __init__(self, ops: Path, *, place: str, is_demonstration: bool) -> None:
        self._path = ops / "status.json"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._content: dict[str, object] = {
            "place": place,
            "is_demonstration": is_demonstration,
            "version": __version__,
        }
        self.say("starting", Text("De wijk start op", "The neighbourhood is starting"))

    def say(self, state: str, message: Text, progress: float | None = None) -> None:
        """Say what is going on; ``progress`` runs from 0 to 1."""
        self._content |= {
            "state": state,
            "message": {"nl": message.nl, "en": message.en},
            "progress": progress,
        }
        self.beat()

    def beat(self) -> None:
        """Say that the process is still there."""
        with self._lock:
            self._content["updated_at"] = wall_now().isoformat()
            temporary = self._path.with_suffix(".partial")
            temporary.write_text(json.dumps(self._content))
            temporary.replace(self._path)


def read_status(ops: Path) -> dict[str, object] | None:
    """Return what the city process last said, or None if it never did."""
    try:
        return json.loads((ops / "status.json").read_text())
    except (OSError, ValueError):
        return None
