"""`Calibration`: what is known of a place's parameters, saved, with how far it can be believed."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.calibration.members import Ensemble, Layout, prior
from scenarios.day.parameters import LOCAL, Local, Parameters
from scenarios.errors import CalibrationError
from scenarios.future import Future

VERSION = 2
UNCALIBRATED_SEED = 1

ALL_DAYS = "all"
"""Of a `Fit`: not of one kind of day."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a calibration did in days that it had not seen, for one quantity.

    ``rmse``, ``bias`` and ``r2`` compare the median of the members with what was published, and
    ``rmse_without_noise`` with what that would have been without its noise and chance; ``held``
    is the part of the published figures inside the 80 % interval of the members, with the noise of the
    figures and ``own_error``: how far the simulated day was off in the days that were fitted, beyond
    noise and anything a parameter explains, as a share, or of counts as a part. ``usual`` and
    ``usual_without_noise`` are as ``rmse``, of the typical week of the days that were fitted: as near as
    anybody could come who only knows those. ``day`` is a kind of day, or "all".
    """

    quantity: str
    day: str
    count: int
    rmse: float
    rmse_without_noise: float
    bias: float
    r2: float
    held: float
    own_error: float
    usual: float
    usual_without_noise: float


@dataclass(frozen=True)
class Calibration:
    """An ensemble of parameters, and where it comes from.

    Attributes
    ----------
    place
        Name of the place.
    fitted, held_out
        Days [since, until) that were fitted, and those that it was judged by; None for a place
        without figures, for which the members are draws from the priors.
    origins
        Origins of the figures.
    fits
        Errors in the days held out.
    """

    place: str
    ensemble: Ensemble
    fitted: tuple[str, str] | None = None
    held_out: tuple[str, str] | None = None
    origins: tuple[str, ...] = ()
    fits: tuple[Fit, ...] = ()

    @classmethod
    def uncalibrated(cls, place: str, members: int = 64) -> "Calibration":
        """Return draws from the priors: what is assumed of a place without figures."""
        return cls(place, prior(Layout(), members, np.random.default_rng(UNCALIBRATED_SEED)))

    @property
    def is_calibrated(self) -> bool:
        """Whether any published figure had a say."""
        return self.fitted is not None

    def draw(self, number: int, future: Future | None = None) -> tuple[Parameters, Local]:
        """Return the parameters and local factors of a member; beyond the last, from the first again."""
        member = number % len(self.ensemble)
        parameters = self.ensemble.parameters(member)
        return (
            parameters if future is None else in_future(parameters, future),
            self.ensemble.local(member),
        )

    def fingerprint(self) -> str:
        """Return the SHA-256 of what the members say."""
        layout = self.ensemble.layout
        content = hashlib.sha256(self.ensemble.members.tobytes())
        content.update(layout.squares.tobytes() + layout.of_square.tobytes())
        content.update(",".join((*Parameters.names(), *LOCAL, *layout.units)).encode())
        return content.hexdigest()

    def write(self, path: Path) -> None:
        """Save it as JSON; half a file is never seen."""
        content = {
            "version": VERSION,
            "place": self.place,
            "fitted": self.fitted,
            "held_out": self.held_out,
            "origins": self.origins,
            "fits": [asdict(fit) for fit in self.fits],
            "parameters": Parameters.names(),
            "local": LOCAL,
            "cells": self.ensemble.layout.cells,
            "squares": self.ensemble.layout.squares.tolist(),
            "of_square": self.ensemble.layout.of_square.tolist(),
            "units": self.ensemble.layout.units,
            "members": self.ensemble.members.tolist(),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(content), encoding="utf-8")
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """Read a saved one.

        Raises
        ------
        CalibrationError
            It is damaged, or of a version whose parameters are others.
        """
        try:
            content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            is_known = content["version"] == VERSION and content["local"] == list(LOCAL)
            if not is_known or content["parameters"] != Parameters.names():
                raise CalibrationError(
                    f"{path.name} is of another version of the model: run wijktwin calibrate"
                )
            return cls(
                place=str(content["place"]),
                ensemble=Ensemble(
                    np.array(content["members"], float),
                    Layout(
                        tuple((str(name), str(cell)) for name, cell in content["cells"]),
                        tuple(content["units"]),
                        np.array(content["squares"], np.int64),
                        np.array(content["of_square"], np.int64).reshape(-1, len(LOCAL)),
                    ),
                ),
                fitted=_days(content["fitted"]),
                held_out=_days(content["held_out"]),
                origins=tuple(content["origins"]),
                fits=tuple(Fit(**fit) for fit in content["fits"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise CalibrationError(f"{path.name} cannot be read: {err}") from err


def _days(value: Any) -> tuple[str, str] | None:
    return None if value is None else (str(value[0]), str(value[1]))


def in_future(parameters: Parameters, future: Future) -> Parameters:
    """Return parameters under assumptions about demand."""
    return replace(
        parameters,
        cars_per_dwelling=parameters.cars_per_dwelling * future.car_ownership * future.population,
        strolls=parameters.strolls * future.population,
        home_bikes=parameters.home_bikes * future.population,
        shopping=parameters.shopping * future.shopping,
        cycling=parameters.cycling * _more_cycling(future),
        cargo_bikes=(
            parameters.cargo_bikes if future.cargo_bike_share is None else future.cargo_bike_share
        ),
    )


E_BIKES_TODAY = 0.35
E_BIKE_MORE = 0.3
"""Part of the bikes that are electric today, and how much more an electric bike is ridden to than
another (assumed)."""


def _more_cycling(future: Future) -> float:
    """Return the wish to come by bike, as a part of today's."""
    if future.e_bike_share is None:
        return 1.0
    return (1 + E_BIKE_MORE * future.e_bike_share) / (1 + E_BIKE_MORE * E_BIKES_TODAY)
