"""The measures: what can be changed in a city.

The core ones stand in `CORE`; a package from outside adds its own through the entry point group
``wijktwin.measures`` (each entry a subclass of `Measure`), and is treated alike.
"""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import Field, PlainValidator, SerializeAsAny, TypeAdapter, WithJsonSchema

from scenarios.errors import MeasureError
from scenarios.measures.add_bays import AddBays
from scenarios.measures.add_racks import AddRacks
from scenarios.measures.benches_and_green import BenchesAndGreen
from scenarios.measures.bicycle_street import BicycleStreet
from scenarios.measures.close_attractor import CloseAttractor
from scenarios.measures.close_street import CloseStreet
from scenarios.measures.convert_bays import ConvertBays
from scenarios.measures.event import Event
from scenarios.measures.garage_tariff import GarageTariff
from scenarios.measures.max_stay import MaxStay
from scenarios.measures.measure import Measure
from scenarios.measures.mobility_hub import MobilityHub
from scenarios.measures.move_racks import MoveRacks
from scenarios.measures.new_housing import NewHousing
from scenarios.measures.one_way import OneWay
from scenarios.measures.open_attractor import OpenAttractor
from scenarios.measures.open_garage import OpenGarage
from scenarios.measures.permit_zone import PermitZone
from scenarios.measures.removal_round import RemovalRound
from scenarios.measures.remove_bays import RemoveBays
from scenarios.measures.remove_racks import RemoveRacks
from scenarios.measures.resize_garage import ResizeGarage
from scenarios.measures.tariff import Tariff
from scenarios.measures.widen_pavement import WidenPavement
from scenarios.prices import Prices, read_prices

__all__ = [
    "CORE",
    "AnyMeasure",
    "Measure",
    "check_measures",
    "load_measures",
    "load_prices",
    "measure_adapter",
]

CORE: tuple[type[Measure], ...] = (
    RemoveBays,
    AddBays,
    ConvertBays,
    Tariff,
    MaxStay,
    PermitZone,
    OpenGarage,
    ResizeGarage,
    GarageTariff,
    CloseStreet,
    OneWay,
    BicycleStreet,
    AddRacks,
    MoveRacks,
    RemoveRacks,
    RemovalRound,
    OpenAttractor,
    CloseAttractor,
    Event,
    NewHousing,
    MobilityHub,
    BenchesAndGreen,
    WidenPavement,
)
ENTRY_POINTS = "wijktwin.measures"


@cache
def load_measures() -> tuple[type[Measure], ...]:
    """Return the core measures and those that installed packages bring, looked up once.

    Raises
    ------
    MeasureError
        A measure from outside is declared wrongly; every fault is named.
    """
    outside = [
        entry.load() for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: e.name)
    ]
    measures = (*CORE, *outside)
    check_measures(measures)
    return measures


def load_prices(path: Path | None = None) -> Prices:
    """Return the prices that all measures need, those of a city's own file in their place.

    Raises
    ------
    PriceError
        With every fault of the file.
    """
    own = {name: each for measure in load_measures() for name, each in measure.own_prices.items()}
    return read_prices(path, own)


def check_measures(measures: Iterable[Any]) -> None:
    """Raise MeasureError with every fault in how measures are declared."""
    faults: list[str] = []
    kinds: set[str] = set()
    for measure in measures:
        if not (isinstance(measure, type) and issubclass(measure, Measure)):
            faults.append(f"{measure!r} is no Measure")
            continue
        name, kind = measure.__name__, kind_of(measure)
        if kind is None or not kind.isidentifier() or not kind.islower():
            faults.append(f"{name}: kind must be a Literal of one lower-case identifier")
        elif kind in kinds:
            faults.append(f"{name}: the kind {kind!r} is used twice")
        else:
            kinds.add(kind)
        if not hasattr(measure, "title"):
            faults.append(f"{name}: it has no title")
    if faults:
        raise MeasureError("measures are declared wrongly", faults)


def kind_of(measure: type[Measure]) -> str | None:
    """Return what the measure is called in a file; None where that is not declared."""
    declared: Any = measure.model_fields["kind"].annotation
    values = get_args(declared) if get_origin(declared) is Literal else ()
    return str(values[0]) if len(values) == 1 else None


def measure_adapter() -> TypeAdapter[Measure]:
    """Return what reads any one measure, by its ``kind``."""
    return _adapter(load_measures())


@cache
def _adapter(measures: tuple[type[Measure], ...]) -> TypeAdapter[Measure]:
    one: Any = Annotated[Union[measures], Field(discriminator="kind")]  # noqa: UP007
    return cast("TypeAdapter[Measure]", TypeAdapter(one))


def _read(value: object) -> Measure:
    return value if isinstance(value, Measure) else measure_adapter().validate_python(value)


AnyMeasure = Annotated[
    SerializeAsAny[Measure], PlainValidator(_read), WithJsonSchema({"type": "object"})
]
"""One of the measures, whichever are installed."""
