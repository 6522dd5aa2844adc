"""The settings: one table, from flags, ``WIJKTWIN_*`` variables, a TOML file and defaults."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from twin.errors import SettingsError

FILE = Path("wijktwin.toml")


class Settings(BaseSettings):
    """Everything that can be set; a flag wins over a variable, a variable over the file."""

    model_config = SettingsConfigDict(
        env_prefix="WIJKTWIN_", toml_file=FILE, extra="forbid", frozen=True, env_ignore_empty=True
    )

    data: Path = Field(Path("data"), description="Folder in which everything lives")
    place: str = Field("helsinki", description="Name of the place to run", pattern=r"^[a-z0-9][a-z0-9-]*$")
    host: str = Field("127.0.0.1", description="Address on which the pages are served")
    port: int = Field(8000, ge=1, le=65535, description="Port of the pages")
    broker: Literal["embedded", "external"] = Field(
        "embedded", description="Start a broker in the city process, or use one that runs elsewhere"
    )
    mqtt_host: str = Field("127.0.0.1", description="Address of the broker")
    mqtt_port: int = Field(1883, ge=1, le=65535, description="Port of the broker")
    mqtt_username: str | None = Field(None, description="Name under which ingest signs in at the broker")
    mqtt_password: str | None = Field(None, description="Its password", repr=False)
    mqtt_ca_file: Path | None = Field(None, description="Certificate authority of a broker with TLS")
    store: str | None = Field(
        None,
        description="The city store: a DuckDB file, or ducklake:CATALOGUE?data_path=FOLDER"
        " (by default a file in the place's folder)",
    )
    metrics_port: int = Field(
        9108, ge=0, le=65535, description="Loopback port of the Prometheus metrics; 0 switches them off"
    )
    simulated: bool | None = Field(
        None,
        description="Run simulated devices: the place is then a demonstration"
        " (by default `up` does and `city` does not)",
    )
    history_days: int = Field(28, ge=0, le=366, description="Days of simulated history at the first start")
    seed: int = Field(1, ge=0, description="Seed of the simulated neighbourhood")
    speed: float = Field(1.0, gt=0, le=3600, description="How many times faster than the wall the place's clock runs")
    start: str | None = Field(
        None, description="Local date and time at which the place's clock starts (by default: now)"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then variables, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: Any) -> Settings:
    """Return the settings; flags that are None were not given.

    Raises
    ------
    SettingsError
        With every fault.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as err:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in err.errors(include_url=False)
        ]
        raise SettingsError("the settings are not right", faults) from err
    except (OSError, ValueError) as err:
        raise SettingsError("the settings cannot be read", [f"{FILE}: {err}"]) from err
