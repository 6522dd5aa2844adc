"""Plans that are brought into a study: files, text, ready-made ones, and ranges of a number."""

from collections.abc import Sequence

from scenarios.applying import cities
from scenarios.errors import ScenarioError
from scenarios.faults import Fault
from scenarios.files import read_scenario
from scenarios.future import Future
from scenarios.opened import OpenPlace
from scenarios.scenario import Scenario
from scenarios.sweep import Sweep, variants
from twin.words import Language, Text
from web.staff.errors import RefusedError

MOST_VALUES = 40


def read_plans(files: Sequence[tuple[str, bytes]], place: OpenPlace) -> list[Scenario]:
    """Read plans from files by name, each of which can be carried out here.

    Raises
    ------
    RefusedError
        With every fault of every file, and its place in it; or there are no files.
    """
    if not files:
        nothing = Text("Kies een bestand, of plak een plan.", "Choose a file, or paste a plan.")
        raise RefusedError("no plan", [nothing])
    found: list[Scenario] = []
    faults: list[Text] = []
    for name, content in files:
        try:
            plan = read_scenario(content.decode("utf-8"))
            cities(plan, place.city)
        except ScenarioError as err:
            faults += [_in_file(name, fault) for fault in err.found]
        except UnicodeDecodeError:
            faults.append(
                Text(f"{name}: dit is geen tekst (UTF-8).", f"{name}: this is no text (UTF-8).")
            )
        else:
            found.append(plan)
    if faults:
        raise RefusedError("these plans cannot be kept", faults)
    return found


def swept(plan: Scenario, over: str, place: OpenPlace) -> list[tuple[float, Scenario]]:
    """Return a plan with every value of a range, such as ``m1.count=0..40/4``; RefusedError where it is none."""
    try:
        sweep = Sweep.read(over.strip())
        if len(sweep.values()) > MOST_VALUES:
            too_many = Text(
                f"Dit zijn {len(sweep.values())} waarden; hoogstens {MOST_VALUES} mag.",
                f"These are {len(sweep.values())} values; at most {MOST_VALUES} are allowed.",
            )
            raise RefusedError("too many values", [too_many])
        found = [(float(value), one) for value, one in variants(plan, sweep)]
        for _, one in found:
            cities(one, place.city)
    except ScenarioError as err:
        told = [
            Text(f"{over}: {fault.message.nl}", f"{over}: {fault.message.en}")
            for fault in err.found
        ]
        raise RefusedError("this range cannot be used", told) from err
    return found


def futures(place: OpenPlace) -> list[Future]:
    """Return the futures of the place that can be read, today's in front."""
    found: dict[str, Future] = {}
    for path in place.futures():
        try:
            future = place.future(path)
        except ScenarioError:
            continue
        found.setdefault(future.name, future)
    return sorted(found.values(), key=lambda one: one.name != "today")


def fields(plan: Scenario) -> list[str]:
    """Return what can be varied in a plan: numbers of its measures, as a sweep names them."""
    return [
        f"{measure.id}.{name}"
        for measure in plan.measures
        for name, value in measure.model_dump().items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def told(err: ScenarioError, language: Language) -> list[str]:
    """Return what is wrong, each fault with its place."""
    return [_in_file("", fault).into(language) for fault in err.found]


def _in_file(name: str, fault: Fault) -> Text:
    where = ", ".join(filter(None, (name, fault.field)))
    start = f"{where}: " if where else ""
    return Text(f"{start}{fault.message.nl}", f"{start}{fault.message.en}")
