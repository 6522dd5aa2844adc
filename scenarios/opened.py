"""`open_place`: a place's folder, opened to try plans in."""

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from scenarios import examples
from scenarios.calibration.calibration import Calibration
from scenarios.ensemble import RUNS
from scenarios.files import read_future, read_scenario
from scenarios.future import Future
from scenarios.measures import load_prices
from scenarios.parking_balance import read_norms
from scenarios.scenario import Scenario
from scenarios.study import SEED, Study
from twin.city import City
from twin.domains import load_domains
from twin.privacy.public import PublicReader
from twin.privacy.public_city import public_city


@dataclass(frozen=True)
class OpenPlace:
    """A place as far as everybody may see it, and what was learned from its published figures.

    Attributes
    ----------
    folder
        The place's folder, with ``public/``, and ``plans/`` and ``model/`` where they are there.
    given
        What to use in place of what the folder has learned.
    """

    folder: Path
    city: City
    given: Calibration | None = None

    @cached_property
    def calibration(self) -> Calibration:
        """What `wijktwin calibrate` found; draws from what is assumed where it has not run."""
        if self.given is not None:
            return self.given
        path = calibration_file(self.folder)
        if path.exists():
            return Calibration.read(path)
        return Calibration.uncalibrated(self.city.name)

    def plans(self) -> list[Path]:
        """Return the files of the plans of the place, and of the examples of all places."""
        own = sorted((self.folder / "plans").glob("*.*"))
        return [*own, *sorted(Path(str(examples.FOLDER)).glob("*.yaml"))]

    def plan(self, name: str | Path) -> Scenario:
        """Read a plan: a file, or the name of one of `plans`; a file goes before a name.

        Raises
        ------
        ScenarioError
            With every fault in it, or because there is none.
        """
        named = {path.stem: path for path in reversed(self.plans())}
        path = Path(name)
        return read_scenario(path if path.exists() else named.get(str(name), path))

    def futures(self) -> list[Path]:
        """Return the files of the futures of the place, and of those that come with the program."""
        own = sorted((self.folder / "futures").glob("*.*"))
        return [*own, *sorted(Path(str(files("scenarios") / "futures")).glob("*.yaml"))]

    def future(self, name: str | Path) -> Future:
        """Read a future: a file, or the name of one of `futures`; a file goes before a name.

        Raises
        ------
        ScenarioError
            With every fault in it, or because there is none.
        """
        named = {path.stem: path for path in reversed(self.futures())}
        path = Path(name)
        return read_future(path if path.exists() else named.get(str(name), path))

    def study(
        self,
        plan: Scenario | str | Path,
        *,
        runs: int = RUNS,
        seed: int = SEED,
        prices: Path | None = None,
        norms: Path | None = None,
    ) -> Study:
        """Carry a plan out on paper, ready to run; ``prices`` and ``norms`` are files of a city's own.

        Raises
        ------
        ScenarioError
            With everything because of which it cannot be carried out.
        PriceError
            With every fault of the prices.
        NormError
            With every fault of the parking norms.
        """
        return Study.of(
            plan if isinstance(plan, Scenario) else self.plan(plan),
            self.city,
            self.calibration,
            load_prices(prices),
            norms=read_norms(norms),
            runs=runs,
            seed=seed,
            folder=self.folder / "model" / "baselines",
        )


def calibration_file(folder: Path) -> Path:
    """Return where a place's folder has what the simulated day has learned."""
    return folder / "model" / "calibration.json"


def open_place(folder: Path | str) -> OpenPlace:
    """Open a place's folder; nothing but its public files is read.

    Raises
    ------
    NotReadyError
        No place has been imported there yet.
    """
    root = Path(folder)
    return OpenPlace(root, public_city(PublicReader(root, load_domains())))
