"""Flags that set settings, made from the one table: flag, help and setting always agree."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar, get_args

import typer

from wijktwin.settings import CONFIG, FILE, SETTINGS, Setting, Settings, load_settings

Own = ParamSpec("Own")
Result = TypeVar("Result")

PANEL = "Settings"

_TYPED = (bool, float, int, Path)
"""What the command line reads by itself; the rest it takes as text, for the settings to read."""


def with_settings(
    *names: str,
) -> Callable[[Callable[Concatenate[Settings, Own], Result]], Callable[..., Result]]:
    """Give a command the flags of some settings; it is called with all settings in front.

    >>> @with_settings("port")
    ... def show(settings: Settings) -> int:
    ...     return settings.port
    >>> show(config=None, port=8080)
    8080
    """

    def decorate(command: Callable[Concatenate[Settings, Own], Result]) -> Callable[..., Result]:
        own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
        flags = [*(_flag(SETTINGS[name]) for name in names), _config()]

        @wraps(command)
        def run(*, config: Path | None, **given: Any) -> Result:
            asked = {name: given.pop(name) for name in names}
            settings = load_settings(asked, config=config)
            return command(settings, **given)  # pyright: ignore[reportCallIssue]

        run.__signature__ = inspect.Signature([*own, *flags])  # pyright: ignore[reportAttributeAccessIssue]
        return run

    return decorate


def _flag(setting: Setting) -> inspect.Parameter:
    kinds = {
        kind for kind in (get_args(setting.plain) or (setting.plain,)) if kind is not type(None)
    }
    kind = next(iter(kinds))
    flag = f"{setting.flag}/--no-{setting.flag[2:]}" if kind is bool else setting.flag
    option = typer.Option(flag, help=_help(setting), rich_help_panel=PANEL)
    return _parameter(setting.name, kind if kind in _TYPED else str, option)


def _config() -> inspect.Parameter:
    text = f"TOML file with settings{_dim(f'{CONFIG}, default: {FILE}, where there is one')}"
    option = typer.Option("--config", help=text, rich_help_panel=PANEL)
    return _parameter("config", Path, option)


def _parameter(name: str, kind: Any, option: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, option],
    )


def _help(setting: Setting) -> str:
    default = "" if setting.default is None else f", default: {setting.default}"
    return f"{setting.description}{_dim(setting.variable + default)}"


def _dim(text: str) -> str:
    return f" [dim]\\[{text}][/dim]"
