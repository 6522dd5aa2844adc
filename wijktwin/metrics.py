"""Prometheus metrics of ingest, on a loopback port of their own.

Only what does not depend on what was seen is counted: an exact number of messages, or of
batches, would be an exact number of arrivals. Heartbeats come at fixed times.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sensors.ingest import Statistics
from twin.errors import WijktwinError


class IngestCollector(Collector):
    """Ingest's totals; no figure is kept for a single device."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics

    def collect(self) -> Iterable[Metric]:
        """Return the metrics as they are now."""
        now = self._statistics
        yield CounterMetricFamily("wijktwin_heartbeats", "Heartbeats stored", value=now.heartbeats)
        yield CounterMetricFamily(
            "wijktwin_store_failures", "Batches that failed", value=now.failures
        )
        yield GaugeMetricFamily(
            "wijktwin_broker_connected", "Whether the broker is reached", value=now.is_connected
        )
        rejected = CounterMetricFamily("wijktwin_rejected", "Refused, by reason", labels=["reason"])
        for reason, count in sorted(now.rejected.items()):
            rejected.add_metric([reason], count)
        yield rejected


@contextmanager
def serve_metrics(port: int, statistics: Statistics) -> Generator[None]:
    """Serve ``/metrics`` on the loopback address for as long as the context lasts."""
    registry = CollectorRegistry()
    registry.register(IngestCollector(statistics))
    try:
        server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)
    except OSError as err:
        raise WijktwinError(
            f"port {port} for the metrics is in use: choose another with --metrics-port, or 0 for none"
        ) from err
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
