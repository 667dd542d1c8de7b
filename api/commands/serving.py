"""`creditgraph serve`: the HTTP service until it is told to stop."""

import os
import tempfile
from pathlib import Path

import uvicorn

from api.exits import OK
from api.output import Output
from api.service.config import Service
from api.service.running import start
from graph.texts import phrase

__all__ = ["serve"]

_STOP_SECONDS = 30
_START_SECONDS = 120  # a process that is not up by then, or does not answer, is replaced


def serve(service: Service, out: Output) -> int:
    """Serve until a signal; what is accepted by then is answered first.

    Raises:
        StoreError, UsageError: The service could not start; told before any process is made.
    """
    start(service).close()
    os.environ.update(service.as_environment())  # for the worker processes, which read it
    out.say(phrase("serving", service.settings.lang, host=service.host, port=service.port))
    with tempfile.TemporaryDirectory(prefix="creditgraph-") as counts:
        if service.workers > 1:
            # Where the processes keep their counts, for /metrics to add up.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(Path(counts))
        uvicorn.run(
            "api.app:from_environment",
            factory=True,
            host=service.host,
            port=service.port,
            workers=service.workers,
            access_log=False,  # uvicorn's would hold addresses
            log_config=_LOGS,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
            timeout_worker_healthcheck=_START_SECONDS,
        )
    return OK


_LOGS = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "api.service.logs.PlainFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
