"""Options that several commands share; each sets the setting of its name."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder in which everything lives [WIJKTWIN_DATA]")
]
PlaceName = Annotated[str | None, typer.Option("--place", help="Name of the place [WIJKTWIN_PLACE]")]
Host = Annotated[str | None, typer.Option(help="Address on which the pages are served [WIJKTWIN_HOST]")]
Port = Annotated[int | None, typer.Option(help="Port of the pages [WIJKTWIN_PORT]")]
MqttHost = Annotated[str | None, typer.Option(help="Address of the broker [WIJKTWIN_MQTT_HOST]")]
MqttPort = Annotated[int | None, typer.Option(help="Port of the broker [WIJKTWIN_MQTT_PORT]")]
Broker = Annotated[
    str | None,
    typer.Option(help="'embedded' or 'external' [WIJKTWIN_BROKER]"),
]
Simulated = Annotated[
    bool | None,
    typer.Option("--simulated/--no-simulated", help="Run simulated devices [WIJKTWIN_SIMULATED]"),
]
HistoryDays = Annotated[
    int | None,
    typer.Option(help="Days of simulated history at the first start [WIJKTWIN_HISTORY_DAYS]"),
]
Speed = Annotated[
    float | None,
    typer.Option(help="How many times faster than the wall the place's clock runs [WIJKTWIN_SPEED]"),
]
Start = Annotated[
    str | None,
    typer.Option(help="Local time at which the place's clock starts [WIJKTWIN_START]"),
]
MetricsPort = Annotated[
    int | None,
    typer.Option(help="Loopback port of the metrics, 0 for none [WIJKTWIN_METRICS_PORT]"),
]
