"""Writes the parts of the documentation that follow from the code: ``python -m docs.generate``.

In the pages they stand between ``<!-- generated: NAME -->`` and ``<!-- end -->``; the JSON Schemas
and Mosquitto's configuration for docker-compose are files of their own. A test says when one of
them is out of date.
"""

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import click
import typer

from docs import model_tables, scenario_tables
from docs.tables import row, table
from scenarios.measures import CORE as CORE_MEASURES
from scenarios.schema import scenario_schema
from sensors.adapters import load_adapters
from sensors.mosquitto import MosquittoSettings, Tls, mosquitto_conf
from sensors.schemas import examples, payload_schemas
from sensors.topics import Role, rules
from twin.batch import Reason
from twin.domains import Domain, Quantity, load_domains
from twin.layers import LAYERS
from twin.place.assumptions import ASSUMPTIONS
from twin.place.request import OWN_LAYERS
from twin.readings import Reading
from wijktwin.commands.app import app
from wijktwin.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "docs" / "schemas"
MOSQUITTO = ROOT / "deploy" / "mosquitto.conf"
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

COMPOSE_BROKER = MosquittoSettings(
    directory=PurePosixPath("/broker"),
    host="0.0.0.0",  # inside the network of the compose project only
    tls=Tls(PurePosixPath("/tls/cert.pem"), PurePosixPath("/tls/key.pem")),
)
"""Mosquitto as docker-compose.yml runs it."""

REASONS: dict[Reason, tuple[str, str]] = {
    Reason.TOO_LARGE: ("the payload is larger than 256 kB", "send fewer readings at once"),
    Reason.NOT_JSON: ("the payload is not JSON in UTF-8", "check how it is encoded"),
    Reason.INVALID: (
        "a field is missing, unknown, of the wrong type or out of range, or this device cannot"
        " have seen it",
        "read `field` and `message`, and the schema",
    ),
    Reason.UNKNOWN_TOPIC: (
        "the topic is not of the form `wijk/v1/<domain>/<device>`",
        "see Topics",
    ),
    Reason.UNKNOWN_DEVICE: (
        "no device of that name is registered; there is no receipt, because there is nobody to"
        " send it to",
        "`wijktwin device add`",
    ),
    Reason.UNKNOWN_DOMAIN: ("there is no such domain", "see Topics"),
    Reason.WRONG_DOMAIN: ("the device is registered for another domain", "publish there"),
    Reason.WRONG_KIND: (
        "the device is registered for something else than readings of this `kind` are about",
        "register it on the right thing",
    ),
    Reason.OUTSIDE_PLACE: ("`lon` and `lat` lie outside the place", "check their order"),
    Reason.TOO_FAR_AHEAD: ("`observed_at` is more than 5 minutes ahead", "set the device's clock"),
    Reason.TOO_OLD: (
        "`observed_at` is more than 48 hours ago, and the reading has no `boot` and `seq`",
        "send them, or send sooner",
    ),
    Reason.TOO_MANY_GAPS: (
        "more than 1000 separate stretches of `seq` of this boot are missing",
        "send `oldest`, or start a new `boot`",
    ),
    Reason.KEY_LOST: (
        "the round began before the city process, or before local midnight: its bicycles cannot be told apart",
        "nothing; the next round counts",
    ),
}
"""Why a reading was refused, and what its device's maker can do about it."""

_MANY = 8

_ROLES = {
    Role.DEVICE: "a device, under its own name",
    Role.FLEET: "`wijktwin simulate` and `wijktwin replay`",
    Role.INGEST: "the city process",
    Role.BRIDGE: "what brings in other systems' messages",
}


def blocks() -> dict[str, Callable[[], Iterator[str]]]:
    """Return what makes the lines of each generated part, by its name."""
    return {
        "commands": _commands,
        "settings": _settings,
        "reasons": _reasons,
        "readings": _readings,
        "roles": _roles,
        "quantities": _quantities,
        "protected units": _units,
        "layers": _layers,
        "own layers": _own_layers,
        "assumptions": _assumptions,
        "scenario fields": scenario_tables.scenario_fields,
        "where": scenario_tables.where_fields,
        "hours": scenario_tables.hours_fields,
        "futures": scenario_tables.future_fields,
        "measures": scenario_tables.measures,
        "prices": scenario_tables.prices,
        "norms": scenario_tables.norms,
        "parameters": model_tables.parameters,
        "kinds": model_tables.kinds,
        "indicators": model_tables.indicators,
    }


def page(text: str) -> str:
    """Return a page with its generated parts made anew."""
    known = blocks()

    def fill(found: re.Match[str]) -> str:
        lines = "\n".join(known[found["name"]]())
        return f"<!-- generated: {found['name']} -->\n{lines}\n<!-- end -->"

    return re.sub(
        r"<!-- generated: (?P<name>[a-z ]+) -->\n.*?<!-- end -->", fill, text, flags=re.DOTALL
    )


def files() -> dict[Path, str]:
    """Return everything that is generated: the text of each file."""
    made = {path: page(path.read_text(encoding="utf-8")) for path in PAGES}
    schemas = {**payload_schemas(load_domains()), "scenario": scenario_schema(CORE_MEASURES)}
    for name, schema in schemas.items():
        made[SCHEMAS / f"{name}.json"] = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    made[MOSQUITTO] = (
        "# Made by `python -m docs.generate`; `wijktwin broker config` makes others.\n"
        + mosquitto_conf(COMPOSE_BROKER)
    )
    return made


