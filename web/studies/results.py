"""Results of a study on disk: the effects of each variant in each future, and what they were found with."""

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scenarios.ensemble import Effects
from scenarios.errors import EffectsError
from scenarios.future import Future
from scenarios.study import Study
from web.plans.model import Model
from web.studies.study import KeptStudy, Variant

DAYS = "days"
"""The folder of days that were lived, so that what was broken off goes on where it was."""

_FINGERPRINTS = ("city_sha256", "calibration_sha256", "code_sha256")


@dataclass(frozen=True)
class Found:
    """One variant in one future: what gave its effects, as it is now, and the effects."""

    variant: Variant
    future: Future | None
    study: Study
    effects: Effects


def prepare(
    model: Model, kept: KeptStudy, variant: Variant, future: Future | None, folder: Path
) -> Study:
    """Return a variant in a future, ready to be run.

    Raises
    ------
    ScenarioError
        With everything because of which it cannot be carried out.
    """
    study = replace(model.place.study(variant.plan, runs=kept.runs), days=folder / DAYS)
    return study if future is None else study.in_future(future)


def save(folder: Path, kept: KeptStudy, variant: Variant, study: Study, effects: Effects) -> None:
    """Keep the effects of a variant in a future."""
    path = effects_file(folder, kept, variant, study.scenario.future if kept.futures else None)
    record = json.dumps(study.record(), ensure_ascii=False, sort_keys=True, indent=2)
    folder.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".json").write_text(record, encoding="utf-8")
    effects.write(path)


def read(
    model: Model, kept: KeptStudy, variant: Variant, future: Future | None, folder: Path
) -> Found:
    """Return what was found of a variant in a future.

    Raises
    ------
    ScenarioError
        The plan can no longer be carried out: the place has changed since.
    EffectsError
        The files are gone or damaged, or the place has other streets by now.
    """
    study = prepare(model, kept, variant, future, folder)
    effects = Effects.read(effects_file(folder, kept, variant, future))
    if list(effects.segments) != [str(one) for one in study.before.segments["segment"]]:
        raise EffectsError("the place has other streets by now: run it again")
    return Found(variant, future, study, effects)


def is_outdated(path: Path, study: Study) -> bool:
    """Return whether effects come from another place, calibration or program than those of now."""
    now = study.record()
    try:
        then: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    return any(then.get(name) != now[name] for name in _FINGERPRINTS)


def effects_file(folder: Path, kept: KeptStudy, variant: Variant, future: Future | None) -> Path:
    """Return where the effects of a variant in a future are kept."""
    name = future.name if future else "own"
    return folder / f"{variant.id}-{kept.day}-{kept.runs}-{name}.npz"


def erase(folder: Path) -> None:
    """Delete everything that is kept of a study."""
    shutil.rmtree(folder, ignore_errors=True)
