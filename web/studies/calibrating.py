"""Calibrating a place from the pages: one at a time, in processes of its own that stand back for all else."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from scenarios.calibration.place import calibrate_place
from scenarios.errors import CalibrationError
from scenarios.opened import calibration_file
from scenarios.workers import Workers
from twin.domains import Domain
from twin.errors import WijktwinError
from twin.privacy.public import PublicReader
from web.staff.audit import note
from web.staff.database import Database

_log = logging.getLogger(__name__)

NICENESS = 15

Stage = Literal["idle", "running", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How far a calibration is: a share from 0 to 1, and why it failed if it did."""

    stage: Stage = "idle"
    share: float = 0.0
    why: str = ""


class _StoppedError(WijktwinError):
    """Somebody stopped it."""


class Calibrating:
    """Fits the model to the published figures when asked to; what was found before stays until then."""

    def __init__(
        self,
        database: Database,
        place_directory: Path,
        domains: Sequence[Domain],
        now: Callable[[], datetime],
        *,
        processes: int,
    ) -> None:
        self._database, self._folder, self._domains = database, place_directory, domains
        self._now, self._processes = now, processes
        self._state = Calibrated()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> Calibrated:
        """How far it is."""
        return self._state

    def start(self, *, by: str) -> None:
        """Begin, unless it is being done already."""
        with self._lock:
            if self._state.stage == "running":
                return
            self._note(by, "calibration-started")
            self._stop.clear()
            self._state = Calibrated("running")
            self._thread = threading.Thread(
                target=self._run, args=(by,), name="calibration", daemon=True
            )
            self._thread.start()

    def stop(self, *, by: str) -> None:
        """Stop at the next step; nothing is changed by what was begun."""
        with self._lock:
            if self._state.stage == "running" and not self._stop.is_set():
                self._note(by, "calibration-stopped")
                self._stop.set()

    def close(self) -> None:
        """Stop, and wait until it has."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, by: str) -> None:
        reader = PublicReader(self._folder, self._domains)
        try:
            reader.refresh()
            with Workers(self._processes, niceness=NICENESS) as workers:
                found = calibrate_place(reader, workers, progress=self._progress)
            found.write(calibration_file(self._folder))
            self._note(by, "calibration-done", fitted=found.fitted, held_out=found.held_out)
            self._state = Calibrated("done", 1.0)
        except _StoppedError:
            self._state = Calibrated("stopped")
        except CalibrationError as err:
            self._state = Calibrated("failed", why=str(err))
        except Exception:  # noqa: BLE001 a thread has nobody to tell
            _log.exception("the calibration failed")
            self._state = Calibrated("failed")
        finally:
            reader.close()

    def _progress(self, _what: str, share: float) -> None:
        if self._stop.is_set():
            raise _StoppedError("stopped")
        self._state = Calibrated("running", share)

    def _note(self, by: str, action: str, **detail: object) -> None:
        with self._database.writing() as session:
            note(session, self._now(), who=by, action=action, what="calibration", **detail)
