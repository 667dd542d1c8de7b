"""Counts and times of requests, for Prometheus; by route, never by whom or about whom."""

import os
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

__all__ = ["FAULTS", "REQUESTS", "SECONDS", "exposition"]

_BOUNDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
REQUESTS: Final = Counter(
    "creditgraph_requests", "Requests answered", ("method", "route", "status")
)
SECONDS: Final = Histogram(
    "creditgraph_request_seconds", "Time to an answer", ("route",), buckets=_BOUNDS
)
FAULTS: Final = Counter("creditgraph_faults", "Requests that ended in a fault of the program")


def exposition() -> bytes:
    """Return all metrics in Prometheus' text format, of every process of the service."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
