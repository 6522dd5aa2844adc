"""Tables of the simulated day for the documentation: parameters, kinds of destination, indicators."""

from collections.abc import Iterator

from docs.tables import row, table
from scenarios.day.kinds import KINDS
from scenarios.day.parameters import Parameters
from scenarios.day.rivalry import SHARED
from scenarios.indicators import GROUPS, INDICATORS


def parameters() -> Iterator[str]:
    """Yield every parameter with its range, meaning and source."""
    yield from table(("parameter", "value", "what", "source"))
    for name, value, meaning, source in Parameters.rows():
        yield row(f"`{name}`", value, meaning, source)


def kinds() -> Iterator[str]:
    """Yield every kind of destination."""
    figures = ("visits a weekday", "Saturday, Sunday", "stay (min)", "car, bike, transit", "jobs")
    yield from table(("kind", *figures, "would go to another"))
    for name, kind in KINDS.items():
        yield row(
            name,
            f"{kind.visits:g}",
            ", ".join(f"× {part:g}" for part in kind.days),
            f"{kind.stay_min:g}",
            ", ".join(f"{100 * share:.0f} %" for share in (kind.car, kind.bike, kind.transit)),
            f"{kind.jobs:g}",
            f"{100 * SHARED[name]:.0f} %",
        )


def indicators() -> Iterator[str]:
    """Yield every indicator."""
    yield from table(("indicator", "unit", "better", "for", "what"))
    for one in INDICATORS:
        yield row(f"`{one.name}`", one.unit.en, one.better, GROUPS[one.group].en, one.meaning.en)
