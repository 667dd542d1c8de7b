"""The HTTP service: `create_app` wires settings, stores and routes into one application."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from api.routes import (
    auditing,
    authorising,
    between,
    checking,
    findings,
    health,
    law,
    listings,
    reconcile,
    records,
    reviews,
    subjects,
)
from api.service.config import Service, read_service
from api.service.frame import Frame
from api.service.logs import configure_logs, fault_of, log
from api.service.metrics import FAULTS
from api.service.problems import problem
from api.service.running import start
from api.service.spoken import spoken_in
from api.settings import read_settings
from graph.errors import UsageError

__all__ = ["create_app", "from_environment"]

_SWITCH_SECONDS = 0.0005
"""A push computes for a tenth of a second; whoever answers others meanwhile soon gets its turn."""
_ROUTERS = (
    checking.router,
    subjects.router,
    findings.router,
    between.router,
    law.router,
    records.router,
    listings.router,
    reviews.router,
    authorising.router,
    reconcile.router,
    auditing.router,
    health.open_router,
    health.metrics_router,
)


def create_app(service: Service, clock: Callable[[], datetime] | None = None) -> FastAPI:
    """Return the application; files are opened when it starts and closed when it ends.

    Args:
        clock: What tells the time, in UTC; None is the machine's clock.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.running = start(service, clock)
        try:
            yield
        finally:
            app.state.running.close()

    app = FastAPIOffline(
        title="creditgraph",
        version=version("creditgraph"),
        summary="A subject's own and linked risks, with proofs 主体自身与关联风险及依据",
        docs_url="/docs",
        redoc_url=None,
        lifespan=lifespan,
    )
    for router in _ROUTERS:
        app.include_router(router)
    app.add_middleware(Frame)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _fault)
    return app


def from_environment() -> FastAPI:
    """Return the application of the environment's settings, as a worker process makes it."""
    configure_logs()
    sys.setswitchinterval(_SWITCH_SECONDS)
    return create_app(read_service(read_settings({}, os.environ), os.environ))


async def _refused(request: Request, error: Any) -> Response:
    codes = {404: "E930", 405: "E931"}
    code = codes.get(error.status_code, "E907")
    return problem(UsageError(code), spoken_in(request), error.headers)


async def _fault(request: Request, error: Exception) -> Response:
    FAULTS.inc()
    log.error("fault", request=request.state.request_id, **fault_of(error))
    headers = {"X-Request-Id": request.state.request_id}
    return problem(UsageError("E933"), spoken_in(request), headers)