def main() -> None:
    """Write all files anew."""
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command line that ends in an action: its words, and the command."""
    yield from _walk("wijktwin", typer.main.get_command(app))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for child, each in command.commands.items():
            yield from _walk(f"{name} {child}", each)
    else:
        yield name, command


def _commands() -> Iterator[str]:
    yield from table(("command", "what it does"))
    for name, command in commands():
        first, *_ = inspect.cleandoc(command.help or "").split("\n\n")
        yield row(f"`{name}`", " ".join(first.split()))


def _settings() -> Iterator[str]:
    yield from table(("setting", "variable", "flag", "of", "default", "meaning"))
    for setting in SETTINGS.values():
        having = [name for name, command in commands() if _has(command, setting.name)]
        of = ", ".join(f"`{name.removeprefix('wijktwin ')}`" for name in having)
        default = "" if setting.default is None else f"`{setting.default}`"
        yield row(
            f"`{setting.name}`",
            f"`{setting.variable}`",
            f"`{setting.flag}`" if having else "",
            "most commands" if len(having) > _MANY else of,
            default,
            setting.description,
        )


def _has(command: Any, setting: str) -> bool:
    return {setting, "config"} <= {parameter.name for parameter in command.params}


def _reasons() -> Iterator[str]:
    yield from table(("reason", "what is wrong", "what to do"))
    for reason in Reason:
        yield row(f"`{reason.value}`", *REASONS[reason])


def _readings() -> Iterator[str]:
    for domain in load_domains():
        schema = SCHEMAS.relative_to(ROOT / "docs") / f"{domain.name}.json"
        yield f"### {domain.title.en}: `wijk/v1/{domain.name}/<device>`"
        yield ""
        yield f"Schema: [{domain.name}.json]({schema.as_posix()})."
        by_kind = {example["kind"]: example for example in examples(domain)}
        for sensor in domain.sensors:
            yield ""
            yield from _reading(sensor.title.en, sensor.layer, sensor.reading, by_kind)
        yield ""


def _reading(
    title: str, layer: str | None, model: type[Reading], by_kind: dict[str, Any]
) -> Iterator[str]:
    kind = str(model.model_fields["kind"].default)
    where = f"stands on one of the place's {layer}" if layer else "moves about, or has a position"
    yield f"**`{kind}`**, {title.lower()} ({where}). {_first_sentence(model)}"
    yield ""
    for name, field in model.model_fields.items():
        if name not in Reading.model_fields:
            yield f"- `{name}`: {_lower(field.description or '')}"
    if kind in by_kind:
        yield ""
        yield "```json"
        yield json.dumps(by_kind[kind], ensure_ascii=False)
        yield "```"


def _roles() -> Iterator[str]:
    foreign = [topics for adapter in load_adapters() for topics in adapter.subscriptions]
    yield from table(("role", "who", "may read", "may write"))
    for role in Role:
        granted = rules(role, foreign)
        topics = {
            access: ", ".join(
                f"`{rule.topics.replace('%u', '<own name>')}`"
                for rule in granted
                if rule.access == access
            )
            for access in ("read", "write")
        }
        yield row(f"`{role.value}`", _ROLES[role], topics["read"], topics["write"])


def _quantities() -> Iterator[str]:
    yield from table(("quantity", "what", "per", "windows", "protects", "k", "ρ a day", "σ"))
    for domain in load_domains():
        for quantity in domain.quantities:
            yield row(*_quantity(domain, quantity))


def _quantity(domain: Domain, quantity: Quantity) -> Iterator[str]:
    yield f"`{quantity.name}`"
    yield _lower(quantity.title.en)
    rule = domain.cells
    size = f" ({rule.at_least} or more in {rule.layer})" if rule.layer else " (one hexagon)"
    yield f"cell{size}" if quantity.units == "cells" else quantity.units.removesuffix("s")
    hours = ", ".join(f"{hour:02}:00" for hour in quantity.windows.hours)
    yield {"snapshot": f"at {hours}", "hour": "every hour", "day": "every day"}[
        quantity.windows.kind
    ]
    yield quantity.protects.what.en
    yield str(quantity.counts_per_day)
    yield f"{quantity.rho_per_day:g}"
    yield f"{quantity.sigma:.1f}"


def _units() -> Iterator[str]:
    yield from table(("unit", "what", "ρ a day", "in any 28 days", "in any 365 days", "because"))
    units = {
        quantity.protects.name: quantity.protects
        for domain in load_domains()
        for quantity in domain.quantities
    }
    for unit in units.values():
        yield row(
            f"`{unit.name}`",
            unit.what.en,
            f"{unit.rho_per_day:g}",
            f"{unit.rho_per_28_days:g}",
            f"{unit.rho_per_year:g}",
            unit.because.en,
        )


def _layers() -> Iterator[str]:
    yield from table(("layer", "shape", "columns that everybody may see"))
    for layer in LAYERS:
        if layer.is_public:
            public = ", ".join(f"`{name}`" for name in layer.public_columns)
            yield row(f"`{layer.name}`", layer.shape, public)


def _own_layers() -> Iterator[str]:
    yield from table(("layer", "shapes", "columns that a file may fill"))
    for name, layer in OWN_LAYERS.items():
        shapes = ", ".join(shape for shape in layer.shapes if not shape.startswith("Multi"))
        fillable = ", ".join(
            f"`{column}`" + (" (needed)" if column in layer.required else "")
            for column in layer.columns
        )
        yield row(f"`{name}`", shapes.lower(), fillable)


def _assumptions() -> Iterator[str]:
    yield from table(("name", "value", "what it is", "source"))
    for name, value, meaning, source in ASSUMPTIONS.rows():
        yield row(f"`{name}`", value, meaning, source)


def _first_sentence(model: type[Reading]) -> str:
    return " ".join((inspect.getdoc(model) or "").split("\n\n")[0].split())


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


if __name__ == "__main__":
    main()
