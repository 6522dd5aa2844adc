"""The settings: one table, filled from flags, ``WIJKTWIN_*`` variables, a TOML file and defaults."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

from annotated_types import Ge, Gt, Le

from twin.errors import SettingsError

PREFIX = "WIJKTWIN_"
CONFIG = "WIJKTWIN_CONFIG"
"""The variable that names the TOML file; it is no setting itself."""

FILE = Path("wijktwin.toml")
"""The file in the current directory that is read where no other is named; it need not exist."""

PLACE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Says:
    """What a setting is for."""

    text: str


Port = Annotated[int, Ge(1), Le(65535)]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set; a flag wins over a variable, a variable over the file."""

    data: Annotated[Path, Says("Folder in which everything lives")] = Path("data")
    place: Annotated[str, Says("Name of the place to run")] = "helsinki"
    host: Annotated[str, Says("Address on which the pages are served")] = "127.0.0.1"
    port: Annotated[Port, Says("Port of the pages")] = 8000
    proxy: Annotated[
        str,
        Says(
            "Address of the web server in front of the pages, which is believed on where a visitor"
            " comes from and whether by https; * for any"
        ),
    ] = "127.0.0.1"
    broker: Annotated[
        Literal["embedded", "external"],
        Says("embedded: a broker in the city process; external: one that runs elsewhere"),
    ] = "embedded"
    mqtt_host: Annotated[str, Says("Address of the broker")] = "127.0.0.1"
    mqtt_port: Annotated[Port, Says("Port of the broker")] = 1883
    mqtt_username: Annotated[str | None, Says("Name to sign in with at the broker")] = None
    mqtt_password: Annotated[str | None, Says("Password to sign in with at the broker")] = field(
        default=None, repr=False
    )
    mqtt_ca_file: Annotated[
        Path | None, Says("Certificate authority of a broker with TLS (PEM file)")
    ] = None
    mosquitto_files: Annotated[
        Path | None,
        Says(
            "Folder in which the city process keeps an external Mosquitto's users and rules"
            " (by default it keeps none)"
        ),
    ] = None
    store: Annotated[
        str | None,
        Says(
            "The city store: a DuckDB file, or ducklake:… for a DuckLake"
            " (by default a file in the place's folder)"
        ),
    ] = None
    metrics_port: Annotated[
        int,
        Ge(0),
        Le(65535),
        Says("Port of the Prometheus metrics on the loopback address; 0 for none"),
    ] = 9108
    simulated: Annotated[
        bool | None,
        Says(
            "Run simulated devices: the place is then a demonstration"
            " (by default `up` does and `city` does not)"
        ),
    ] = None
    retention_days: Annotated[
        int,
        Ge(3),
        Says(
            "Days that readings are kept before they are taken off the disk; over 7 only with a warning"
        ),
    ] = 7
    history_days: Annotated[
        int, Ge(0), Le(366), Says("Days of simulated history at the first start")
    ] = 28
    seed: Annotated[int, Ge(0), Says("Seed of the simulated neighbourhood")] = 1
    speed: Annotated[
        float, Gt(0), Le(3600), Says("How many times faster than the wall the place's clock runs")
    ] = 1.0
    start: Annotated[
        datetime | None,
        Says(
            "Local date and time at which the place's clock starts, such as 2024-03-01T06:00"
            " (by default now); it then runs on, also while nothing else does"
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. ``type`` has the limits of a value; ``plain`` is the type without them."""

    name: str
    type: Any
    plain: Any
    default: Any
    description: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{PREFIX}{self.name.upper()}"

    @property
    def flag(self) -> str:
        """The flag that sets it, in commands that have it."""
        return f"--{self.name.replace('_', '-')}"


def _table() -> dict[str, Setting]:
    full, plain = get_type_hints(Settings, include_extras=True), get_type_hints(Settings)
    return {
        each.name: Setting(
            each.name,
            full[each.name],
            plain[each.name],
            each.default,
            next(note.text for note in get_args(full[each.name]) if isinstance(note, Says)),
        )
        for each in fields(Settings)
    }


SETTINGS: Mapping[str, Setting] = _table()


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    config: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings; flags that are None were not given.

    ``config`` is the TOML file; else ``WIJKTWIN_CONFIG`` names it; else it is ``wijktwin.toml``
    in the current directory, if there is one.

    Raises
    ------
    SettingsError
        With every fault, each with where the value came from.
    """
    chosen = config or (Path(environment[CONFIG]) if environment.get(CONFIG) else None)
    path = chosen or FILE
    given: dict[str, tuple[Any, str]] = {}
    faults: list[str] = []
    for name, value in _read(path, must_exist=chosen is not None).items():
        if name in SETTINGS:
            given[name] = value, f"{name} in {path}"
        else:
            faults.append(f"{name} in {path}: there is no such setting")
    for setting in SETTINGS.values():
        if text := environment.get(setting.variable):
            given[setting.name] = text, setting.variable
    for name, value in (flags or {}).items():
        if value is not None:
            given[name] = value, SETTINGS[name].flag
    return _checked(given, faults)


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the variables under which another process has the same settings."""
    given = {name: value for name, value in asdict(settings).items() if value is not None}
    return {SETTINGS[name].variable: str(value) for name, value in given.items()}


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the ``WIJKTWIN_*`` variables that mean nothing, sorted."""
    known = {CONFIG, *(setting.variable for setting in SETTINGS.values())}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _read(path: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as err:
        if must_exist:
            raise SettingsError("the settings cannot be read", [f"there is no {path}"]) from err
        return {}
    except (OSError, ValueError) as err:
        raise SettingsError("the settings cannot be read", [f"{path}: {err}"]) from err


def _checked(given: Mapping[str, tuple[Any, str]], faults: list[str]) -> Settings:
    from pydantic import TypeAdapter, ValidationError

    values: dict[str, Any] = {}
    for name, (value, where) in given.items():
        try:
            values[name] = TypeAdapter[Any](SETTINGS[name].type).validate_python(value)
        except ValidationError as err:
            shown = "(not shown)" if name == "mqtt_password" else repr(value)
            reason = err.errors(include_url=False)[0]["msg"]
            faults.append(f"{where}: {shown} will not do: {reason[0].lower()}{reason[1:]}")
    place = values.get("place")
    if place is not None and not PLACE_NAME.fullmatch(place):
        where = given["place"][1]
        faults.append(f"{where}: {place!r} will not do: lower-case letters, digits and dashes will")
    if faults:
        raise SettingsError("the settings are not right", faults)
    return Settings(**values)
